import type { Timeline, TimelineStep } from '../api/timeline.ts';
import { percentText } from './text.ts';

export const OUTCOME_WORDS: Readonly<Record<Timeline['outcome'], string>> = {
  running: 'the record breaks off: the run was killed, or is still running',
  done: 'done',
  rolledBack: 'rolled back',
  stopped: 'stopped',
  failed: 'failed',
};

export const STEP_HEAD = [
  'V1 wanted',
  'Gate',
  'Requests',
  'Failed',
  'Median',
  'p99',
  'Counted by the picker',
  'Took',
  'Why',
] as const;

/** One row of the table of steps, as plain text. */
export function stepCells(step: TimelineStep): string[] {
  const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`);
  return [
    percentText(step.wanted),
    step.verdict === 'notEnough' ? 'not enough' : step.verdict || 'not decided',
    String(step.sent),
    String(step.failed),
    ms(step.p50),
    ms(step.p99),
    step.picked === null ? 'not known' : String(step.picked),
    `${((step.to - step.from) / 1000).toFixed(1)} s`,
    step.because,
  ];
}
