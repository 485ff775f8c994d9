import type { Phase } from './inventory.ts';
import type { Ref } from './ref.ts';

export interface PoolStatus {
  readonly ref: Ref;
  readonly v1: Ref | null;
  readonly phase: Phase;
  readonly trafficPercentV1: number | null;
  /** The command to run next, ready to paste; '' when there is nothing left to do. */
  readonly next: string;
}

export interface StatusReport {
  readonly pools: readonly PoolStatus[];
}
