import type { FindingPages } from '../api/page.ts';
import { GKE_MIGRATION, KUSTOMIZE_PATCHES } from '../api/sources.ts';

export const FILE_PAGES = {
  'defined-twice': {
    title: 'The files define one object several times, not always the same',
    severity: ['warning'],
    means:
      'Base and overlays, or copies for several clusters, hold objects of the same name with different content.',
    known: 'Objects are compared by group, kind, namespace and name.',
    matters: 'Only the first one is shown and converted here. Which one a cluster gets is not for us to say.',
    cure: [
      'Give the folder of one cluster, or what kustomize makes of it:',
      '$ kubectl kustomize FOLDER | kubectl infpool convert -f -',
      'To change all of the files in place, each for itself:',
      '$ kubectl infpool convert -f FOLDER -R --in-place --dry-run=client -o diff',
    ],
    sources: [KUSTOMIZE_PATCHES],
  },
  'route-in-file': {
    title: 'A route of the files points at an alpha pool and is not printed',
    severity: ['warning'],
    means:
      '"convert -f" prints v1 objects that can be applied beside the alpha ones. A route is not among them: applied, it would move traffic at once.',
    known: 'The routes of the files are read.',
    matters:
      'The route in Git still names the alpha pool. If you forget it, the next sync moves the traffic back.',
    cure: [
      'To have the files rewritten, routes too:',
      '$ kubectl infpool convert -f FOLDER -R --in-place --dry-run=client -o diff',
      '$ kubectl infpool convert -f FOLDER -R --output-dir OUT',
    ],
    sources: [GKE_MIGRATION],
  },
} satisfies FindingPages;
