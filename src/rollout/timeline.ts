import type { RecordedLook, RecordedRun, RecordedStep } from '../api/record.ts';
import type { Timeline, TimelinePoint, TimelineStep } from '../api/timeline.ts';
import { percentile } from './stats.ts';

/** More points than this can't be told apart in a chart. */
const POINTS = 120;

/** One run of `migrate` as points over time and as steps. */
export function timelineOf(run: RecordedRun): Timeline {
  const looks = run.steps.flatMap((step) => step.looks);
  const from = Date.parse(run.startedAt);
  const last = looks.at(-1)?.at;
  const to = Math.max(from + 1, ...[run.endedAt, last].flatMap((at) => (at ? [Date.parse(at)] : [])));
  return {
    from,
    to,
    outcome: run.outcome,
    because: run.because,
    pools: run.pools,
    points: pointsOf(looks, from, to),
    steps: run.steps.map((step) => stepOf(step, to)),
  };
}

function pointsOf(looks: readonly RecordedLook[], from: number, to: number): TimelinePoint[] {
  const size = (to - from) / Math.min(POINTS, Math.max(1, looks.length));
  const slot = (look: RecordedLook) => Math.min(POINTS - 1, Math.floor((Date.parse(look.at) - from) / size));
  return [...Map.groupBy(looks, slot)]
    .sort(([a], [b]) => a - b)
    .map(([index, inside]) => {
      const ms = inside.flatMap((look) => look.ms);
      return {
        from: from + index * size,
        to: from + (index + 1) * size,
        percent: inside.at(-1)!.percent,
        sent: sum(inside, 'sent'),
        failed: sum(inside, 'failed'),
        p50: percentile(ms, 50),
        max: percentile(ms, 100),
      };
    });
}

function stepOf({ wanted, from, to, verdict, because, looks }: RecordedStep, end: number): TimelineStep {
  const ms = looks.flatMap((look) => look.ms);
  const counts = looks.flatMap(({ picked }) => picked ?? []);
  return {
    wanted,
    from: Date.parse(from),
    to: to === null ? end : Date.parse(to),
    verdict,
    because,
    sent: sum(looks, 'sent'),
    failed: sum(looks, 'failed'),
    p50: percentile(ms, 50),
    p99: percentile(ms, 99),
    // A picker that was restarted counts from nothing again.
    picked: counts.length < 2 ? null : Math.max(0, counts.at(-1)! - counts[0]!),
    failing: [...new Set(looks.flatMap(({ failing }) => failing))],
  };
}

function sum(looks: readonly RecordedLook[], what: 'sent' | 'failed'): number {
  return looks.reduce((total, look) => total + look[what], 0);
}
