// `npm run bench`: ours against what the manual has people type, in turn, on one real API server.
//   --rounds N    how often each is run (default 20)
//   --write       put the tables into README.md, between their markers
//   NAME…         only these benchmarks; those that take minutes (delayed, large, growth, split, live) run only when they
//                 are named, or all of them by `all`
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, loadavg, platform, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { LabError, realGitVersion, startLab, type Lab } from '../test/lab/lab.ts';
import type { Bench, Trial } from './bench/bench.ts';
import { delayed } from './bench/delayed.ts';
import { detect } from './bench/detect.ts';
import { growth } from './bench/growth.ts';
import { large } from './bench/large.ts';
import { live } from './bench/live.ts';
import { compare } from './bench/measure.ts';
import { put } from './bench/readme.ts';
import { split } from './bench/split.ts';
import { start } from './bench/start.ts';
import { table } from './bench/table.ts';

const usual: Bench[] = [detect, start];
const all: (Bench | Trial)[] = [...usual, delayed, large, growth, split, live];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = join(root, 'dist', 'kubectl-infpool');
// A copy: a build in the meantime must not change what is measured.
const copies = mkdtempSync(join(tmpdir(), 'infpool-bench-'));
const binary = join(copies, basename(built));
process.on('exit', () => rmSync(copies, { recursive: true, force: true }));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

try {
  await main();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { rounds, write, benches } = readOptions();
  if (!existsSync(built)) throw new LabError('There is no binary yet: npm run build');
  copyFileSync(built, binary);
  for (const bench of benches) {
    const section = 'run' in bench ? await attempt(bench) : await measure(bench, rounds);
    console.log(`\n${bench.name}: ${bench.what}\n\n${section}`);
    if (write) put(`bench:${bench.name}`, section);
  }
}

async function measure(bench: Bench, rounds: number): Promise<string> {
  // A cluster of its own for each, with nothing on it that another one needed.
  const lab = await startLab({ quiet: true, controllerManager: false });
  try {
    return await compared(bench, lab, rounds);
  } finally {
    await lab.down();
  }
}

async function compared(bench: Bench, lab: Lab, rounds: number): Promise<string> {
  const { contenders, conditions, end } = await bench.prepare({ lab, binary });
  const PATH = [dirname(binary), lab.env['PATH']].join(delimiter);
  const measured = await compare(contenders, {
    rounds,
    env: { ...process.env, ...lab.env, PATH },
  }).finally(end);
  const where = [
    `${conditions}; kube-apiserver and kubectl ${lab.gitVersion} on loopback`,
    ...machine(),
    `${rounds} runs of each, in turn, after one to warm up (kubectl's discovery cache is warm)`,
    version(),
  ];
  return `${table(measured)}\n\nConditions: ${where.join('; ')}.`;
}

async function attempt(trial: Trial): Promise<string> {
  const { section, conditions } = await trial.run(binary);
  const where = [conditions, `kube-apiserver ${realGitVersion}, all on one machine`, ...machine(), version()];
  return `${section}\n\nConditions: ${where.join('; ')}.`;
}

function machine(): string[] {
  const load = loadavg()[0]!.toFixed(1);
  return [
    `${cpus().length} CPUs, load average ${load}, ${platform()}/${arch()}, the binary's Node is ${process.version}`,
  ];
}

function version(): string {
  const line = spawnSync(binary, ['version', '--client'], { encoding: 'utf8' }).stdout.split('\n')[0]!;
  return line.replace(/^Client: /, '').replace(/[0-9a-f]{40}/, (commit) => commit.slice(0, 12));
}

function readOptions(): { rounds: number; write: boolean; benches: (Bench | Trial)[] } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string', default: '20' }, write: { type: 'boolean', default: false } },
  });
  const names = [...all.map(({ name }) => name), 'all'];
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new LabError(`There is no benchmark '${unknown}'. There are: ${names.join(', ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new LabError(`--rounds ${values.rounds} is not a count.`);
  const benches =
    positionals.length === 0
      ? usual
      : all.filter(({ name }) => positionals.includes(name) || positionals.includes('all'));
  return { rounds, write: values.write, benches };
}
