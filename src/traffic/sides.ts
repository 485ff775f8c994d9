import { sameRef } from '../api/ref.ts';
import { poolTarget, weightOf, type BackendRef } from '../inventory/backendRefs.ts';
import type { PoolPair } from './pair.ts';

/** Which pool of a pair a backendRef names; null for any other backend. */
export type Side = 'alpha' | 'v1' | null;

export function sideOf(pair: PoolPair, routeNamespace: string): (backend: BackendRef) => Side {
  return (backend) => {
    const target = poolTarget(backend, routeNamespace);
    if (!target) return null;
    return sameRef(target, pair.alpha) ? 'alpha' : sameRef(target, pair.v1) ? 'v1' : null;
  };
}

/** Percent of these weights that is on the v1 side; null where they are all 0. */
export function shareOf(mine: readonly BackendRef[], side: (backend: BackendRef) => Side): number | null {
  const total = sum(mine);
  return total === 0 ? null : (100 * sum(mine.filter((backend) => side(backend) === 'v1'))) / total;
}

export function sum(refs: readonly BackendRef[]): number {
  return refs.reduce((total, backend) => total + weightOf(backend), 0);
}
