// Stryker over one room. What it learnt stays in the cache: a second run tries only what has changed since.
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import type { Room } from './rooms.ts';
import type { RunnerOptions } from './runner.ts';
import { isSampled, type Every } from './sample.ts';

export interface Mutant {
  file: string;
  line: number;
  mutator: string;
  /** The code as it is, and as it was tried. */
  original: string;
  replacement: string;
  /** Stryker's word: Killed, Survived, NoCoverage, Timeout, Ignored, RuntimeError. */
  status: string;
  reason?: string;
}

/** Both from 1. */
interface Position {
  line: number;
  column: number;
}

/** As Stryker's JSON report has it, as far as we read it. */
interface Report {
  files: Record<
    string,
    {
      source: string;
      mutants: {
        id: string;
        mutatorName: string;
        replacement?: string;
        status: string;
        statusReason?: string;
        location: { start: Position; end: Position };
      }[];
    }
  >;
}

export interface Options {
  /** Forgets what former runs learnt. */
  anew: boolean;
  /** One in so many. Others have no status of their own then, and a later run learns nothing from it. */
  every: Every;
  /** Tables and patterns that are made at import, too: each needs a process of its own, a second or two. */
  statics: boolean;
}

export async function mutate(room: Room, { anew, every, statics }: Options): Promise<Mutant[]> {
  const folder = cacheOf(room);
  const report = reportOf(room, every);
  mkdirSync(folder, { recursive: true });
  const options = {
    testRunner: 'mocha12',
    plugins: [fileURLToPath(new URL('runner.ts', import.meta.url))],
    infpool: { setup: 'scripts/mutate/setup.ts', specs: room.specs, every } satisfies RunnerOptions,
    testRunnerNodeArgs: ['--disable-warning=ExperimentalWarning'],
    mutate: room.mutate,
    coverageAnalysis: 'perTest',
    ignoreStatic: !statics,
    concurrency: 1,
    // Loops are ended by counting; this is only for what hangs, and a busy machine must not look like that.
    timeoutMS: 30_000,
    disableTypeChecks: false,
    ignorePatterns: ['dist'],
    tempDirName: join(folder, 'sandbox'),
    cleanTempDir: 'always',
    incremental: every === 1,
    incrementalFile: join(folder, statics ? 'incremental-statics.json' : 'incremental.json'),
    force: anew,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    warnings: { slow: false, unknownOptions: false },
    logLevel: 'warn',
  };
  await new Stryker(options as unknown as ConstructorParameters<typeof Stryker>[0]).runMutationTest();
  return read(report, every);
}

/** What the last run of this room found; undefined before the first. */
export function last(room: Room, every: Every): Mutant[] | undefined {
  try {
    return read(reportOf(room, every), every);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function reportOf(room: Room, every: Every): string {
  return join(cacheOf(room), every === 1 ? 'report.json' : `report-1-in-${every}.json`);
}

function cacheOf(room: Room): string {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'kubectl-infpool', 'mutants', room.name);
}

function read(file: string, every: Every): Mutant[] {
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  return Object.entries(files).flatMap(([name, { source, mutants }]) =>
    mutants
      .filter(({ id }) => isSampled(id, every))
      .map(({ mutatorName, replacement, status, statusReason, location }) => ({
        file: name,
        line: location.start.line,
        mutator: mutatorName,
        original: between(source, location),
        replacement: replacement ?? '',
        status,
        ...(statusReason !== undefined && { reason: statusReason }),
      })),
  );
}

function between(source: string, { start, end }: { start: Position; end: Position }): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop()!.slice(0, end.column - 1));
  return [lines.shift()!.slice(start.column - 1), ...lines].join('\n');
}
