import type { Finding } from '../api/finding.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { Plan } from '../api/plan.ts';
import type { PoolStatus } from '../api/status.ts';
import type { Timeline } from '../api/timeline.ts';
import type { Verification } from '../api/verification.ts';

/** A picture as it goes into a page and into Markdown. */
export interface DrawnPicture {
  readonly svg: string;
  readonly mermaid: string;
}

/** One part of the plan, with what it is for. */
export interface ReportPhase {
  readonly title: string;
  readonly what: string;
  readonly plan: Plan;
  /** Why there is no plan where there should be one; '' otherwise. */
  readonly missing: string;
}

/** Everything that a report says. */
export interface ReportData {
  /** ISO 8601. */
  readonly generatedAt: string;
  readonly server: string;
  /** Of this program. */
  readonly version: string;
  /** `in all namespaces`, `in namespace x`. */
  readonly scope: string;
  /** The release to convert to. */
  readonly release: string;
  readonly inventory: Inventory;
  readonly pools: readonly PoolEntry[];
  readonly status: readonly PoolStatus[];
  readonly findings: readonly Finding[];
  /** Null where there is no pool to check. */
  readonly verification: Verification | null;
  readonly now: DrawnPicture;
  /** Null where nothing is left to do. */
  readonly planned: DrawnPicture | null;
  readonly phases: readonly ReportPhase[];
  /** Of `migrate --record`, in the order in which they ran. */
  readonly timelines: readonly Timeline[];
}
