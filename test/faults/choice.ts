// Of the requests of a command line all are tried, or those that are its own (`only`), and at each every fault. What was met
// once is then tried as a fault that stays: where it is the first of its class, and where that could end otherwise.
import type { Fault } from '../lab/faults/faults.ts';
import type { Choice } from './campaign.ts';
import type { Line } from './lines.ts';

/**
 * One of each class of what may come of a request: no connection, no answer, a status that says "not you", "no such
 * thing", "later" or "broken", and a write that was done and is told as failed.
 */
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

export function choiceFor({ only }: Line): Choice {
  return {
    requests: ({ key }) => only?.test(key) ?? true,
    stays: ({ id }: Fault) => STAY.has(id),
  };
}
