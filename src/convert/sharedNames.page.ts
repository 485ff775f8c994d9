import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

export const SHARED_NAME_PAGES = {
  'model-name-shared': {
    title: 'Another InferenceModel of the pool has the same modelName and is older',
    severity: ['warning'],
    means: 'Two InferenceModels of one pool claim the same modelName. In v1alpha2 the oldest wins.',
    known: 'The InferenceModels of the pool are compared by modelName and age.',
    matters:
      'This one has no effect today. With v1 it becomes an objective like the other, and gets one: for requests that name it in their header.',
    cure: [
      'If it is left over, delete it (at its source, if Git or Helm made it):',
      '$ kubectl delete -n NAMESPACE inferencemodels.inference.networking.x-k8s.io/NAME',
    ],
    sources: [gie('v0.3.0', 'docs/proposals/002-api-proposal/README.md')],
  },
} satisfies FindingPages;
