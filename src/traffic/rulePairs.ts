import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { poolTarget, type BackendRef } from '../inventory/backendRefs.ts';
import { canonicalJson } from './original.ts';
import { namesPair, type PoolPair } from './rule.ts';

/**
 * The pairs that matter to a rule. Where one of a pair's pools is gone (a v1 pool uninstalled, an alpha pool cleaned up)
 * nobody knows the pair any more, and the way back would be lost with it: then the refs themselves tell, because a split
 * puts the v1 pool right behind the alpha one, or in its place.
 */
export function pairsOfRule(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  pairs: readonly PoolPair[],
  routeNamespace: string,
): PoolPair[] {
  const known = pairs.filter((pair) => namesPair([...current, ...remembered], pair, routeNamespace));
  const told = [...known, ...pairsByPlace(current, remembered, known, routeNamespace)];
  const { alphas, v1s } = openPools(current, remembered, told, routeNamespace);
  const [alpha, ...otherAlphas] = alphas;
  const [v1, ...otherV1s] = v1s;
  if (!alpha || !v1 || otherAlphas.length > 0 || otherV1s.length > 0) return told;
  return alpha.namespace === v1.namespace ? [...told, { alpha, v1 }] : told;
}

function pairsByPlace(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  known: readonly PoolPair[],
  routeNamespace: string,
): PoolPair[] {
  const { v1s } = openPools(current, remembered, known, routeNamespace);
  const told: PoolPair[] = [];
  let at = 0;
  for (const before of remembered) {
    if (sameBackend(current[at], before)) at++;
    const alpha = poolTarget(before, routeNamespace);
    const next = current[at] && poolTarget(current[at]!, routeNamespace);
    if (alpha?.group !== ALPHA_GROUP || next?.group !== V1_GROUP || alpha.namespace !== next.namespace)
      continue;
    const isOpen = includes(v1s, next);
    if (isOpen && !known.some((pair) => sameRef(pair.alpha, alpha))) told.push({ alpha, v1: next });
    if (isOpen || known.some((pair) => sameRef(pair.v1, next) && sameRef(pair.alpha, alpha))) at++;
  }
  return told;
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
      (pool) => pool.group === V1_GROUP && isOpen(pool) && !includes(had, pool),
    ),
  };
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

function poolsIn(refs: readonly BackendRef[], routeNamespace: string): Ref[] {
  return refs.flatMap((backend) => poolTarget(backend, routeNamespace) ?? []);
}

function includes(pools: readonly Ref[], wanted: Ref): boolean {
  return pools.some((pool) => sameRef(pool, wanted));
}

// The same backend, whatever its weight.
function sameBackend(a: BackendRef | undefined, b: BackendRef): boolean {
  return a !== undefined && canonicalJson({ ...a, weight: 0 }) === canonicalJson({ ...b, weight: 0 });
}
