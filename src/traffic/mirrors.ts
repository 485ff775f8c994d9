import { canonicalJson } from '../api/json.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { poolTarget, type BackendRef } from '../inventory/backendRefs.ts';
import { mirrorsIn, type RouteFilter } from '../inventory/mirrors.ts';
import type { PoolPair } from './pair.ts';

// A mirror has no weight: it goes over as a whole, with the last percent, and comes back with the first.

type Filters = readonly RouteFilter[] | undefined;

/** The filters with the mirrors of these pairs on their v1 pools; the same array where there is none. */
export function mirrorsToV1(filters: Filters, pairs: readonly PoolPair[], routeNamespace: string): Filters {
  return mapMirrors(filters, (backendRef) => {
    const target = poolTarget(backendRef, routeNamespace);
    const pair = target && pairs.find(({ alpha }) => sameRef(alpha, target));
    return pair ? { ...backendRef, group: V1_GROUP, name: pair.v1.name } : backendRef;
  });
}

/** The same for the filters of backendRefs. */
export function refMirrorsToV1(
  refs: readonly BackendRef[],
  pairs: readonly PoolPair[],
  routeNamespace: string,
): readonly BackendRef[] {
  if (pairs.length === 0) return refs;
  return refs.map((backend) => {
    const filters = backend.filters as Filters;
    const moved = mirrorsToV1(filters, pairs, routeNamespace);
    return moved === filters ? backend : { ...backend, filters: moved as unknown[] };
  });
}

/**
 * Filters as they were before we moved their mirrors. What others changed since stays: a filter goes back to the
 * remembered one that we made it of, and to no other.
 */
export function originalFilters(
  current: Filters,
  remembered: Filters,
  pairs: readonly PoolPair[],
  routeNamespace: string,
): Filters {
  if (!current || !remembered) return current;
  const left = [...remembered];
  let changed = false;
  const back = current.map((filter) => {
    const at = left.findIndex((other) => isMadeOf(filter, other, pairs, routeNamespace));
    if (at < 0) return filter;
    const [original] = left.splice(at, 1);
    if (sameJson(filter, original)) return filter;
    changed = true;
    return original!;
  });
  return changed ? back : current;
}

function isMadeOf(
  filter: RouteFilter,
  original: RouteFilter,
  pairs: readonly PoolPair[],
  routeNamespace: string,
): boolean {
  if (sameJson(filter, original)) return true;
  const [from, to] = [original, filter].map((one) => poolOf(one, routeNamespace));
  if (from?.group !== ALPHA_GROUP || to?.group !== V1_GROUP) return false;
  const isOpen = (pool: Ref) => !pairs.some(({ alpha, v1 }) => sameRef(alpha, pool) || sameRef(v1, pool));
  // One of the pair's pools is gone, so nobody knows the pair: then what else it says must do.
  if (isOpen(from) && isOpen(to))
    return from.namespace === to.namespace && neutralFilters([filter]) === neutralFilters([original]);
  return sameJson([filter], mirrorsToV1([original], pairs, routeNamespace));
}

function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function poolOf(filter: RouteFilter | null, routeNamespace: string): Ref | null {
  const backendRef = filter?.requestMirror?.backendRef;
  return backendRef ? poolTarget(backendRef, routeNamespace) : null;
}

/** BackendRefs with their own filters as they were, by {@link originalFilters}, whatever their weights are now. */
export function originalRefMirrors(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  pairs: readonly PoolPair[],
  routeNamespace: string,
): readonly BackendRef[] {
  const left = [...remembered];
  return current.map((backend) => {
    const at = left.findIndex((other) => targetOf(other) === targetOf(backend));
    if (at < 0) return backend;
    const [original] = left.splice(at, 1);
    const filters = backend.filters as Filters;
    const back = originalFilters(filters, original!.filters as Filters, pairs, routeNamespace);
    return back === filters ? backend : { ...backend, filters: back as unknown[] };
  });
}

function targetOf({ weight: _, filters: __, ...target }: BackendRef): string {
  return canonicalJson(target);
}

/** Filters as canonical JSON, without which pool a mirror goes to: what they are known by while mirrors move. */
export function neutralFilters(filters: unknown): string {
  if (!Array.isArray(filters)) return canonicalJson(filters ?? null);
  return canonicalJson(mapMirrors(filters as RouteFilter[], withoutPool));
}

function withoutPool(backendRef: BackendRef): BackendRef {
  return poolTarget(backendRef, '') ? { ...backendRef, group: '', name: '' } : backendRef;
}

function mapMirrors(filters: Filters, map: (backendRef: BackendRef) => BackendRef): Filters {
  let changed = false;
  const mapped = filters?.map((filter) => {
    const backendRef = filter?.requestMirror?.backendRef;
    if (!backendRef) return filter;
    const other = map(backendRef);
    if (other === backendRef) return filter;
    changed = true;
    return { ...filter, requestMirror: { ...filter.requestMirror, backendRef: other } };
  });
  return changed ? mapped : filters;
}

/** The pools that the mirrors of a rule go to: of its own filters, and of its backendRefs'. */
export function mirroredPools(refs: readonly BackendRef[], filters: unknown, routeNamespace: string): Ref[] {
  return [filters, ...refs.map((backend) => backend.filters)].flatMap((list) =>
    mirrorsIn(list, '', routeNamespace).map(({ pool }) => pool),
  );
}
