// Commands that read, and a connection that fails: every request of each line, and every fault at each. In this process;
// the real API server's answers come from a tape, since nothing changes meanwhile.
import { BEFORE, OF_THE_ANSWER } from '../lab/faults/faults.ts';
import { enumerate } from './enumeration.ts';
import { READING } from './lines.ts';

/** Some wait for time limits, so more at once than there are cores. */
const READERS = 32;

describe('faults between what reads and the API server', function () {
  this.timeout(180_000);
  enumerate(
    [
      { title: 'what reads', lines: READING.filter(({ paged }) => !paged), atOnce: READERS },
      {
        title: 'what reads page by page',
        lines: READING.filter(({ paged }) => paged),
        atOnce: READERS,
        options: { page: 1 },
      },
      {
        title: 'what reads over HTTP/1.1',
        lines: READING.filter(({ http1 }) => http1),
        atOnce: READERS,
        options: { http1Only: true },
        // What is put into an answer is the same whatever it comes by.
        choice: { faults: ({ does }) => does !== 'answer' },
      },
    ],
    'faults',
    ({ requests, lines }) => ({
      place: 1,
      tried:
        `faults between reads and the API server: at each of ${requests} requests of ${lines} command lines each of ` +
        `${BEFORE.length + OF_THE_ANSWER.length} faults; once, and staying where that differs`,
    }),
  );
});
