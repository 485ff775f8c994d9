// Every request of a command line, every fault, once and from then on; each on a ground that nobody else uses meanwhile.
import { BEFORE, LOST, OF_THE_ANSWER, TRANSIENT, type Fault } from '../lab/faults/faults.ts';
import { isWrite } from '../lab/faults/key.ts';
import type { Hit } from '../lab/faults/proxy.ts';
import type { Ground } from './ground.ts';
import { isFinal, judge, judgeProbes, judgeState, sameState, type Baseline, type Verdict } from './judge.ts';
import type { Line } from './lines.ts';

export interface Tally {
  /** Faults that were done. */
  tried: number;
  requests: number;
  /** Ended as without the fault. */
  same: number;
  /** Ended by a clear error. */
  error: number;
  readonly wrong: string[];
}

export interface Choice {
  /** Which of the requests, and which faults at each; default all. */
  readonly requests?: (point: Point) => boolean;
  readonly faults?: (fault: Fault, point: Point) => boolean;
  /** Which of the faults that were met once stay, in a run of their own; default all. */
  readonly stays?: (fault: Fault, key: string) => boolean;
  /** Hears how much is to be tried, faults that stay not counted. */
  readonly onBegin?: (requests: number, faults: number) => void;
  /** Hears of each fault that was done, and of what is wrong so far. */
  readonly onDone?: (hit: Hit, ms: number, wrong: readonly string[]) => void;
}

export interface Point {
  readonly key: string;
  readonly occurrence: number;
  /** How often the command makes this request. */
  readonly of: number;
}

/** The command without a fault, from where it begins. */
export async function baselineOf(line: Line, ground: Ground): Promise<Baseline> {
  await ground.begin(line);
  const before = await ground.state(line);
  let run = await ground.run(line, null);
  if (line.writes) await ground.begin(line);
  const stations = await ground.stations(async () => (run = await ground.run(line, null)));
  const expected = line.name.startsWith('verify') ? [0, 2] : [0];
  if (!expected.includes(run.code))
    throw new Error(`${line.name}: exit ${run.code} without any fault\n${run.stderr}${run.stdout}`);
  return { run, before, after: await ground.state(line), stations };
}

/** Tries all faults on the line, spread over the grounds, which read the same. */
export async function campaign(line: Line, grounds: readonly Ground[], choice: Choice = {}): Promise<Tally> {
  const tally: Tally = { tried: 0, requests: 0, same: 0, error: 0, wrong: [] };
  const first = await baselineOf(line, grounds[0]!);
  const points = pointsOf(first.run.seen).filter((point) => choice.requests?.(point) ?? true);
  tally.requests = points.length;
  const tasks = points.flatMap((point) =>
    faultsFor(point.key)
      .filter((fault) => choice.faults?.(fault, point) ?? true)
      .map((fault) => ({ ...point, fault })),
  );
  choice.onBegin?.(points.length, tasks.length);
  let next = 0;
  const work = async (ground: Ground) => {
    for (let task = tasks[next++]; task; task = tasks[next++]) {
      const once = { ...task, persistent: false };
      const differs = await attempt(line, ground, first, once, tally, choice.onDone);
      if (differs && (choice.stays?.(task.fault, task.key) ?? true))
        await attempt(line, ground, first, { ...task, persistent: true }, tally, choice.onDone);
    }
  };
  await Promise.all(grounds.map(work));
  return tally;
}

/** @returns whether the same fault, persisting, could end otherwise */
async function attempt(
  line: Line,
  ground: Ground,
  baseline: Baseline,
  hit: Hit,
  tally: Tally,
  onDone: Choice['onDone'],
): Promise<boolean> {
  const began = performance.now();
  const what = `${line.name}: ${hit.fault.id}${hit.persistent ? ', always' : ''}, request ${hit.occurrence} of ${hit.key}`;
  try {
    if (line.writes) await ground.begin(line);
    const run = await ground.run(line, hit);
    // Requests of waits come in numbers that depend on the moment.
    if (run.hits === 0) return false;
    tally.tried++;
    const verdict = line.probes ? judgeProbes(hit.fault, run) : judge(line, baseline, run);
    tally[verdict]++;
    if (
      verdict === 'error' &&
      !hit.persistent &&
      !line.quiet &&
      !line.probes &&
      TRANSIENT.has(hit.fault.id) &&
      !isWrite(hit.key)
    )
      throw new Error(`it was not tried again\nexit ${run.code}\n${run.stderr}`);
    if (line.writes) await endsTheSame(line, ground, baseline, verdict);
    return !isFinal(hit.fault, run) || run.seen.filter((key) => key === hit.key).length > hit.occurrence;
  } catch (error) {
    tally.wrong.push(`${what}\n${(error as Error).message}`);
    return false;
  } finally {
    onDone?.(hit, performance.now() - began, tally.wrong);
  }
}

async function endsTheSame(line: Line, ground: Ground, baseline: Baseline, verdict: Verdict): Promise<void> {
  const now = ground.untouched ? baseline.before : await ground.state(line);
  judgeState(baseline, now, verdict);
  for (const backup of ground.backups())
    if (!backup.endsWith('\n') || !backup.includes('kind: InferencePool'))
      throw new Error(`half a backup:\n${backup}`);
  // From where it began it ends as without the fault; that is what `baseline` says.
  if (verdict === 'same' || sameState(now, baseline.before)) return;
  const again = await ground.run(line, null, true);
  if (again.code !== 0) throw new Error(`run again: exit ${again.code}\n${again.stderr}`);
  judgeState(baseline, await ground.state(line), 'same');
}

/** A request of a key that was made n times is n points. */
function pointsOf(seen: readonly string[]): Point[] {
  const counts = new Map<string, number>();
  const points = seen.map((key) => {
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    return { key, occurrence };
  });
  return points.map((point) => ({ ...point, of: counts.get(point.key)! }));
}

function faultsFor(key: string): readonly Fault[] {
  const read = [...BEFORE, ...OF_THE_ANSWER];
  return isWrite(key) ? [...read, ...LOST] : read;
}
