import type { CheckPages } from '../api/page.ts';
import { RBAC } from '../api/sources.ts';

export const GATE_PAGES = {
  'cluster-readable': {
    group: 'Cluster',
    title: 'The cluster could be read while traffic moved',
    means:
      'At a gate of migrate something that it goes by could not be read. The check is there only then, and is unknown.',
    known: 'The answer of the API server, or that there was none; it is in the evidence.',
    matters:
      'The gate does not open on what it cannot see. It looks again for a minute after its interval, and then migrate stops where it is: traffic stays as it was.',
    cure: [
      'See whether the API server answers, and what you may read:',
      '$ kubectl get --raw /readyz',
      'Then run it again; it goes on from where the cluster is:',
      '$ kubectl infpool migrate -n NAMESPACE',
    ],
    sources: [RBAC],
  },
} satisfies CheckPages;
