// The generator in a thread of its own: what the test is busy with must not disturb the rhythm.
import { parentPort, workerData } from 'node:worker_threads';
import { Generator } from './generator.ts';
import type { LoadOptions, Sample } from './sample.ts';

export type ToWorker = 'stop' | 'look';
export interface FromWorker {
  /** false: an answer to `look`, while it goes on */
  over: boolean;
  samples: Sample[];
  maxLagMs: number;
}

const generator = new Generator(workerData as LoadOptions);
const tell = (over: boolean) => {
  const message: FromWorker = { over, samples: generator.samples, maxLagMs: generator.maxLagMs };
  parentPort!.postMessage(message);
};

parentPort!.on('message', (message: ToWorker) => {
  if (message === 'stop') generator.stop();
  else tell(false);
});
await generator.done;
tell(true);
parentPort!.close();
