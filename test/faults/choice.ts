// Which faults are tried at which requests of a command line, and which of them stay:
// - At every request every fault; of a line that has some requests in common with another, at its own (`only`).
// - A command that goes on in steps (`steps`) reads the same things at each. At such a read all faults are tried the first
//   and the last time, and in between one of each class; with INFPOOL_FAULTS=all in the environment all there, too, which
//   takes an hour more.
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

/** For the figure: what is tried in between. */
export const AGAIN = ALL ? 'all of them, too' : 'one of each class';

export function choiceFor({ steps, only }: Line): Choice {
  return {
    requests: ({ key }) => only?.test(key) ?? true,
    faults: ({ id }, { key, occurrence, of }) =>
      ALL || !steps || isWrite(key) || occurrence === 1 || occurrence === of || ONE_OF_EACH.has(id),
    stays: ({ id }: Fault) => STAY.has(id),
  };
}
