import type { Reference, Relation } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { ref, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, V1_GROUP, V1_POOL } from '../api/resource.ts';
import { poolTarget, rulesOf, type BackendRef } from './backendRefs.ts';
import { mirrorsOf } from './mirrors.ts';

/** One reference and the pool (of either group) that it points at. A name of '' means every pool of the namespace. */
export interface PoolReference extends Reference {
  readonly pool: Ref;
}

/** Every way in which this object points at InferencePools. */
export function referencesOf(object: KubeObject): PoolReference[] {
  switch (object.kind) {
    case 'HTTPRoute':
      return httpRouteReferences(object);
    case 'GRPCRoute':
      return routeBackendReferences(object, 'grpcBackendRef');
    case 'ReferenceGrant':
      return grantReferences(object);
    case 'HealthCheckPolicy':
    case 'GCPBackendPolicy':
    case 'GCPTrafficDistributionPolicy':
      return policyReferences(object);
    case 'AIGatewayRoute':
      return routeBackendReferences(object, 'otherBackendRef');
    default:
      return [];
  }
}

function httpRouteReferences(route: KubeObject): PoolReference[] {
  const mirrors = rulesOf(route).flatMap((rule, index) =>
    mirrorsOf(rule, route.metadata.namespace ?? '').map(({ path, pool }) => ({
      from: refOf(route),
      path: `spec.rules[${index}].${path}`,
      relation: 'mirror' as const,
      pool,
    })),
  );
  return [...routeBackendReferences(route, 'backendRef'), ...mirrors];
}

function routeBackendReferences(route: KubeObject, relation: Relation): PoolReference[] {
  const found: PoolReference[] = [];
  for (const [index, rule] of rulesOf(route).entries()) {
    for (const [inner, backendRef] of (rule.backendRefs ?? []).entries())
      push(found, route, backendRef, `spec.rules[${index}].backendRefs[${inner}]`, relation);
  }
  return found;
}

function push(
  into: PoolReference[],
  from: KubeObject,
  backendRef: BackendRef,
  path: string,
  relation: Relation,
) {
  const pool = poolTarget(backendRef, from.metadata.namespace ?? '');
  if (pool) into.push({ from: refOf(from), path, relation, pool });
}

interface GrantTo {
  group?: string;
  kind?: string;
  name?: string;
}

function grantReferences(grant: KubeObject): PoolReference[] {
  const to = asList(grant['spec']?.to) as GrantTo[];
  return to.flatMap((entry, index) => {
    const resource = entry.group === ALPHA_GROUP ? ALPHA_POOL : entry.group === V1_GROUP ? V1_POOL : null;
    if (!resource || entry.kind !== 'InferencePool') return [];
    const pool = ref(resource, grant.metadata.namespace ?? '', entry.name ?? '');
    return [{ from: refOf(grant), path: `spec.to[${index}]`, relation: 'grant' as const, pool }];
  });
}

function policyReferences(policy: KubeObject): PoolReference[] {
  const targets: [string, BackendRef][] = [];
  if (policy['spec']?.targetRef) targets.push(['spec.targetRef', policy['spec'].targetRef]);
  for (const [index, target] of asList(policy['spec']?.targetRefs).entries())
    targets.push([`spec.targetRefs[${index}]`, target as BackendRef]);
  const found: PoolReference[] = [];
  for (const [path, target] of targets) push(found, policy, target, path, 'policyTarget');
  return found;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The references by the pool they point at; a grant for every pool of its namespace counts for each pool given. */
export function referencesByPool(
  references: readonly PoolReference[],
  pools: readonly Ref[],
): Map<string, Reference[]> {
  const byPool = new Map<string, Reference[]>(pools.map((pool) => [refKey(pool), []]));
  for (const { pool, ...reference } of references) {
    const keys =
      pool.name === ''
        ? pools.filter((other) => inSameGroupAndNamespace(pool, other)).map(refKey)
        : [refKey(pool)];
    for (const key of keys) {
      const list = byPool.get(key);
      if (list) list.push(reference);
      else byPool.set(key, [reference]);
    }
  }
  return byPool;
}

function inSameGroupAndNamespace(a: Ref, b: Ref): boolean {
  return a.group === b.group && a.namespace === b.namespace;
}
