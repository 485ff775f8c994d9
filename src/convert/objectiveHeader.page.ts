import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const CONSTS = gie('v1.0.0', 'pkg/epp/metadata/consts.go');
const HEADERS = {
  title: 'Gateway API: HTTP header modifiers',
  url: 'https://gateway-api.sigs.k8s.io/guides/http-header-modifier/',
};

export const OBJECTIVE_HEADER_PAGES = {
  'objective-header-several-models': {
    title: 'One rule carries several models, so it can set no header for them',
    severity: ['warning'],
    means:
      'With --objective-header a rule of the route is to set x-gateway-inference-objective. This rule leads to a pool with several InferenceModels, and a header filter sets one value for all requests of the rule.',
    known: 'The InferenceModels of the pools that the rule leads to are counted.',
    matters: 'The rule is left as it is. Its requests have priority 0 unless clients send the header.',
    cure: [
      'Let clients send the header x-gateway-inference-objective: NAME.',
      'Or give each model a rule of its own (by path or by header), then run it again:',
      '$ kubectl infpool convert POOL -n NAMESPACE --objective-header --dry-run=client -o diff',
    ],
    sources: [CONSTS, HEADERS],
  },
  'objective-header-taken': {
    title: 'The rule sets this header to another value already',
    severity: ['warning'],
    means:
      'With --objective-header a rule of the route is to set a header, and a RequestHeaderModifier of it sets that header to something else.',
    known: "The rule's filters are read.",
    matters:
      "What is there is somebody else's decision and stays. Requests of this rule get the objective (or the model name) that it says, not the one that the conversion would give them.",
    cure: [
      'See what it sets:',
      '$ kubectl get -n NAMESPACE httproutes.gateway.networking.k8s.io/ROUTE -o yaml',
      'If it is a leftover, take it out and run it again:',
      '$ kubectl infpool convert POOL -n NAMESPACE --objective-header --dry-run=client -o diff',
    ],
    sources: [CONSTS, HEADERS],
  },
} satisfies FindingPages;
