import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { poolTarget, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';
import type { OriginalRule } from './original.ts';
import type { PoolPair } from './pair.ts';
import { touchesPair } from './rule.ts';

/**
 * The pairs that matter to a rule. Where one of a pair's pools is gone (a v1 pool uninstalled, an alpha pool cleaned up)
 * nobody knows the pair any more; then the rule itself tells, by the one alpha pool that it had and the one v1 pool that
 * it has got since.
 */
export function pairsOfRule(
  rule: RouteRule,
  before: OriginalRule | undefined,
  pairs: readonly PoolPair[],
  routeNamespace: string,
): PoolPair[] {
  const [current, remembered] = [rule.backendRefs ?? [], before?.backendRefs ?? []];
  const known = pairs.filter(
    (pair) =>
      touchesPair(current, rule.filters, pair, routeNamespace) ||
      touchesPair(remembered, before?.filters, pair, routeNamespace),
  );
  const { alphas, v1s } = openPools(current, remembered, known, routeNamespace);
  const [alpha, ...otherAlphas] = alphas;
  const [v1, ...otherV1s] = v1s;
  if (!alpha || !v1 || otherAlphas.length > 0 || otherV1s.length > 0) return known;
  return alpha.namespace === v1.namespace ? [...known, { alpha, v1 }] : known;
}

/** True where a rule has v1 pools that it did not have, and nothing tells which of its alpha pools they stand for. */
export function isUnexplained(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  pairs: readonly PoolPair[],
  routeNamespace: string,
): boolean {
  const { alphas, v1s } = openPools(current, remembered, pairs, routeNamespace);
  return alphas.length > 0 && v1s.length > 0;
}

// Alpha pools that the rule had and v1 pools that it has got since, as far as no pair holds them.
function openPools(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  pairs: readonly PoolPair[],
  routeNamespace: string,
): { alphas: Ref[]; v1s: Ref[] } {
  const had = poolsIn(remembered, routeNamespace);
  const isOpen = (pool: Ref) => !pairs.some(({ alpha, v1 }) => sameRef(alpha, pool) || sameRef(v1, pool));
  return {
    alphas: had.filter((pool) => pool.group === ALPHA_GROUP && isOpen(pool)),
    v1s: poolsIn(current, routeNamespace).filter(
      (pool) => pool.group === V1_GROUP && isOpen(pool) && !had.some((other) => sameRef(other, pool)),
    ),
  };
}

function poolsIn(refs: readonly BackendRef[], routeNamespace: string): Ref[] {
  return refs.flatMap((backend) => poolTarget(backend, routeNamespace) ?? []);
}
