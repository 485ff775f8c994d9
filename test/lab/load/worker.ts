// The generator in a thread of its own: what the test is busy with must not disturb the rhythm.
import { parentPort, workerData } from 'node:worker_threads';
import { Generator } from './generator.ts';
import type { LoadOptions, Sample } from './sample.ts';

export type ToWorker = 'stop' | 'look';
export interface FromWorker {
  /** false: an answer to `look`, while it goes on */
  over: boolean;
  /** Date.now() when it began */
  startedAt: number;
  samples: Sample[];
  maxLagMs: number;
}

const generator = new Generator(workerData as LoadOptions);
const tell = (over: boolean) => {
  const { startedAt, samples, maxLagMs } = generator;
  parentPort!.postMessage({ over, startedAt, samples, maxLagMs } satisfies FromWorker);
};

parentPort!.on('message', (message: ToWorker) => {
  if (message === 'stop') generator.stop();
  else tell(false);
});
tell(false); // the start
await generator.done;
tell(true);
parentPort!.close();
