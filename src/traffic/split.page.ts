import type { FindingPages } from '../api/page.ts';
import { HTTP_ROUTE, TRAFFIC_SPLITTING } from '../api/sources.ts';

const SEE = '$ kubectl get -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE -o yaml';

export const SPLIT_PAGES = {
  'weights-not-expressible': {
    title: 'This share cannot be expressed in the weights of the rule',
    severity: ['error'],
    means:
      'A split touches only the references to the pair, and keeps the share of every other backend of the rule. Here no whole weights from 0 to 1000000 do that, or the rule names a pool in a way that leaves open what is meant.',
    known:
      "The weights of the rule's backendRefs are read and computed exactly; the finding says what is in the way.",
    matters:
      'Rounding would move requests of backends that have nothing to do with it. The route is left alone.',
    cure: [
      'See the rule, and make its weights simpler (parts of 100, say):',
      SEE,
      'Or take another share:',
      '$ kubectl infpool split ROUTE 50 -n NAMESPACE --dry-run=client -o diff',
    ],
    past: 'Nothing goes past it.',
    sources: [TRAFFIC_SPLITTING, HTTP_ROUTE],
  },
  'original-refs-unreadable': {
    title: 'The annotation with the original backendRefs cannot be used',
    severity: ['error'],
    means:
      'split keeps what a rule had before in the annotation kubectl-infpool/original-backend-refs of the route. Its content is not what split writes: someone changed it.',
    known: 'The annotation is read and checked before anything is done with it.',
    matters: 'The way back would be a guess: neither split nor rollback writes anything on this route.',
    cure: [
      'See what the annotation says and what the route has:',
      SEE,
      'Put back by hand what should be there. Remove the annotation only if the route is as you want it to be for good:',
      '$ kubectl annotate -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE kubectl-infpool/original-backend-refs-',
    ],
    past: 'Nothing goes past it.',
    sources: [HTTP_ROUTE],
  },
  'original-rule-gone': {
    title: 'A rule that was split is no longer in the route',
    severity: ['warning'],
    means:
      'The annotation remembers a rule that nobody can find in the route any more: it was taken out or rewritten.',
    known:
      'A rule is looked for by its matches and filters, by the references that split made, and by the alpha pool that it still names; not only by its place.',
    matters: 'Its original backendRefs have no place to go back to. The other rules go back as they should.',
    cure: ['See whether the route is as it should be:', SEE, '$ kubectl infpool status -n NAMESPACE'],
    sources: [HTTP_ROUTE],
  },
  'original-pair-unknown': {
    title: 'Nothing tells which v1 pool took over from which alpha pool',
    severity: ['error'],
    means:
      'The rule was split, changed by someone since, and one pool of the pair is gone. So it is not known which of its references came from the split.',
    known: 'The rule, the annotation and the pools that are there are compared.',
    matters: 'Putting back the wrong pool would send requests to other servers. The rule is left alone.',
    cure: [
      'The annotation kubectl-infpool/original-backend-refs says what was there; put it back by hand:',
      SEE,
      '$ kubectl edit -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE',
      'If the alpha pool was cleaned up, put it back first:',
      '$ kubectl infpool restore -f BACKUP',
    ],
    past: 'Nothing goes past it.',
    sources: [HTTP_ROUTE],
  },
  'route-changed-since-split': {
    title: 'Someone changed the rule after it was split',
    severity: ['warning'],
    means:
      'The backendRefs of the rule are not as split left them: someone added, took out or weighed backends anew.',
    known: 'The rule is compared with what split would have made of the original.',
    matters:
      "The original refs are not put back as they were: that would undo that change. The alpha pool gets all of the pair's traffic back, and the rest stays.",
    cure: [
      'See whether the result is what you want:',
      '$ kubectl infpool rollback ROUTE -n NAMESPACE --dry-run=client -o diff',
    ],
    sources: [TRAFFIC_SPLITTING],
  },
} satisfies FindingPages;
