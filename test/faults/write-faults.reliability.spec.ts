// Commands that write, and a connection that fails: every request of each line, and at each the faults that choice.ts
// names. In this process, on one real API server; after each fault, what stands there is compared.
import { BEFORE, LOST, OF_THE_ANSWER } from '../lab/faults/faults.ts';
import { AGAIN } from './choice.ts';
import { enumerate } from './enumeration.ts';
import { ALONE, WRITING } from './lines.ts';

/** Half of the time they wait, for time limits and for what others do. */
const WRITERS = 16;
/** A migration reads the whole cluster at each step: the more namespaces, the longer its lists. */
const MIGRATIONS = 8;

describe('faults between what writes and the API server', function () {
  this.timeout(180_000);
  enumerate(
    [
      { title: 'what writes', lines: WRITING.filter(({ steps }) => !steps), atOnce: WRITERS },
      { title: 'what goes on in steps', lines: WRITING.filter(({ steps }) => steps), atOnce: MIGRATIONS },
      { title: 'what changes the whole cluster', lines: ALONE, atOnce: 1 },
    ],
    'write-faults',
    ({ requests, lines }) => ({
      place: 2,
      tried:
        `faults between what writes and the API server: at each of ${requests} requests of ${lines} command lines each of ` +
        `${BEFORE.length + OF_THE_ANSWER.length} faults, at writes ${LOST.length} more (their answers lost), at what \`migrate\` reads again at each step ${AGAIN}; once, and staying where that differs`,
    }),
  );
});
