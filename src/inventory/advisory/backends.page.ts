import type { FindingPages } from '../../api/page.ts';
import { ENVOY_AI_GATEWAY, gie } from '../../api/sources.ts';

export const BACKEND_PAGES = {
  'reference-other-backend-ref': {
    title: 'An AIGatewayRoute points at an alpha pool',
    severity: ['warning'],
    means: 'A rule of an AIGatewayRoute of Envoy AI Gateway names an alpha InferencePool as its backend.',
    known: 'backendRefs of AIGatewayRoutes are read.',
    matters:
      'Envoy AI Gateway 0.3 serves alpha pools only, 0.4 and later v1 pools only, and one pool per rule: there is no weighted split, so make the change together with that upgrade. It keeps the alpha pool from being cleaned up.',
    cure: [
      'Make the v1 pool beside the alpha one; it does nothing yet:',
      '$ kubectl infpool convert POOL -n NAMESPACE --apply',
      'Upgrade Envoy AI Gateway to 0.4 or later and change group and name of the backendRef at its source in the same step; the finding prints the patch.',
    ],
    sources: [ENVOY_AI_GATEWAY],
  },
  'reference-grpc-backend-ref': {
    title: 'A GRPCRoute points at an alpha pool',
    severity: ['warning'],
    means: 'A rule of a GRPCRoute names an alpha InferencePool as its backend.',
    known: 'backendRefs of GRPCRoutes are read.',
    matters:
      'No controller that we know serves an InferencePool from a GRPCRoute, so it probably never worked; it is left as it is. It keeps the alpha pool from being cleaned up.',
    cure: [
      'If it is not wanted, take it out:',
      '$ kubectl edit -n NAMESPACE grpcroutes.gateway.networking.k8s.io/NAME',
      'If it is, change group and name of the backendRef by hand; the finding prints the patch.',
    ],
    sources: [gie('v1.0.0', 'docs/proposals/004-endpoint-picker-protocol/README.md')],
  },
  'reference-security-policy': {
    title: 'A BackendSecurityPolicy targets an alpha pool',
    severity: ['warning'],
    means: 'A BackendSecurityPolicy of Envoy AI Gateway names an alpha InferencePool among its targetRefs.',
    known: 'targetRefs of BackendSecurityPolicies are read.',
    matters:
      'It takes pools of the v1 group only: for an alpha pool it holds for nothing, and requests to the v1 pool go out without these credentials until it names that.',
    cure: [
      'Before any traffic goes to the v1 pool, let the policy name it; the finding prints the patch.',
      '$ kubectl edit -n NAMESPACE backendsecuritypolicies.aigateway.envoyproxy.io/NAME',
    ],
    sources: [ENVOY_AI_GATEWAY],
  },
} satisfies FindingPages;
