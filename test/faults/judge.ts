// What may come of a command that met a fault: the same as without it, or a clear error; and nothing in between.
import type { Verification } from '../../src/api/verification.ts';
import type { Fault } from '../lab/faults/faults.ts';
import type { Run } from './ground.ts';
import type { Line } from './lines.ts';

type Objects = ReadonlyMap<string, string>;

/** The command without a fault. */
export interface Baseline {
  readonly run: Run;
  readonly before: Objects;
  readonly after: Objects;
  /** What routes looked like on the way: a command may write one more than once, and be cut off between. */
  readonly stations: ReadonlySet<string>;
}

export type Verdict = 'same' | 'error';

/** The codes of the contract that an error may have; 3 only for what writes. */
const ERRORS = [1, 3, 4, 124];
const BLEMISHES: readonly [RegExp, string][] = [
  [/^\s+at .+:\d+:\d+\)?$|a bug of ours/m, 'a stack trace'],
  [/\bundefined\b|\[object Object\]|\bNaN\b/, 'what no person wrote'],
];
/** Far above all time limits, so that it means a hang, on a machine that has much else to do as well. */
const SLACK_MS = 60_000;

/** @throws Error saying what is wrong */
export function judge(line: Line, baseline: Baseline, run: Run): Verdict {
  const { code, stdout, stderr, ms } = run;
  const all = stdout + stderr;
  const wrong = (what: string) => new Error(`${what}\nexit ${code}\n${stderr}${stdout.slice(0, 20_000)}`);
  const blemish = BLEMISHES.find(([pattern]) => pattern.test(all));
  if (blemish) throw wrong(blemish[1]);
  if (ms > baseline.run.ms + SLACK_MS) throw wrong(`it took ${ms} ms`);
  if (line.quiet) {
    if (!isQuiet(baseline, run)) throw wrong('not quiet');
    return stdout === baseline.run.stdout ? 'same' : 'error';
  }
  if (code === baseline.run.code) {
    if (!line.timed && stdout !== baseline.run.stdout) throw wrong('another result, and a good exit code');
    return 'same';
  }
  if (!ERRORS.includes(code)) throw wrong(`exit code ${code}`);
  if (code === 3 && !line.writes && !line.name.startsWith('split'))
    throw wrong('refused, where nothing is written');
  if (!/^(error: |could not check|\S.*could not|\s*"verdict": "unknown")/im.test(all))
    throw wrong('not a word on why');
  if (/NotNeeded|No migration is needed|"Done"/.test(all)) throw wrong('a wrong "none"');
  return 'error';
}

/**
 * A request that got no answer, or one that says no, is what it was sent to find; 200 is what it asks for.
 * @throws Error saying what is wrong
 */
export function judgeProbes(fault: Fault, { code, stdout, stderr, ms }: Run): Verdict {
  const wrong = (what: string) => new Error(`${what}\nexit ${code}\n${stderr}${stdout}`);
  const blemish = BLEMISHES.find(([pattern]) => pattern.test(stdout + stderr));
  if (blemish) throw wrong(blemish[1]);
  if (ms > SLACK_MS) throw wrong(`it took ${ms} ms`);
  const { verdict, checks } = JSON.parse(stdout) as Verification;
  const failed = checks.some(({ group, verdict: one }) => group === 'Requests' && one === 'fail');
  const answered = fault.does === 'answer' && fault.with.status < 300;
  const whole = answered || fault.does === 'truncate';
  if (fault.does !== 'drip' && failed === whole) throw wrong(failed ? 'it was answered' : 'a wrong pass');
  if (failed !== (verdict === 'fail') || code !== (failed ? 2 : 0))
    throw wrong('verdict and exit code differ');
  return failed ? 'error' : 'same';
}

/**
 * Candidates that it also has without the fault, some or none, and not a word besides. A v1 pool is offered by its own name
 * where the alpha pool that it stands beside, which goes first otherwise, could not be read.
 */
function isQuiet(baseline: Baseline, { code, stdout, stderr }: Run): boolean {
  const known = new Set(baseline.run.stdout.split('\n'));
  const besides = /^:\d+$|^\S+\tv1 pool, from (\S+), in \S+$/;
  const isKnown = (text: string) => {
    const match = besides.exec(text);
    return known.has(text) || (match !== null && (!match[1] || names.has(match[1])));
  };
  const names = new Set([...known].map((text) => text.split('\t')[0]!));
  return code === 0 && stderr === '' && stdout.split('\n').every(isKnown);
}

/**
 * Every object is as it was before, or as the command leaves it.
 * @throws Error naming the object that is neither
 */
export function judgeState(baseline: Baseline, now: Objects, verdict: Verdict): void {
  const { before, after } = baseline;
  const names = new Set([...before.keys(), ...after.keys(), ...now.keys()]);
  for (const name of names) {
    const [is, was, is_to_be] = [now.get(name), before.get(name), after.get(name)];
    if (is === is_to_be) continue;
    if (verdict === 'same')
      throw new Error(`${name} is not what it is without the fault:\n${is}\n${is_to_be}`);
    if (is !== was && !baseline.stations.has(is ?? ''))
      throw new Error(`${name} is neither as before nor as after:\n${is}\n${was}\n${is_to_be}`);
  }
}

export function sameState(a: Objects, b: Objects): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** Whether persisting makes no difference: the request was made once and the fault was met once. */
export function isFinal(fault: Fault, run: Run): boolean {
  return fault.does !== 'refuse' && run.hits <= 1;
}
