import {
  AI_GATEWAY_ROUTE,
  ALPHA_POOL,
  BACKEND_SECURITY_POLICY,
  CANARY,
  CLUSTER_POD_MONITORING,
  CLUSTER_ROLE,
  CRD,
  DEPLOYMENT,
  DESTINATION_RULE,
  ENDPOINT_SLICE,
  GATEWAY,
  GATEWAY_CLASS,
  GRPC_ROUTE,
  HPA,
  HTTP_ROUTE,
  MODEL,
  OBJECTIVE,
  POD,
  POD_MONITOR,
  POD_MONITORING,
  POLICIES,
  POOL_IMPORT,
  PROMETHEUS_RULE,
  REFERENCE_GRANT,
  REWRITE,
  ROLE,
  ROLLOUT,
  SCALED_OBJECT,
  SERVICE,
  SERVICE_MONITOR,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import { INFERENCE_CRDS, INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { may, type Necessity, type Permission } from './permission.ts';

// In the order in which they are read about; which kinds are read is said where they are read.
const REASONS: readonly (readonly [why: string, kinds: readonly Resource[]])[] = [
  ['the alpha pools, and the models that name them', [ALPHA_POOL, MODEL]],
  ['what has been made of them', [V1_POOL, OBJECTIVE, REWRITE]],
  ['pools that were imported from other clusters', [POOL_IMPORT]],
  ['routes that send requests to the pools', [HTTP_ROUTE, GRPC_ROUTE, AI_GATEWAY_ROUTE]],
  ['which controller serves the routes, and which group it can serve', [GATEWAY, GATEWAY_CLASS]],
  ['which namespaces may name the pools', [REFERENCE_GRANT]],
  ['policies on the pools', POLICIES],
  ['rules for the endpoint pickers', [DESTINATION_RULE]],
  ['whether a rollout writes the weights of a route by itself', [ROLLOUT, CANARY]],
  ['endpoint pickers, and whether they are ready', [SERVICE, DEPLOYMENT, ENDPOINT_SLICE]],
  ['the pods of model servers and of endpoint pickers', [POD]],
  ['credentials that are attached to the pools', [BACKEND_SECURITY_POLICY]],
  [
    'monitoring that goes by the names of the pools',
    [SERVICE_MONITOR, POD_MONITOR, POD_MONITORING, CLUSTER_POD_MONITORING, PROMETHEUS_RULE],
  ],
  ['autoscalers that go by metrics of the pools', [HPA, SCALED_OBJECT]],
  ['roles that name the alpha kinds only', [ROLE, CLUSTER_ROLE]],
];

/** `list` of these kinds, each with what for; `optional` are those without which the command goes on. */
export function lists(kinds: readonly Resource[], optional: readonly Resource[] = []): Permission[] {
  const rest = new Set(kinds);
  const found = REASONS.flatMap(([why, group]) => {
    const mine = group.filter((kind) => rest.delete(kind));
    const by = (need: Necessity) =>
      may(
        ['list'],
        mine.filter((kind) => optional.includes(kind) === (need === 'optional')),
        why,
        { need },
      );
    return [...by('needed'), ...by('optional')];
  });
  const [unexplained] = rest;
  if (unexplained) throw new Error(`no reason is given for reading ${unexplained.kind}`);
  return found;
}

/** The names of the CRDs only: nothing of any other CRD is read. */
const CRDS = may(['get'], [CRD], 'which release brought the inference CRDs', { names: INFERENCE_CRDS });

/** What every command looks at first; `optional` may hold the CRDs, too. */
export function inventoryReads(optional: readonly Resource[] = []): Permission[] {
  const crds = CRDS.map((one) => (optional.includes(CRD) ? { ...one, need: 'optional' as const } : one));
  return [...lists(INVENTORY_RESOURCES, optional), ...crds];
}

export const CRD_READS: readonly Permission[] = CRDS;

export function advisoryReads(need: Necessity): Permission[] {
  return lists(ADVISORY_RESOURCES, need === 'optional' ? ADVISORY_RESOURCES : []);
}

export function verifyReads(): Permission[] {
  return lists(VERIFY_RESOURCES);
}
