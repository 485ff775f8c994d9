// Load on a lab's Gateway, for tests: const load = await startLoad({ url, rate: 100, models: ['m'] }); …;
// const report = await load.stop().
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { judgeLoad, type LoadReport, type Mark } from './report.ts';
import { assertLoopback, type LoadOptions } from './sample.ts';
import type { FromWorker, ToWorker } from './worker.ts';

export type { LoadOptions, Sample } from './sample.ts';
export type { LoadReport } from './report.ts';

export interface Load {
  /** Date.now() at its start; samples are counted from there */
  readonly startedAt: number;
  /** Names this moment; the timeline and the phases show it. */
  mark(label: string): void;
  /** What there is to say so far. */
  look(): Promise<LoadReport>;
  /** Once it has ended, because it was stopped or by itself. */
  readonly over: Promise<LoadReport>;
  /** Sends no more, waits for what is under way. Again: the same report. */
  stop(): Promise<LoadReport>;
}

/** Returns when sending begins. @throws when the URL is not a loopback one */
export async function startLoad(options: LoadOptions): Promise<Load> {
  assertLoopback(options.url);
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const marks: Mark[] = [];
  const raw = new Promise<FromWorker>((resolve, reject) => {
    worker.on('message', (message: FromWorker) => message.over && resolve(message));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the load generator ended without a word')));
  });
  raw.catch(() => undefined); // told by stop(), or just below
  // Its first word, sent when it begins: marks are set on this clock and must fit the samples'.
  const [{ startedAt }] = (await once(worker, 'message')) as [FromWorker];
  const report = ({ samples, maxLagMs }: FromWorker): LoadReport =>
    judgeLoad({ options, startedAt, marks, maxLagMs, samples });
  const over = raw.then(report);
  over.catch(() => undefined); // told by stop()
  const send = (message: ToWorker) => worker.postMessage(message);
  return {
    startedAt,
    mark: (label) => void marks.push({ at: Date.now() - startedAt, label }),
    async look() {
      const answer = once(worker, 'message').then(([message]) => message as FromWorker);
      send('look');
      return report(await Promise.race([answer, raw]));
    },
    over,
    stop: () => (send('stop'), over),
  };
}
