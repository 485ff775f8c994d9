// Measuring command lines against each other: in turn, so that whatever else the machine does falls on all.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../test/lab/lab.ts';

export interface Contender {
  name: string;
  /** run one after the other, counted as one */
  commands: string[][];
}

export interface Measured {
  name: string;
  /** medians */
  milliseconds: number;
  /** of all its threads; it says more than the clock where the machine is busy */
  cpuMilliseconds: number;
  megabytes: number;
  /** the middle half of the times, milliseconds */
  from: number;
  to: number;
}

interface Run {
  seconds: number;
  cpuSeconds: number;
  bytes: number;
}

/** Each contender once for warming up, then `rounds` times, ABAB. */
export async function compare(
  contenders: Contender[],
  { rounds, env }: { rounds: number; env: NodeJS.ProcessEnv },
): Promise<Measured[]> {
  const runs = contenders.map((): Run[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, { commands }] of contenders.entries()) {
      const run = await measure(commands, env);
      if (round >= 0) runs[index]!.push(run);
    }
  }
  return contenders.map(({ name }, index) => summary(name, runs[index]!));
}

function summary(name: string, runs: Run[]): Measured {
  const sorted = (value: (run: Run) => number) => runs.map(value).sort((a, b) => a - b);
  const times = sorted(({ seconds }) => seconds * 1000);
  return {
    name,
    milliseconds: quantile(times, 0.5),
    cpuMilliseconds: quantile(
      sorted(({ cpuSeconds }) => cpuSeconds * 1000),
      0.5,
    ),
    megabytes: quantile(
      sorted(({ bytes }) => bytes / 1e6),
      0.5,
    ),
    from: quantile(times, 0.25),
    to: quantile(times, 0.75),
  };
}

/** Of sorted values, between the two nearest. */
export function quantile(sorted: number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** One run of the commands, one after the other. */
export async function measure(commands: string[][], env: NodeJS.ProcessEnv): Promise<Run> {
  const script = fileURLToPath(new URL('measure.py', import.meta.url));
  const child = spawn('python3', ['-S', '-E', script], { env });
  // Five hundred commands are too long for an argument.
  child.stdin.end(JSON.stringify(commands));
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const code = await new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT' ? new LabError('python3 was not found on PATH; it measures memory.') : error,
      ),
    );
    child.on('close', resolve);
  });
  if (code !== 0) throw new LabError(`A measured command failed. ${err.trim()}`);
  return JSON.parse(out) as Run;
}
