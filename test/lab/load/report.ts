// Samples → what is to be said of them. Pure.
import type { LoadOptions, Sample } from './sample.ts';

const V1_GROUP = 'inference.networking.k8s.io/';

export interface Mark {
  at: number;
  label: string;
}

export interface Figures {
  sent: number;
  failed: number;
  /** share of the answered requests that a pool of the v1 group answered; NaN without any */
  v1Share: number;
  p50: number;
  p99: number;
  max: number;
}

export interface LoadReport extends Figures {
  url: string;
  rate: number;
  /** ISO 8601 */
  started: string;
  seconds: number;
  /** how late a request was sent at most, by the generator's own fault */
  maxLagMs: number;
  /** problem → how often */
  problems: Record<string, number>;
  byPool: Record<string, Figures>;
  byPod: Record<string, Figures>;
  byModel: Record<string, Figures>;
  /** `streamed` or `whole`, on a `new` or a `kept` connection */
  byKind: Record<string, Figures>;
  /** one for each second, the first one 0 */
  timeline: Figures[];
  /** from each mark to the next; the first from the start */
  phases: ({ label: string; from: number; to: number } & Figures)[];
  marks: Mark[];
  samples: Sample[];
}

export interface Raw {
  options: LoadOptions;
  startedAt: number;
  marks: readonly Mark[];
  maxLagMs: number;
  samples: readonly Sample[];
}

export function judgeLoad({ options, startedAt, marks, maxLagMs, samples: unsorted }: Raw): LoadReport {
  const samples = unsorted.toSorted((a, b) => a.at - b.at);
  const seconds = Math.ceil(((samples.at(-1)?.at ?? 0) + 1) / 1000);
  const bySecond = Map.groupBy(samples, ({ at }) => Math.floor(at / 1000));
  const grouped = (key: (sample: Sample) => string) =>
    Object.fromEntries(
      [...Map.groupBy(samples, key)].map(([name, own]) => [name, figures(own)]).sort(byName),
    ) as Record<string, Figures>;
  return {
    url: options.url,
    rate: options.rate,
    started: new Date(startedAt).toISOString(),
    seconds,
    maxLagMs: Math.round(maxLagMs),
    ...figures(samples),
    problems: countBy(samples.flatMap(({ problem }) => problem ?? [])),
    byPool: grouped(({ pool }) => pool ?? '(none)'),
    byPod: grouped(({ pod }) => pod ?? '(none)'),
    byModel: grouped(({ model }) => model),
    byKind: grouped(({ streamed, fresh }) => `${streamed ? 'streamed' : 'whole'}, ${fresh ? 'new' : 'kept'}`),
    timeline: Array.from({ length: seconds }, (_, second) => figures(bySecond.get(second) ?? [])),
    phases: phases(samples, marks),
    marks: [...marks],
    samples,
  };
}

const byName = ([a]: unknown[], [b]: unknown[]) => String(a).localeCompare(String(b));

export function figures(samples: readonly Sample[]): Figures {
  const served = samples.filter(({ pool }) => pool !== null);
  const v1 = served.filter(({ pool }) => pool!.startsWith(V1_GROUP));
  const times = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    sent: samples.length,
    failed: samples.filter(({ problem }) => problem !== undefined).length,
    v1Share: v1.length / served.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: times.at(-1) ?? 0,
  };
}

/** Nearest rank; 0 of none. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

function countBy(words: readonly string[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}

function phases(samples: readonly Sample[], marks: readonly Mark[]): LoadReport['phases'] {
  const begins = [{ at: 0, label: 'start' }, ...marks];
  const end = (samples.at(-1)?.at ?? 0) + 1;
  return begins.map(({ at: from, label }, index) => {
    const to = begins[index + 1]?.at ?? end;
    return { label, from, to, ...figures(samples.filter(({ at }) => at >= from && at < to)) };
  });
}

/** What was sent in a span of ms since the start, such as from 500 ms after one mark to the next one. */
export function span(report: LoadReport, from: number, to = Infinity): Figures {
  return figures(report.samples.filter(({ at }) => at >= from && at < to));
}

/** Whether the share of v1 is what the weight asks for, within three standard deviations of a fair draw. */
export function shareHolds({ v1Share, sent }: Figures, percent: number): boolean {
  const wanted = percent / 100;
  if (percent === 0 || percent === 100) return v1Share === wanted;
  return Math.abs(v1Share - wanted) <= 3 * Math.sqrt((wanted * (1 - wanted)) / sent);
}
