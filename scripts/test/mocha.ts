// Runs of mocha, and what came of them by our reporter's record.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestRecord } from '../../test/support/reporter.ts';
import { interruption, runNode } from './children.ts';

export interface Failure {
  title: string;
  message: string;
}

export interface Results {
  passed: { title: string; milliseconds: number }[];
  failed: Failure[];
  skipped: number;
  /** Tests that a failed hook or a crash kept from running. */
  missed: number;
}

interface Options {
  files: string[];
  grep: string | undefined;
  /** Whether a run that finds nothing to test is a failure, and one `.only` left in a file too. */
  complete: boolean;
  minutes: number;
  /** What it prints comes in one piece, when that has ended, too. */
  after?: Promise<unknown> | undefined;
  env?: NodeJS.ProcessEnv;
}

/**
 * Runs at once, a part of the files each, for specs that share nothing; what a later one prints comes after the earlier
 * one's. One more than there are cores, since some specs wait.
 */
export async function runParts(root: string, options: Options): Promise<Results> {
  const count = Math.min(cpus().length + 1, options.files.length);
  // Much of their time would go into compiling the same TypeScript again. (A binary that is tested must not inherit it.)
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled') };
  const running: Promise<Results>[] = [];
  for (let part = 0; part < count; part++) {
    const files = options.files.filter((_, index) => index % count === part);
    running.push(runMocha(root, { ...options, files, env, after: running.at(-1) }));
  }
  const results = await Promise.all(running);
  return {
    passed: results.flatMap(({ passed }) => passed),
    failed: results.flatMap(({ failed }) => failed),
    skipped: sum(results.map(({ skipped }) => skipped)),
    missed: sum(results.map(({ missed }) => missed)),
  };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

export async function runMocha(
  root: string,
  { files, grep, complete, minutes, after, env: more }: Options,
): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'infpool-test-'));
  // Its temporary folder is in ours, and goes with it: a test that fails or is ended leaves nothing behind. Labs stay
  // outside, where `npm run lab` finds them, and because the paths of their sockets must be short.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  // Some tests run a program as another user, who has to come as far as that.
  for (const one of [folder, temporary]) chmodSync(one, 0o711);
  const mine = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const env = { INFPOOL_LABS: tmpdir(), ...process.env, ...more, ...mine };
  try {
    const record = join(folder, 'results');
    const { ok, how } = await runNode(
      root,
      [
        join('node_modules', 'mocha', 'bin', 'mocha.js'),
        ...['--reporter', join('test', 'support', 'reporter.ts'), '--reporter-option', `results=${record}`],
        ...(grep === undefined ? [] : ['--grep', grep]),
        ...(complete ? ['--forbid-only'] : []),
        ...files,
      ],
      minutes,
      env,
      after,
    );
    const entries = existsSync(record) ? parse(readFileSync(record, 'utf8')) : [];
    const results = collect(entries);
    results.failed.push(...aroundTests(entries, results, { ok, how, complete }));
    return results;
  } finally {
    remove(folder);
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    // Results matter more.
    console.error(`${folder} is left behind: ${(error as Error).message}`);
  }
}

/** Every line but one that a killed process has left half written. */
function parse(text: string): TestRecord[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TestRecord);
}

function collect(entries: TestRecord[]): Results {
  const results: Results = { passed: [], failed: [], skipped: 0, missed: 0 };
  for (const entry of entries) {
    if (entry.kind === 'start') results.missed = entry.total;
    if (entry.kind === 'pass') results.passed.push(entry);
    if (entry.kind === 'fail') results.failed.push(entry);
    if (entry.kind === 'skip') results.skipped++;
    const isTest = entry.kind === 'pass' || entry.kind === 'skip' || (entry.kind === 'fail' && !entry.hook);
    if (isTest) results.missed--;
  }
  return results;
}

/** What went wrong that no test says. */
function aroundTests(
  entries: TestRecord[],
  { failed, missed }: Results,
  { ok, how, complete }: { ok: boolean; how: string; complete: boolean },
): Failure[] {
  // Said once, for all runs together.
  if (interruption()) return [];
  const total = entries.find((entry) => entry.kind === 'start')?.total ?? 0;
  if (!entries.some(({ kind }) => kind === 'end')) {
    const after = total > 0 ? `after ${total - missed} of ${total} tests` : 'before the first test';
    return [{ title: 'mocha crashed', message: `${how}, ${after}` }];
  }
  const open = entries.find((entry) => entry.kind === 'open');
  if (open) {
    const resources = open.resources.join(', ');
    return [{ title: 'mocha did not end', message: `after the last test these were open: ${resources}` }];
  }
  if (total === 0 && complete) return [{ title: 'no tests ran', message: 'the spec files hold none' }];
  if (!ok && failed.length === 0) return [{ title: 'mocha failed', message: how }];
  return [];
}
