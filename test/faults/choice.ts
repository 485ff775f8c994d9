// Which faults are tried at which requests of a command line, and which of them stay: what the enumeration enumerates.
// - Every request of what reads, requests to where the Gateway listens, and every write: all faults.
// - Every read of what writes: one fault of each class, or with INFPOOL_FAULTS=all in the environment all of them. Its
//   answers are the real server's, one by one, so all of them take hours; that a read is met by the same code whoever
//   makes it, the lines that read show.
// - A command that goes on in steps (`steps`) reads the same at each of them: the first and the last time of each request.
// - A fault that was met once is then tried as one that stays, where it is the first of its class and where that could
//   end otherwise: where the request was made again.
import type { Fault } from '../lab/faults/faults.ts';
import { isWrite } from '../lab/faults/key.ts';
import type { Choice } from './campaign.ts';
import type { Line } from './lines.ts';

/**
 * One of each class of what may come of a read: no connection, no answer, a status that says "not you", "no such thing",
 * "later" or "broken", and what is no answer at all.
 */
const ONE_OF_EACH: ReadonlySet<string> = new Set([
  'reset before the answer',
  'hang',
  '403',
  '404 of an unknown kind',
  '429',
  '500',
  'truncated JSON',
]);

const STAY: ReadonlySet<string> = new Set([
  'refuse',
  'reset before the answer',
  'hang',
  '401',
  '403',
  '404 of an unknown kind',
  '429',
  '500',
  'answer lost',
]);

const ALL = process.env['INFPOOL_FAULTS'] === 'all';

/** For the figure: what is tried at each read of what writes. */
export const EACH_READ = ALL ? 'all that a read can meet' : 'one of each class';

export function choiceFor({ steps, only, writes }: Line): Choice {
  return {
    requests: ({ key, occurrence, of }) =>
      (only?.test(key) ?? true) && (!steps || isWrite(key) || occurrence === 1 || occurrence === of),
    faults: ({ id }, key) => ALL || !writes || isWrite(key) || ONE_OF_EACH.has(id),
    stays: ({ id }: Fault) => STAY.has(id),
  };
}
