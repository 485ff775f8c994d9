import { shellWord } from '../api/shellWord.ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../api/errors.ts';
import {
  emptyRecord,
  parseRecord,
  type MigrationRecord,
  type Outcome,
  type RecordedRun,
} from '../api/record.ts';
import { safe } from '../report/text.ts';
import type { GateDecision, Look } from '../rollout/gate.ts';
import { addLook } from '../rollout/recordedLooks.ts';
import type { ProbeResult } from '../verify/probe.ts';
import { text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { replaceFile } from './replaceFile.ts';

export const recordFlag = {
  type: 'string',
  describe: 'Keep what is seen of weights, requests and checks in this file, for report --record',
} as const;

export interface Round {
  readonly look: Look;
  readonly results: readonly ProbeResult[];
  readonly percent: number | null;
}

/** A file is written this often at most while a step is watched: a killed run leaves what it had seen until then. */
const WRITE_EVERY_MS = 5000;

/** Keeps the record of one run of `migrate`; without `--record` it keeps nothing. A record that can't be written stops nothing. */
export class Recorder {
  readonly #context: Context;
  readonly #path: string | null;
  readonly #record: MigrationRecord;
  #run: RecordedRun | null = null;
  #writtenAt = 0;
  #told = false;

  /** @throws UserError where the file is there and is none of ours: before anything is written to the cluster */
  constructor(args: Args, context: Context, server: string) {
    const path = text(args, 'record');
    this.#context = context;
    this.#path = path === undefined ? null : resolve(context.cwd, path);
    this.#record =
      this.#path === null ? emptyRecord(server) : (readRecord(this.#path) ?? emptyRecord(server));
    if (this.#record.server !== server)
      throw new UserError(`${path} is the record of another cluster, ${safe(this.#record.server)}.`, {
        hint: 'Give another file: --record FILE',
      });
  }

  begin(pools: readonly string[]): void {
    if (this.#path === null) return;
    this.#run = { startedAt: this.#now(), endedAt: null, outcome: 'running', because: '', pools, steps: [] };
    this.#record.runs.push(this.#run);
    this.#write();
  }

  step(wanted: number): void {
    this.#run?.steps.push({ wanted, from: this.#now(), to: null, verdict: '', because: '', looks: [] });
  }

  look({ look, results, percent }: Round): void {
    const looks = this.#run?.steps.at(-1)?.looks;
    if (!looks) return;
    const answered = results.filter(({ status }) => status >= 200 && status <= 299);
    addLook(looks, {
      at: this.#now(),
      percent,
      sent: results.length,
      failed: results.length - answered.length,
      ms: answered.map(({ ms }) => Math.round(ms)),
      picked: look.picked,
      failing: [...new Set(look.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id))],
    });
    if (this.#context.now().getTime() - this.#writtenAt >= WRITE_EVERY_MS) this.#write();
  }

  gate({ verdict, because }: GateDecision): void {
    const step = this.#run?.steps.at(-1);
    if (step) Object.assign(step, { to: this.#now(), verdict, because });
    this.#write();
  }

  /** The first end counts. */
  end(outcome: Exclude<Outcome, 'running'>, because: string): void {
    if (this.#run?.outcome !== 'running') return;
    Object.assign(this.#run, { endedAt: this.#now(), outcome, because });
    this.#write();
    if (this.#path !== null && !this.#told)
      this.#context.stderr.write(
        `The record is in ${this.#path}. A report with it: kubectl infpool report -o report.html --record ${shellWord(this.#path)}\n`,
      );
  }

  #now(): string {
    return this.#context.now().toISOString();
  }

  #write(): void {
    if (this.#path === null) return;
    this.#writtenAt = this.#context.now().getTime();
    try {
      replaceFile(this.#path, `${JSON.stringify(this.#record)}\n`);
    } catch (error) {
      if (!this.#told)
        this.#context.stderr.write(
          `warning: the record ${this.#path} could not be written: ${(error as Error).message}\n`,
        );
      this.#told = true;
    }
  }
}

/** Null where there is no such file. @throws UserError where it is something else */
export function readRecord(path: string): MigrationRecord | null {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UserError(`${path} could not be read: ${(error as Error).message}`, { cause: error });
  }
  return parseRecord(content, path);
}
