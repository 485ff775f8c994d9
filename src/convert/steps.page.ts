import type { FindingPages } from '../api/page.ts';
import { gie } from '../api/sources.ts';

const OBJECTIVE_TYPES = gie('v1.0.0', 'apix/v1alpha2/inferenceobjective_types.go');

export const STEP_PAGES = {
  'objective-differs': {
    title: 'An objective or a rewrite of this name exists, with different content',
    severity: ['warning'],
    means:
      'The InferenceObjective (or InferenceModelRewrite) that the conversion would make exists already for the same pool, with another spec.',
    known: 'The object is read and compared with what the conversion makes.',
    matters:
      'Someone decided on it, so it is kept as it is: the priority, or the targets, are those of the object and not those of the InferenceModel.',
    cure: [
      'Compare the two:',
      '$ kubectl get -n NAMESPACE inferenceobjectives.inference.networking.x-k8s.io/NAME -o yaml',
      '$ kubectl infpool convert POOL -n NAMESPACE -o yaml',
      'To have ours, delete the one that is there and run "convert --apply" again.',
    ],
    sources: [OBJECTIVE_TYPES],
  },
  'objective-name-taken': {
    title: 'An objective or a rewrite of this name belongs to another pool',
    severity: ['error'],
    means:
      'Objectives get the name of their InferenceModel, since requests ask for them by it. One of this name exists in the namespace and names another pool.',
    known: 'The object is read, and its spec.poolRef.name is not the v1 pool of this conversion.',
    matters:
      'Two pools cannot share one name: writing ours would take the objective away from the other pool. Nothing is applied.',
    cure: [
      'See whose it is:',
      '$ kubectl get -n NAMESPACE inferenceobjectives.inference.networking.x-k8s.io/NAME -o yaml',
      'If it is a leftover of an earlier try, delete it and run it again:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
      'Else give the InferenceModel another name first; its clients then have to send that name in the header.',
    ],
    past: 'Nothing goes past it.',
    sources: [OBJECTIVE_TYPES],
  },
} satisfies FindingPages;
