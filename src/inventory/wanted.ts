import {
  AI_GATEWAY_ROUTE,
  ALPHA_POOL,
  CANARY,
  COMPANIONS,
  GATEWAY,
  GATEWAY_CLASS,
  GRPC_ROUTE,
  HTTP_ROUTE,
  MODEL,
  OBJECTIVE,
  POOL_IMPORT,
  qualifiedName,
  REWRITE,
  ROLLOUT,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';

/** The kinds that {@link buildInventory} needs to have been read. */
export const INVENTORY_RESOURCES: readonly Resource[] = [
  ALPHA_POOL,
  MODEL,
  V1_POOL,
  OBJECTIVE,
  REWRITE,
  HTTP_ROUTE,
  GATEWAY,
  GATEWAY_CLASS,
  GRPC_ROUTE,
  ...COMPANIONS,
  AI_GATEWAY_ROUTE,
  ROLLOUT,
  CANARY,
];

export const ALPHA_CRDS: readonly string[] = [qualifiedName(ALPHA_POOL), qualifiedName(MODEL)];

/** Every CRD of the two inference groups that a release brought. */
export const INFERENCE_CRDS: readonly string[] = [
  ...ALPHA_CRDS,
  ...[V1_POOL, OBJECTIVE, REWRITE, POOL_IMPORT].map(qualifiedName),
];
