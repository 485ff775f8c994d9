import { UserError } from './errors.ts';
import { REPORT_API_VERSION } from './names.ts';

export const RECORD_KIND = 'MigrationRecord';

/** One look at the cluster and one round of our own requests; of a step that took long, several as one. */
export interface RecordedLook {
  /** ISO 8601, as all times in here. */
  readonly at: string;
  /** When the last one of several was. */
  readonly until?: string;
  /** How many looks it stands for, where it is more than one. */
  readonly looks?: number;
  /** What the routes gave v1; null where they could not be read. */
  readonly percent: number | null;
  /** Our own requests: how many, and how many of them got no 2xx. */
  readonly sent: number;
  readonly failed: number;
  /** Milliseconds of each that was answered with 2xx. */
  readonly ms: readonly number[];
  /** The same of several looks: milliseconds, and how many requests took so long. */
  readonly counted?: readonly (readonly [ms: number, count: number])[];
  /** What the v1 endpoint pickers had counted until then; null where their metrics can't be read. */
  readonly picked: number | null;
  /** Ids of the checks that failed. */
  readonly failing: readonly string[];
}

export interface RecordedStep {
  /** Percent for v1; 0 is the look before anything moved. */
  readonly wanted: number;
  readonly from: string;
  /** Null while it lasts, or where the run was killed. */
  to: string | null;
  verdict: string;
  because: string;
  readonly looks: RecordedLook[];
}

export type Outcome = 'running' | 'done' | 'rolledBack' | 'stopped' | 'failed';

export interface RecordedRun {
  readonly startedAt: string;
  endedAt: string | null;
  /** `running` in a file that nobody writes any more: it was killed. */
  outcome: Outcome;
  because: string;
  /** As NAMESPACE/NAME. */
  readonly pools: readonly string[];
  readonly steps: RecordedStep[];
}

/** What `migrate --record` leaves; run again, it adds a run. */
export interface MigrationRecord {
  readonly apiVersion: typeof REPORT_API_VERSION;
  readonly kind: typeof RECORD_KIND;
  readonly server: string;
  readonly runs: RecordedRun[];
}

export function emptyRecord(server: string): MigrationRecord {
  return { apiVersion: REPORT_API_VERSION, kind: RECORD_KIND, server, runs: [] };
}

/** @throws UserError where the text is none of our records, or one that is damaged; `name` says which file it is */
export function parseRecord(text: string, name: string): MigrationRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw notOurs(name, 'it is not JSON');
  }
  if (!isFields(value) || value['kind'] !== RECORD_KIND)
    throw notOurs(name, `its kind is not ${RECORD_KIND}`);
  if (value['apiVersion'] !== REPORT_API_VERSION)
    throw notOurs(name, `its apiVersion is not ${REPORT_API_VERSION}`);
  if (typeof value['server'] !== 'string' || !isListOf(value['runs'], isRun))
    throw notOurs(name, 'fields are missing');
  return value as unknown as MigrationRecord;
}

function notOurs(name: string, why: string): UserError {
  return new UserError(`${name} is not a record of kubectl infpool migrate: ${why}.`, {
    hint: 'Such a file is what this leaves: kubectl infpool migrate --record FILE',
  });
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

const isText = (value: unknown) => typeof value === 'string';
const isTime = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const orNone = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value);
const isCount = (pair: unknown) => isListOf(pair, isNumber) && (pair as unknown[]).length === 2;
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value);

const OUTCOMES: readonly unknown[] = [
  'running',
  'done',
  'rolledBack',
  'stopped',
  'failed',
] satisfies Outcome[];

function isRun(run: unknown): boolean {
  return (
    isFields(run) &&
    isTime(run['startedAt']) &&
    orNull(isTime)(run['endedAt']) &&
    OUTCOMES.includes(run['outcome']) &&
    isText(run['because']) &&
    isListOf(run['pools'], isText) &&
    isListOf(run['steps'], isStep)
  );
}

function isStep(step: unknown): boolean {
  return (
    isFields(step) &&
    isNumber(step['wanted']) &&
    isTime(step['from']) &&
    orNull(isTime)(step['to']) &&
    isText(step['verdict']) &&
    isText(step['because']) &&
    isListOf(step['looks'], isLook)
  );
}

function isLook(look: unknown): boolean {
  return (
    isFields(look) &&
    isTime(look['at']) &&
    orNone(isTime)(look['until']) &&
    orNone(isNumber)(look['looks']) &&
    orNone((counted) => isListOf(counted, isCount))(look['counted']) &&
    orNull(isNumber)(look['percent']) &&
    isNumber(look['sent']) &&
    isNumber(look['failed']) &&
    isListOf(look['ms'], isNumber) &&
    orNull(isNumber)(look['picked']) &&
    isListOf(look['failing'], isText)
  );
}
