import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Ref } from '../../api/ref.ts';
import {
  AI_GATEWAY_ROUTE,
  BACKEND_SECURITY_POLICY,
  CLUSTER_POD_MONITORING,
  CLUSTER_ROLE,
  groupOf,
  GRPC_ROUTE,
  HPA,
  POD_MONITOR,
  POD_MONITORING,
  PROMETHEUS_RULE,
  ROLE,
  SCALED_OBJECT,
  SERVICE_MONITOR,
  type Resource,
} from '../../api/resource.ts';
import type { PoolReference } from '../references.ts';
import type { Advice } from './advice.ts';
import { hpaAdvice, scaledObjectAdvice } from './autoscalers.ts';
import { aiGatewayRouteAdvice, grpcRouteAdvice, securityPolicyAdvice } from './backends.ts';
import { monitorAdvice } from './monitors.ts';
import { Pools } from './pools.ts';
import { roleAdvice } from './rbac.ts';
import { prometheusRuleAdvice } from './rules.ts';

const KINDS: readonly [readonly Resource[], (objects: readonly KubeObject[], pools: Pools) => Advice][] = [
  [[AI_GATEWAY_ROUTE], aiGatewayRouteAdvice],
  [[GRPC_ROUTE], grpcRouteAdvice],
  [[BACKEND_SECURITY_POLICY], securityPolicyAdvice],
  [[SERVICE_MONITOR, POD_MONITOR, POD_MONITORING, CLUSTER_POD_MONITORING], monitorAdvice],
  [[PROMETHEUS_RULE], prometheusRuleAdvice],
  [[HPA], hpaAdvice],
  [[SCALED_OBJECT], scaledObjectAdvice],
  [[ROLE, CLUSTER_ROLE], roleAdvice],
];

/**
 * What points at an alpha pool, or depends on it, and can be changed by its owner only: monitoring, autoscaling,
 * permissions, routes of other APIs. Each with what to do, and the command once the v1 pool's name is known. `objects` is
 * everything that was read: kinds that are none of these are passed over, and Services, Deployments and v1 pools make the
 * answers exact. Without a pool that is to go there is nothing to say. References of AIGatewayRoutes and GRPCRoutes are
 * not repeated: `referencesOf` has them.
 */
export function advisoryReferences(
  objects: readonly KubeObject[],
  pools: readonly { readonly alpha: KubeObject; readonly v1: Ref | null }[],
): { references: PoolReference[]; findings: Finding[] } {
  if (pools.length === 0) return { references: [], findings: [] };
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`);
  const known = new Pools(objects, pools);
  const advice = KINDS.map(([resources, of]) => {
    const found = resources.flatMap(({ group, kind }) => byKind.get(`${group}/${kind}`) ?? []);
    return of(found, known);
  });
  return {
    references: advice.flatMap(({ references }) => references),
    findings: advice.flatMap(({ findings }) => findings),
  };
}
