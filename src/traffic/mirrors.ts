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
 * A rule's filters as they were before we moved their mirrors. What others changed since stays; a mirror goes back where
 * one like it went to an alpha pool.
 */
export function originalFilters(current: Filters, remembered: Filters): Filters {
  if (!remembered) return current;
  if (neutralFilters(current) === neutralFilters(remembered)) return remembered;
  const toAlpha = remembered.filter((filter) => filter.requestMirror?.backendRef?.group === ALPHA_GROUP);
  return current?.map((filter) => {
    if (filter.requestMirror?.backendRef?.group !== V1_GROUP) return filter;
    return toAlpha.find((other) => neutralFilters([other]) === neutralFilters([filter])) ?? filter;
  });
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
