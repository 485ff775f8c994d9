import type { KubeObject } from '../api/object.ts';
import { refKey, sameRef } from '../api/ref.ts';
import { poolTarget, rulesOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';
import { restOf, type OriginalRule } from './original.ts';
import type { PoolPair } from './rule.ts';

/** By the index of a rule as it is now: what it was. Rules that nobody can recognise any more are left out. */
export function matchOriginals(
  route: KubeObject,
  originals: readonly OriginalRule[],
  pairs: readonly PoolPair[],
): Map<number, OriginalRule> {
  const rules = rulesOf(route);
  const namespace = route.metadata.namespace ?? '';
  const matched = new Map<number, OriginalRule>();
  const open = new Set(originals);
  const takeFirst = (looksLike: (rule: RouteRule, index: number, original: OriginalRule) => boolean) => {
    for (const original of [...open]) {
      const index = rules.findIndex((rule, at) => !matched.has(at) && looksLike(rule, at, original));
      if (index < 0) continue;
      matched.set(index, original);
      open.delete(original);
    }
  };
  // In place and otherwise unchanged first; then moved; then changed, as long as it is about the same pools.
  takeFirst((rule, index, original) => index === original.index && restOf(rule) === original.rest);
  takeFirst((rule, _index, original) => restOf(rule) === original.rest);
  const samePools = (rule: RouteRule, original: OriginalRule) =>
    sharePools(rule.backendRefs ?? [], original.backendRefs, pairs, namespace);
  takeFirst((rule, index, original) => index === original.index && samePools(rule, original));
  takeFirst((rule, _index, original) => samePools(rule, original));
  return matched;
}

// True where both name one pool, or the two of one pair.
function sharePools(
  a: readonly BackendRef[],
  b: readonly BackendRef[],
  pairs: readonly PoolPair[],
  namespace: string,
): boolean {
  const keys = (refs: readonly BackendRef[]) =>
    refs.flatMap((backend) => {
      const pool = poolTarget(backend, namespace);
      const pair = pool && pairs.find(({ v1 }) => sameRef(v1, pool));
      return pool ? [refKey(pair?.alpha ?? pool)] : [];
    });
  const there = new Set(keys(a));
  return keys(b).some((key) => there.has(key));
}
