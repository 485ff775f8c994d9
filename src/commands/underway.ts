// A word now and then on what takes its time, so that nobody takes it for stuck.
import type { Cluster } from '../api/cluster.ts';
import type { Context } from './context.ts';

/** Nobody asks before a second is over; who reads a log asks later. Milliseconds. */
const TERMINAL_MS = 1000;
const LOG_MS = 10_000;

type Stage = Pick<Context, 'style' | 'progress' | 'now'>;

/** Does the work; while it lasts, says on stderr `what` it is and for how long: `reading the cluster … 3 s`. */
export async function underway<T>(stage: Stage, what: string, work: () => Promise<T>): Promise<T> {
  const every = Number.isFinite(stage.style.width) ? TERMINAL_MS : LOG_MS;
  const since = stage.now().getTime();
  let said = false;
  const timer = setInterval(() => {
    said = true;
    stage.progress(`  ${what} … ${Math.round((stage.now().getTime() - since) / 1000)} s`);
  }, every);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (said) stage.progress('');
  }
}

/** The same cluster, and a word on each of its answers that takes its time. */
export function talkative(cluster: Cluster, stage: Stage): Cluster {
  const { helm } = cluster;
  return {
    ...cluster,
    snapshot: (wanted) => underway(stage, 'reading the cluster', () => cluster.snapshot(wanted)),
    waitFor: (ref, settled, how) =>
      underway(stage, `waiting for ${how.what}`, () => cluster.waitFor(ref, settled, how)),
    helm: {
      list: (namespace) => underway(stage, 'helm list', () => helm.list(namespace)),
      run: (args, how) => underway(stage, `helm ${args.slice(0, 2).join(' ')}`, () => helm.run(args, how)),
    },
  };
}
