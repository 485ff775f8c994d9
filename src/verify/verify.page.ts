import type { CheckPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

export const VERIFY_PAGES = {
  'objectives-present': {
    group: 'InferenceObjectives',
    title: 'Every InferenceModel has its InferenceObjective',
    means:
      'For each InferenceModel of the alpha pool there is an objective of the same name that names the v1 pool.',
    known: 'Objectives are listed; their poolRef is compared by name and group.',
    matters:
      'Requests are served without it, but with priority 0: critical ones wait, and sheddable ones are not shed.',
    cure: ['Create them:', '$ kubectl infpool convert POOL -n NAMESPACE --apply'],
    sources: [gie('v1.0.0', 'apix/v1alpha2/inferenceobjective_types.go')],
  },
} satisfies CheckPages;
