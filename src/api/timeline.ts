// What a record of a migration shows, reckoned: for a chart and for a table.
import type { Outcome } from './record.ts';

export interface TimelinePoint {
  /** Milliseconds since the epoch, as all times in here. */
  readonly from: number;
  readonly to: number;
  /** What the routes gave v1 at the end of it; null where they could not be read. */
  readonly percent: number | null;
  readonly sent: number;
  readonly failed: number;
  /** Milliseconds; null where nothing was answered. */
  readonly p50: number | null;
  readonly max: number | null;
}

export interface TimelineStep {
  readonly wanted: number;
  readonly from: number;
  readonly to: number;
  readonly verdict: string;
  readonly because: string;
  readonly sent: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly p99: number | null;
  /** What the v1 endpoint pickers counted in this step, of all requests; null where their metrics could not be read. */
  readonly picked: number | null;
  /** Ids of the checks that failed at some look. */
  readonly failing: readonly string[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** `running` where the record ends without an end: it was killed. */
  readonly outcome: Outcome;
  readonly because: string;
  readonly pools: readonly string[];
  readonly points: readonly TimelinePoint[];
  readonly steps: readonly TimelineStep[];
}
