import type { FindingPages } from '../api/page.ts';
import { KUSTOMIZE_PATCHES } from '../api/sources.ts';

export const REWRITE_FILES_PAGES = {
  'defined-twice-in-folder': {
    title: 'One folder holds two manifests of an object that differ',
    severity: ['error'],
    means:
      'Two files of one folder define the same alpha pool or model with different content. One of them may be a patch, and a patch cannot be told from an object.',
    known: 'Objects of a folder are compared by group, kind, namespace and name.',
    matters:
      'Converting both would write the same v1 object twice. So neither is changed, and both still say v1alpha2.',
    cure: [
      'Take one of them out of the folder, or change the two by hand. What the object becomes:',
      '$ kubectl infpool convert -f FILE',
    ],
    sources: [KUSTOMIZE_PATCHES],
  },
} satisfies FindingPages;
