import type { FindingPages } from '../../api/page.ts';
import { gie, RBAC } from '../../api/sources.ts';

export const RBAC_PAGES = {
  'rbac-alpha-only': {
    title: 'A role gives rights on alpha pools, and none on v1 pools',
    severity: ['info'],
    means:
      'A Role or ClusterRole names inferencepools or inferencemodels of inference.networking.x-k8s.io, and no rule of it names inferencepools of inference.networking.k8s.io.',
    known:
      "The rules of roles are read, and who they are bound to is compared with the endpoint pickers' service accounts.",
    matters:
      'A v1 endpoint picker that runs with it sees no pool and finds no endpoints. The chart of v1 makes a role of its own, so mostly this matters for other programs: dashboards, CI, people.',
    cure: [
      'If the role is only for the alpha picker, leave it: it goes with it.',
      'If somebody else is to keep working with v1, add the v1 pools, and objectives and rewrites of the x-k8s.io group (those stay there). The finding prints the patch.',
    ],
    sources: [gie('v1.0.0', 'config/charts/inferencepool/templates/rbac.yaml'), RBAC],
  },
} satisfies FindingPages;
