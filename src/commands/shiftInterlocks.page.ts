import type { FindingPages } from '../api/page.ts';
import { GKE_MIGRATION } from '../api/sources.ts';

export const SHIFT_PAGES = {
  'no-counterpart': {
    title: 'No v1 pool takes over from this alpha pool',
    severity: ['error'],
    means: 'There is no v1 pool that is known to be its successor.',
    known:
      'In this order: what --pair says; the annotation kubectl-infpool/migrated-from; a rule of a route that names the two side by side; the usual name with the same selector; the one pair of the namespace with the same selector.',
    matters:
      'There is nowhere to send its traffic; and after cleanup its requests would have no pool at all.',
    cure: [
      'Make one:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
      'If there is one that you made by hand, say so:',
      '$ kubectl infpool split 10 -n NAMESPACE --pair OLD=NEW',
      'If the alpha pool is simply not needed any more:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --force',
    ],
    past: 'split: nothing. cleanup: --force.',
    sources: [GKE_MIGRATION],
  },
} satisfies FindingPages;
