import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { compareRefs, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { poolTarget, rulesOf } from './backendRefs.ts';

/** The v1 pool that takes over from an alpha pool, or the several that could be meant. */
export type Counterpart =
  | { readonly state: 'one'; readonly v1: Ref; readonly because: string }
  | { readonly state: 'none' }
  | { readonly state: 'ambiguous'; readonly candidates: readonly Ref[]; readonly because: string };

/** A pair as the user told it; a namespace of '' stands for every one that has such an alpha pool. */
export interface GivenPair {
  readonly namespace: string;
  readonly alpha: string;
  readonly v1: string;
}

/** `x-preview` becomes `x-ga`, anything else gets `-ga` appended: the naming of Google's guide. */
export function defaultTargetName(alphaName: string): string {
  return `${alphaName.replace(/-preview$/, '')}-ga`;
}

/**
 * The v1 counterparts of all alpha pools, by the alpha pool's refKey, each by the strongest evidence there is: what the user
 * says; our own annotation; a route rule that names the two side by side; the conventional name with the same selector; the
 * one pair of the namespace with the same selector. A namesake in the other group is no evidence by itself.
 */
export function counterparts(
  alphaPools: readonly KubeObject[],
  v1Pools: readonly KubeObject[],
  routes: readonly KubeObject[],
  given: readonly GivenPair[] = [],
): Map<string, Counterpart> {
  const claimed = Map.groupBy(v1Pools, (pool) =>
    claimKey(pool, pool.metadata.annotations?.[MIGRATED_FROM_ANNOTATION]),
  );
  // A pool that says it comes from another alpha pool is never taken for this one's.
  const free = claimed.get(claimKey(null, undefined)) ?? [];
  const freeByKey = new Map(free.map((pool) => [refKey(refOf(pool)), pool]));
  const twins = Map.groupBy(free, (pool) => selectorKey(pool, pool['spec']?.selector?.matchLabels));
  const beside = sideBySide(routes);
  const found = toldPairs(alphaPools, v1Pools, given);
  const open = () => alphaPools.filter((alpha) => !found.has(refKey(refOf(alpha))));
  for (const alpha of open()) {
    const key = refKey(refOf(alpha));
    const ours = claimed.get(claimKey(alpha, alpha.metadata.name)) ?? [];
    const routed = [...(beside.get(key) ?? [])].flatMap((v1) => freeByKey.get(v1) ?? []);
    if (ours.length > 0) found.set(key, decide(ours, `the annotation ${MIGRATED_FROM_ANNOTATION}`));
    else if (routed.length > 0) found.set(key, decide(routed, 'a route rule names both'));
  }
  // What follows is weaker, and says nothing about a pool that is another's by any of that.
  const taken = heldBy(found);
  const rivals = new Map<string, number>();
  for (const alpha of open()) {
    const named = (twins.get(twinKey(alpha)) ?? []).filter(
      (pool) =>
        pool.metadata.name === defaultTargetName(alpha.metadata.name) && !taken.has(refKey(refOf(pool))),
    );
    if (named.length > 0) found.set(refKey(refOf(alpha)), decide(named, 'its name and its selector'));
    else rivals.set(twinKey(alpha), (rivals.get(twinKey(alpha)) ?? 0) + 1);
  }

  pairBySelector(alphaPools, found, twins, rivals);
  return found;
}

function heldBy(found: ReadonlyMap<string, Counterpart>): Set<string> {
  return new Set([...found.values()].flatMap((pair) => (pair.state === 'one' ? [refKey(pair.v1)] : [])));
}

// The selector alone says nothing to two pools at once.
function pairBySelector(
  alphaPools: readonly KubeObject[],
  found: Map<string, Counterpart>,
  twins: ReadonlyMap<string, readonly KubeObject[]>,
  rivals: ReadonlyMap<string, number>,
): void {
  const held = heldBy(found);
  for (const alpha of alphaPools) {
    const key = refKey(refOf(alpha));
    if (found.has(key)) continue;
    const left = (twins.get(twinKey(alpha)) ?? []).filter((pool) => !held.has(refKey(refOf(pool))));
    found.set(key, rivals.get(twinKey(alpha)) === 1 ? decide(left, 'the same selector') : { state: 'none' });
  }
}

function toldPairs(
  alphaPools: readonly KubeObject[],
  v1Pools: readonly KubeObject[],
  given: readonly GivenPair[],
): Map<string, Counterpart> {
  const told = new Map<string, Counterpart>();
  if (given.length === 0) return told;
  const byName = new Map(v1Pools.map((pool) => [claimKey(pool, pool.metadata.name), pool]));
  for (const alpha of alphaPools) {
    const said = given.findLast((pair) => isGivenFor(pair, alpha));
    const v1 = said && byName.get(claimKey(alpha, said.v1));
    if (v1) told.set(refKey(refOf(alpha)), { state: 'one', v1: refOf(v1), because: '--pair' });
  }
  return told;
}

/** Is this what the user told about this alpha pool? */
export function isGivenFor({ namespace, alpha }: GivenPair, pool: KubeObject): boolean {
  return pool.metadata.name === alpha && (namespace === '' || pool.metadata.namespace === namespace);
}

function claimKey(pool: KubeObject | null, from: string | undefined): string {
  return from === undefined ? '' : `${pool?.metadata.namespace ?? ''}/${from}`;
}

function decide(pools: readonly KubeObject[], because: string): Counterpart {
  const candidates = pools.map(refOf).sort(compareRefs);
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

function twinKey(alpha: KubeObject): string {
  return selectorKey(alpha, alpha['spec']?.selector);
}

// Equal for pools of one namespace that select the same pods by the same labels; an empty selector is like no other.
function selectorKey(pool: KubeObject, selector: Record<string, string> | undefined): string {
  const labels = Object.entries(selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([pool.metadata.namespace ?? '', labels.length > 0 ? labels : refKey(refOf(pool))]);
}
