import type { FindingPages } from '../api/page.ts';
import { CUSTOM_RESOURCES, GKE_MIGRATION, HELM_UNINSTALL, HTTP_ROUTE } from '../api/sources.ts';

export const INTERLOCK_PAGES = {
  'still-referenced': {
    title: 'Something still sends requests to the alpha pool',
    severity: ['error'],
    means:
      'A route (HTTPRoute, GRPCRoute or AIGatewayRoute) names the pool that cleanup would delete, even at weight 0.',
    known: 'The routes of all namespaces are read.',
    matters:
      'Deleting the pool would drop the requests of that rule. With weight 0 some controllers reject the rule for a missing backend.',
    cure: [
      'Move the traffic first; at 100 the reference to the alpha pool goes:',
      '$ kubectl infpool split ROUTE 100 -n NAMESPACE',
      'Then clean up:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE',
    ],
    past: '--force, for a route that nobody uses.',
    sources: [GKE_MIGRATION, HTTP_ROUTE],
  },
  'verify-failed': {
    title: 'The v1 side does not pass its checks',
    severity: ['error'],
    means:
      'cleanup takes the way back away, so the v1 pool has to work first. verify says that it does not, or that it cannot tell.',
    known: 'The same checks as in verify, with a real request.',
    matters: 'If v1 is broken, the alpha pool is what you would go back to.',
    cure: [
      'See what is wrong, and the hint of each check:',
      '$ kubectl infpool verify POOL -n NAMESPACE',
      'If v1 answers badly, go back while it is easy:',
      '$ kubectl infpool rollback -n NAMESPACE',
      'If only the request cannot be sent from here:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --no-probe',
    ],
    past: '--force',
    sources: [GKE_MIGRATION],
  },
  'release-holds-more': {
    title: "The Helm release holds more than the pool's own things",
    severity: ['error'],
    means:
      'With --helm-uninstall the whole release goes, and it holds objects that are not of the endpoint picker: model servers, say.',
    known: '"helm get manifest" lists what the release holds.',
    matters: 'They would be deleted, too.',
    cure: [
      'Take the pool out of that chart, and upgrade the release; or delete only what is of the pool:',
      '$ helm get manifest RELEASE -n NAMESPACE',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --ignore-owner --dry-run=client',
    ],
    past: 'Nothing goes past it; --ignore-owner in place of --helm-uninstall deletes the objects one by one.',
    sources: [HELM_UNINSTALL],
  },
  'release-lacks-pool': {
    title: 'The Helm release that the pool names does not hold the pool',
    severity: ['error'],
    means:
      "The pool's annotations (meta.helm.sh/release-name) name a release, and that release's manifest has no such pool: the annotations were copied from another object, or the release was upgraded without it.",
    known: '"helm get manifest" lists what the release holds.',
    matters: 'Uninstalling it would take objects that are not of this pool.',
    cure: [
      'See what the release holds, and delete only what is of the pool:',
      '$ helm get manifest RELEASE -n NAMESPACE',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --ignore-owner --dry-run=client',
    ],
    past: 'Nothing goes past it; --ignore-owner in place of --helm-uninstall deletes the objects one by one.',
    sources: [HELM_UNINSTALL],
  },
  'crd-has-objects': {
    title: 'The CRD still has objects, which would be deleted with it',
    severity: ['error'],
    means: 'Deleting a CRD deletes every object of it, in every namespace of the cluster.',
    known: 'The objects are listed in all namespaces, right before the CRD would go.',
    matters: 'Other teams lose their pools, and their requests fail, in the same second.',
    cure: [
      'See whose they are, and migrate them first:',
      '$ kubectl infpool detect',
      'Or leave the CRDs for now:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE',
    ],
    past: 'Nothing goes past it.',
    sources: [CUSTOM_RESOURCES, GKE_MIGRATION],
  },
} satisfies FindingPages;
