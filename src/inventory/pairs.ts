import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { poolTarget, rulesOf } from './backendRefs.ts';

/** The v1 pool that takes over from an alpha pool, or the several that could be meant. */
export type Counterpart =
  | { readonly state: 'one'; readonly v1: Ref; readonly because: string }
  | { readonly state: 'none' }
  | { readonly state: 'ambiguous'; readonly candidates: readonly Ref[]; readonly because: string };

/** `x-preview` becomes `x-ga`, anything else gets `-ga` appended: the naming of Google's guide. */
export function defaultTargetName(alphaName: string): string {
  return `${alphaName.replace(/-preview$/, '')}-ga`;
}

/**
 * The v1 counterparts of all alpha pools, by the alpha pool's refKey, each by the strongest evidence there is: our own
 * annotation; a route rule that names the two side by side; the conventional name with the same selector; one v1 pool
 * of the namespace with the same selector. A namesake in the other group is no evidence by itself.
 */
export function counterparts(
  alphaPools: readonly KubeObject[],
  v1Pools: readonly KubeObject[],
  routes: readonly KubeObject[],
): Map<string, Counterpart> {
  const neighbours = Map.groupBy(v1Pools, (pool) => pool.metadata.namespace ?? '');
  const beside = sideBySide(routes);
  return new Map(
    alphaPools.map((alpha) => {
      const key = refKey(refOf(alpha));
      return [
        key,
        counterpartOf(alpha, neighbours.get(alpha.metadata.namespace ?? '') ?? [], beside.get(key)),
      ];
    }),
  );
}

function counterpartOf(
  alpha: KubeObject,
  neighbours: readonly KubeObject[],
  beside: ReadonlySet<string> | undefined,
): Counterpart {
  const claimed = (pool: KubeObject) => pool.metadata.annotations?.[MIGRATED_FROM_ANNOTATION];
  const ours = neighbours.filter((pool) => claimed(pool) === alpha.metadata.name);
  if (ours.length > 0) return decide(ours, `the annotation ${MIGRATED_FROM_ANNOTATION}`);

  // A pool that says it comes from another alpha pool is never taken for this one's.
  const free = neighbours.filter((pool) => claimed(pool) === undefined);
  const routed = free.filter((pool) => beside?.has(refKey(refOf(pool))));
  if (routed.length > 0) return decide(routed, 'a route rule names both');

  const twins = free.filter((pool) => sameSelector(alpha, pool));
  const named = twins.filter((pool) => pool.metadata.name === defaultTargetName(alpha.metadata.name));
  if (named.length > 0) return decide(named, 'its name and its selector');
  return decide(twins, 'the same selector');
}

function decide(pools: readonly KubeObject[], because: string): Counterpart {
  const candidates = pools.map(refOf);
  const [v1, ...others] = candidates;
  if (!v1) return { state: 'none' };
  return others.length === 0 ? { state: 'one', v1, because } : { state: 'ambiguous', candidates, because };
}

// By alpha pool the v1 pools that a rule names beside it. Only a rule with exactly one pool of each group, in one
// namespace, says that the two belong together.
function sideBySide(routes: readonly KubeObject[]): Map<string, Set<string>> {
  const beside = new Map<string, Set<string>>();
  for (const route of routes) {
    for (const rule of rulesOf(route)) {
      const targets = (rule.backendRefs ?? []).flatMap(
        (backend) => poolTarget(backend, route.metadata.namespace ?? '') ?? [],
      );
      const [alpha, ...alphas] = targets.filter((target) => target.group === ALPHA_GROUP);
      const [v1, ...v1s] = targets.filter((target) => target.group === V1_GROUP);
      if (!alpha || !v1 || alphas.length > 0 || v1s.length > 0 || alpha.namespace !== v1.namespace) continue;
      const key = refKey(alpha);
      beside.set(key, (beside.get(key) ?? new Set()).add(refKey(v1)));
    }
  }
  return beside;
}

function sameSelector(alpha: KubeObject, v1: KubeObject): boolean {
  const a = Object.entries((alpha['spec']?.selector ?? {}) as Record<string, string>);
  const b = (v1['spec']?.selector?.matchLabels ?? {}) as Record<string, string>;
  return a.length > 0 && a.length === Object.keys(b).length && a.every(([key, value]) => b[key] === value);
}
