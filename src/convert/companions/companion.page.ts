import type { FindingPages } from '../../api/page.ts';
import { GKE_POLICIES, gie } from '../../api/sources.ts';

export const COMPANION_PAGES = {
  'companion-differs': {
    title: 'A policy or rule for the v1 pool is there, and says something else',
    severity: ['warning'],
    means:
      'Beside the alpha pool stands a HealthCheckPolicy, GCPBackendPolicy, GCPTrafficDistributionPolicy or DestinationRule. One for the v1 pool exists already, with other content than the conversion would give it.',
    known:
      'What the conversion makes is compared with what is there; what the chart makes by itself is known.',
    matters:
      'It is kept. Timeouts, health checks, TLS or traffic distribution may differ between the v1 pool and the alpha one; on GKE a wrong health check takes all servers out.',
    cure: [
      'Compare the two; the finding prints the command for yours. As in:',
      '$ kubectl get -n NAMESPACE healthcheckpolicies.networking.gke.io -o yaml',
      'If the difference is not meant, change the one of the v1 pool by hand, then look:',
      '$ kubectl infpool verify POOL -n NAMESPACE',
    ],
    sources: [GKE_POLICIES, gie('v1.0.0', 'config/charts/inferencepool/templates/gke.yaml')],
  },
} satisfies FindingPages;
