import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

export const PICKER_PAGES = {
  'picker-missing': {
    title: 'The v1 pool is there, and its endpoint picker is not',
    severity: ['error'],
    means:
      'The v1 pool names a Service as its endpoint picker that does not exist, and it is not the one that the chart would make: so we cannot bring it.',
    known: 'The Service was asked for by name, and the API server answered 404.',
    matters: 'Nothing can serve the pool: every request to it would fail.',
    cure: [
      'See which Services there are:',
      '$ kubectl get services -n NAMESPACE',
      'Install the endpoint picker, or let the pool name one that is there:',
      '$ kubectl edit -n NAMESPACE inferencepools.inference.networking.k8s.io/NAME',
      'Then go on:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
    ],
    past: 'Nothing goes past it.',
    sources: [gie('v1.0.0', 'docs/proposals/004-endpoint-picker-protocol/README.md')],
  },
} satisfies FindingPages;
