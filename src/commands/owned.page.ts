import type { FindingPages } from '../api/page.ts';
import { ARGO_CD, FLUX, HELM_UNINSTALL, RBAC } from '../api/sources.ts';

export const OWNED_PAGES = {
  'route-owned': {
    title: 'Something else writes this route',
    severity: ['error'],
    means:
      'The route belongs to Argo CD, Flux, Helm or a controller (KServe, Argo Rollouts, Flagger, an AIGatewayRoute), which puts its own weights back.',
    known:
      'Labels, annotations, ownerReferences and field managers of the route; Rollouts and Canaries are read for routes that they name.',
    matters:
      'What is changed here lasts for seconds or until the next sync. Traffic that jumps back unseen is worse than traffic that was never moved.',
    cure: [
      'Make the change at its source: the finding shows the patch. The same on the files in Git:',
      '$ kubectl infpool convert -f FOLDER -R --in-place --dry-run=client -o diff',
      'Or stop the owner for the time of the migration, and go past it:',
      '$ kubectl infpool split 10 ROUTE -n NAMESPACE --ignore-owner',
    ],
    past: '--ignore-owner, or --force',
    sources: [ARGO_CD, FLUX],
  },
  owned: {
    title: 'Something else looks after this object',
    severity: ['error'],
    means:
      'The object belongs to Helm, Argo CD, Flux or a controller, which puts back what is changed or deleted by hand, or breaks when it is missing.',
    known: 'Labels, annotations, ownerReferences and field managers of the object.',
    matters:
      'A deleted object comes back; a release whose objects were deleted by hand fails on its next upgrade.',
    cure: [
      'What Helm installed, let Helm take away:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --helm-uninstall',
      'What Git holds, take out there; the finding shows the patch where there is one.',
      'To do it here all the same:',
      '$ kubectl infpool cleanup POOL -n NAMESPACE --ignore-owner',
    ],
    past: '--ignore-owner (cleanup also: --helm-uninstall)',
    sources: [ARGO_CD, FLUX, HELM_UNINSTALL],
  },
  'could-not-read': {
    title: 'Something that matters could not be read',
    severity: ['error'],
    means:
      'The API server refused or failed when it was asked for this kind. "Forbidden" is not "none": it may hold what this command would break.',
    known: 'The answer of the API server is in the finding.',
    matters: 'Nothing is written or deleted on a guess.',
    cure: [
      'See whether you may, with the kind that the finding names:',
      '$ kubectl auth can-i list KIND --all-namespaces',
      'Ask for that right, or let someone who has it run the command.',
    ],
    past: 'Nothing goes past it; where only the owner of a route is not known, --ignore-owner or --force.',
    sources: [RBAC],
  },
} satisfies FindingPages;
