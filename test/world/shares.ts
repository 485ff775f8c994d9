// What splitting may change in a route, and what must stay.
import { canonicalJson } from '../../src/api/json.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { sameRef, type Ref } from '../../src/api/ref.ts';
import {
  poolTarget,
  rulesOf,
  weightOf,
  type BackendRef,
  type RouteRule,
} from '../../src/inventory/backendRefs.ts';
import { mirrorsOf } from '../../src/inventory/mirrors.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';

export const namespaceOf = ({ metadata }: KubeObject) => metadata.namespace!;

export function pairIn(
  backend: BackendRef,
  pairs: readonly PoolPair[],
  namespace: string,
): PoolPair | undefined {
  const target = poolTarget(backend, namespace);
  return target ? pairs.find(({ alpha, v1 }) => sameRef(alpha, target) || sameRef(v1, target)) : undefined;
}

/** All of a route but the refs, mirrors and weights of pairs, and our annotation. */
export function restOf(route: KubeObject, pairs: readonly PoolPair[]): string {
  const namespace = namespaceOf(route);
  const { [ORIGINAL_REFS_ANNOTATION]: _, ...annotations } = route.metadata.annotations ?? {};
  const rules = rulesOf(route).map((rule) => {
    const refs = (rule.backendRefs ?? []).flatMap((backend) => {
      if (pairIn(backend, pairs, namespace)) return [];
      const { weight: __, ...rest } = backend;
      return [{ ...rest, ...(rest.filters ? { filters: neutral(rest.filters, pairs, namespace) } : {}) }];
    });
    const filters = rule.filters ? { filters: neutral(rule.filters, pairs, namespace) } : {};
    return { ...rule, backendRefs: refs, ...filters };
  });
  return canonicalJson({
    ...route,
    metadata: { ...route.metadata, annotations },
    spec: { ...route['spec'], rules },
  });
}

// Mirrors to either pool of a pair look alike.
function neutral(filters: unknown[], pairs: readonly PoolPair[], namespace: string): unknown[] {
  return filters.map((filter) => {
    const backendRef = (filter as { requestMirror?: { backendRef: BackendRef } }).requestMirror?.backendRef;
    const pair = backendRef && pairIn(backendRef, pairs, namespace);
    if (!pair) return filter;
    return { requestMirror: { backendRef: { ...backendRef, group: '', name: pair.v1.name } } };
  });
}

const sum = (refs: readonly BackendRef[]) => refs.reduce((total, one) => total + weightOf(one), 0);

/** By target, a pair being one: its part of the rule's requests, as a fraction. */
export function sharesOf(
  rule: RouteRule,
  pairs: readonly PoolPair[],
  namespace: string,
): Map<string, [number, number]> {
  const refs = rule.backendRefs ?? [];
  const total = sum(refs);
  const key = (one: BackendRef) => {
    const pair = pairIn(one, pairs, namespace);
    if (pair) return `pair ${pair.v1.name}`;
    return canonicalJson([one.group, one.kind, one.name, one.namespace ?? namespace]);
  };
  return new Map([...Map.groupBy(refs, key)].map(([target, list]) => [target, [sum(list), total]]));
}

/** Do both rules send the same part of their requests to each target? Exactly: fractions are compared as such. */
export function sameShares(a: Map<string, [number, number]>, b: Map<string, [number, number]>): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([target, [part, whole]]) => {
    const [other, otherWhole] = b.get(target) ?? [-1, 1];
    if (whole === 0 || otherWhole === 0) return whole === otherWhole;
    return BigInt(part) * BigInt(otherWhole) === BigInt(other) * BigInt(whole);
  });
}

/** Percent of a pair's requests that go to its v1 pool; null where it gets none. */
export function percentOf(rule: RouteRule, pair: PoolPair, namespace: string): number | null {
  const to = (pool: Ref) =>
    sum(
      (rule.backendRefs ?? []).filter((one) => {
        const target = poolTarget(one, namespace);
        return target !== null && sameRef(target, pool);
      }),
    );
  const total = to(pair.alpha) + to(pair.v1);
  return total === 0 ? null : (100 * to(pair.v1)) / total;
}

/** Has the rule something that goes to the alpha pool? */
export const namesAlpha = (rule: RouteRule, { alpha }: PoolPair, namespace: string) =>
  [
    ...(rule.backendRefs ?? []).flatMap((one) => poolTarget(one, namespace) ?? []),
    ...mirrorsOf(rule, namespace).map(({ pool }) => pool),
  ].some((pool) => sameRef(pool, alpha));

/** The same, but for the filters of refs that come and go with a pair. */
export const directly = (rule: RouteRule, pairs: readonly PoolPair[], namespace: string): RouteRule => ({
  ...rule,
  backendRefs: (rule.backendRefs ?? []).map(({ filters, ...one }) =>
    filters && !pairIn(one, pairs, namespace) ? { ...one, filters } : one,
  ),
});
