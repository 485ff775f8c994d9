// Which faults are tried at which requests of a command line, and which of them stay: what the enumeration enumerates.
// - Every request, every fault, once: reads, writes, and requests to where the Gateway listens.
// - A command that goes on in steps (`steps`) reads the same at each of them: the first and the last time of each request.
// - A fault that was met once is then tried as one that stays, where it is the first of its class and where that could
//   end otherwise: where the request was made again.
import type { Fault } from '../lab/faults/faults.ts';
import { isWrite } from '../lab/faults/key.ts';
import type { Choice } from './campaign.ts';
import type { Line } from './lines.ts';

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

export function choiceFor({ steps, only }: Line): Choice {
  return {
    requests: ({ key, occurrence, of }) =>
      (only?.test(key) ?? true) && (!steps || isWrite(key) || occurrence === 1 || occurrence === of),
    stays: ({ id }: Fault) => STAY.has(id),
  };
}
