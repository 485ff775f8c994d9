import type { CheckPages } from '../api/page.ts';
import { gie, GKE_MIGRATION, GKE_POLICIES } from '../api/sources.ts';

const group = 'Policies';

export const POLICY_PAGES = {
  'health-check-policy': {
    group,
    title: 'On GKE a HealthCheckPolicy targets the pool',
    means:
      'A HealthCheckPolicy (networking.gke.io/v1) names this pool as its target. The check is there only when there is none.',
    known: 'HealthCheckPolicies are listed where the cluster may be on GKE.',
    matters:
      "GKE's default health check is GET /, which model servers do not answer with 200: all of them are taken for unhealthy, and every request gets 503.",
    cure: [
      'Make it before any traffic; the chart does with provider gke:',
      '$ kubectl infpool convert POOL -n NAMESPACE --provider gke --apply',
    ],
    sources: [GKE_POLICIES, gie('v1.0.0', 'config/charts/inferencepool/templates/gke.yaml'), GKE_MIGRATION],
  },
  'policy-attached': {
    group,
    title: 'GKE has attached the policy',
    means:
      'The condition Attached is True. It is skipped while there is no such condition: GKE attaches a policy once its pool is behind a Gateway.',
    known: 'status.conditions of HealthCheckPolicies and GCPBackendPolicies of the pool.',
    matters: 'A policy that is not attached holds for nothing: health checks and timeouts are the defaults.',
    cure: [
      'Its reason and message say why. Two policies of a kind for one target are in conflict, and the older one wins.',
      '$ kubectl describe -n NAMESPACE healthcheckpolicies.networking.gke.io/NAME',
    ],
    sources: [GKE_POLICIES],
  },
} satisfies CheckPages;
