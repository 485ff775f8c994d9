import type { RecordedLook, RecordedRun, RecordedStep } from '../api/record.ts';
import type { Timeline, TimelinePoint, TimelineStep } from '../api/timeline.ts';
import { latenciesOf, standsFor } from './recordedLooks.ts';

/** More points than this can't be told apart in a chart. */
const POINTS = 120;
/** A look follows the one before after about so long. */
const LOOK_MS = 1000;

/** One run of `migrate` as points over time and as steps. */
export function timelineOf(run: RecordedRun): Timeline {
  const looks = run.steps.flatMap((step) => step.looks);
  const from = Date.parse(run.startedAt);
  const last = looks.at(-1);
  const ends = [...(run.endedAt ? [Date.parse(run.endedAt)] : []), ...(last ? [endOf(last)] : [])];
  const to = Math.max(from + 1, ...ends);
  return {
    from,
    to,
    outcome: run.outcome,
    because: run.because,
    pools: run.pools,
    points: pointsOf(looks, to),
    steps: run.steps.map((step) => stepOf(step, to)),
  };
}

// So many looks each, so that bars of the same height are the same number of requests wherever none was lost.
function pointsOf(looks: readonly RecordedLook[], to: number): TimelinePoint[] {
  const each = Math.ceil(looks.reduce((total, look) => total + standsFor(look), 0) / POINTS);
  const groups: RecordedLook[][] = [];
  let room = 0;
  for (const look of looks) {
    if (room <= 0) {
      groups.push([]);
      room = each;
    }
    groups.at(-1)!.push(look);
    room -= standsFor(look);
  }
  return groups.map((inside, index) => {
    const latencies = latenciesOf(inside);
    const from = Date.parse(inside[0]!.at);
    const next = groups[index + 1]?.[0]?.at;
    const end = endOf(inside.at(-1)!) + LOOK_MS;
    return {
      from,
      to: Math.max(from + 1, Math.min(end, next === undefined ? Math.max(to, from + 1) : Date.parse(next))),
      percent: inside.at(-1)!.percent,
      sent: sum(inside, 'sent'),
      failed: sum(inside, 'failed'),
      p50: latencies.percentile(50),
      max: latencies.percentile(100),
    };
  });
}

function stepOf({ wanted, from, to, verdict, because, looks }: RecordedStep, end: number): TimelineStep {
  const latencies = latenciesOf(looks);
  const counts = looks.flatMap(({ picked }) => picked ?? []);
  return {
    wanted,
    from: Date.parse(from),
    to: to === null ? end : Date.parse(to),
    verdict,
    because,
    sent: sum(looks, 'sent'),
    failed: sum(looks, 'failed'),
    p50: latencies.percentile(50),
    p99: latencies.percentile(99),
    // A picker that was restarted counts from nothing again.
    picked: counts.length < 2 ? null : Math.max(0, counts.at(-1)! - counts[0]!),
    failing: [...new Set(looks.flatMap(({ failing }) => failing))],
  };
}

function endOf({ at, until }: RecordedLook): number {
  return Date.parse(until ?? at);
}

function sum(looks: readonly RecordedLook[], what: 'sent' | 'failed'): number {
  return looks.reduce((total, look) => total + look[what], 0);
}
