import type { KubeObject } from '../api/object.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { poolTarget, rulesOf, weightOf, type RouteRule } from './backendRefs.ts';
import { mirrorsOf } from './mirrors.ts';

/** Percent of what a rule sends to this pair that goes to v1; null when it sends nothing to either. */
function ruleShare(rule: RouteRule, namespace: string, alpha: Ref | null, v1: Ref | null): number | null {
  let toAlpha = 0;
  let toV1 = 0;
  let named = false;
  for (const backend of rule.backendRefs ?? []) {
    const target = poolTarget(backend, namespace);
    if (!target) continue;
    if (alpha && sameRef(target, alpha)) toAlpha += weightOf(backend);
    else if (v1 && sameRef(target, v1)) toV1 += weightOf(backend);
    else continue;
    named = true;
  }
  if (!named || toAlpha + toV1 === 0) return null;
  return (100 * toV1) / (toAlpha + toV1);
}

/**
 * Percent of the pair's traffic on v1, the mean over all rules that name either; null when none does. Where the pair gets
 * nothing but mirrored requests, those count.
 */
export function trafficShare(
  routes: readonly KubeObject[],
  alpha: Ref | null,
  v1: Ref | null,
): number | null {
  const shares: number[] = [];
  const mirrored: number[] = [];
  for (const route of routes) {
    const namespace = route.metadata.namespace ?? '';
    for (const rule of rulesOf(route)) {
      const share = ruleShare(rule, namespace, alpha, v1);
      if (share !== null) shares.push(share);
      for (const { pool } of mirrorsOf(rule, namespace)) {
        if (alpha && sameRef(pool, alpha)) mirrored.push(0);
        if (v1 && sameRef(pool, v1)) mirrored.push(100);
      }
    }
  }
  return mean(shares) ?? mean(mirrored);
}

function mean(shares: readonly number[]): number | null {
  if (shares.length === 0) return null;
  // Sorted, so that the sum is the same to the last bit in whatever order the routes were read.
  return shares.toSorted((a, b) => a - b).reduce((sum, share) => sum + share, 0) / shares.length;
}
