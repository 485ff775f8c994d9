import type { KubeObject } from '../api/object.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { poolTarget, rulesOf, weightOf, type RouteRule } from './backendRefs.ts';

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

/** Percent of the pair's traffic on v1, the mean over all rules that name either; null when none does. */
export function trafficShare(
  routes: readonly KubeObject[],
  alpha: Ref | null,
  v1: Ref | null,
): number | null {
  const shares: number[] = [];
  for (const route of routes) {
    for (const rule of rulesOf(route)) {
      const share = ruleShare(rule, route.metadata.namespace ?? '', alpha, v1);
      if (share !== null) shares.push(share);
    }
  }
  if (shares.length === 0) return null;
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
