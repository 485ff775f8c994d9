import { table } from './table.ts';
import { percentText } from './text.ts';

/** What one step of a migration showed. Latencies in milliseconds; null where no request was answered. */
export interface StepSummary {
  readonly wanted: number;
  /** What the routes say after the step; null when it could not be read. */
  readonly seen: number | null;
  readonly gate: string;
  readonly probes: number;
  readonly failed: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly seconds: number;
}

/** The closing table: one row for before, then one for each step. */
export function migrationTable(steps: readonly StepSummary[], width = Infinity): string {
  const ms = (value: number | null) => (value === null ? '-' : `${Math.round(value)} ms`);
  return table(
    ['V1 wanted', 'Seen', 'Gate', 'Requests', 'Failed', 'p50', 'p99', 'Took'],
    steps.map((step) => [
      percentText(step.wanted),
      percentText(step.seen),
      step.gate,
      String(step.probes),
      String(step.failed),
      ms(step.p50),
      ms(step.p99),
      `${step.seconds.toFixed(1)} s`,
    ]),
    width,
  );
}
