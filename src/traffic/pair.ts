import type { Ref } from '../api/ref.ts';

/** An alpha pool and the v1 pool that takes over from it. */
export interface PoolPair {
  readonly alpha: Ref;
  readonly v1: Ref;
}
