// Every command line, every request of it, each fault that choice.ts names there: once, and staying. In this process, on
// one real API server; what only reads gets that server's answers from a tape, since nothing changes meanwhile.
import { expect } from 'chai';
import { BEFORE, LOST, OF_THE_ANSWER } from '../lab/faults/faults.ts';
import type { ProxyOptions } from '../lab/faults/proxy.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { handIn } from '../support/figures.ts';
import { campaign, type Choice, type Tally } from './campaign.ts';
import { choiceFor } from './choice.ts';
import { Ground } from './ground.ts';
import { ALONE, READING, WRITING, type Line } from './lines.ts';
import { prepare } from './world.ts';

/** Some wait for time limits, so more at once than there are cores. */
const READERS = 12;
const WRITERS = 6;
const MINUTE = 60_000;

const [PAGED, PLAIN] = [READING.filter(({ paged }) => paged), READING.filter(({ paged }) => !paged)];
/** What is put into an answer is the same whatever it comes by. */
const OVER_HTTP1 = READING.filter(({ whole }) => whole);
const ofTheConnection: Choice = { faults: ({ does }) => does !== 'answer' };

describe('faults between it and the API server', function () {
  this.timeout(30 * MINUTE);
  let lab: Lab;
  let settle: () => void;
  let grounds: Ground[] = [];
  const sum = { tried: 0, requests: 0, same: 0, error: 0, wrong: 0, lines: 0 };

  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false });
    settle = await prepare(lab);
  });
  after(async () => {
    settle?.();
    await leave();
    await lab?.down();
  });

  async function leave(): Promise<void> {
    await Promise.all(grounds.map((ground) => ground.stop()));
    grounds = [];
  }

  /** One namespace, several ways to it. */
  async function read(options: ProxyOptions = {}): Promise<void> {
    await leave();
    const first = await Ground.start(lab, 0, options);
    grounds.push(first);
    while (grounds.length < READERS) grounds.push(await first.beside());
  }

  /** Namespaces side by side. */
  async function write(count: number): Promise<void> {
    await leave();
    while (grounds.length < count) grounds.push(await Ground.start(lab, grounds.length));
  }

  async function holds(line: Line, choice: Choice = {}): Promise<void> {
    for (const ground of grounds) await ground.begin(line);
    const tally = await campaign(line, grounds, { ...choiceFor(line), ...choice });
    add(tally);
    expect(tally.wrong, tally.wrong.join('\n\n')).to.be.empty;
    expect(tally.tried, 'faults that were met').to.be.above(0);
  }

  function add({ tried, requests, same, error, wrong }: Tally): void {
    sum.tried += tried;
    sum.requests += requests;
    sum.same += same;
    sum.error += error;
    sum.wrong += wrong.length;
    sum.lines++;
  }

  describe('what reads', () => {
    before(() => read());
    for (const line of PLAIN) it(line.name, () => holds(line));
  });

  describe('what reads page by page', () => {
    before(() => read({ page: 1 }));
    for (const line of PAGED) it(line.name, () => holds(line));
  });

  describe('what reads over HTTP/1.1', () => {
    before(() => read({ http1Only: true }));
    for (const line of OVER_HTTP1) it(line.name, () => holds(line, ofTheConnection));
  });

  describe('what writes', () => {
    before(() => write(WRITERS));
    for (const line of WRITING) it(line.name, () => holds(line));
  });

  describe('what changes the whole cluster', () => {
    before(() => write(1));
    for (const line of ALONE) it(line.name, () => holds(line));
  });

  // In a block of its own: tests of the outer one would run before all of the above.
  describe('the figure', () => {
    it('hands in what it counted, where all of it was tried and none of it was wrong', () => {
      expect(sum.lines, 'command lines').to.equal(
        [...PLAIN, ...PAGED, ...OVER_HTTP1, ...WRITING, ...ALONE].length,
      );
      expect(sum.wrong, 'wrong').to.equal(0);
      const faults = BEFORE.length + OF_THE_ANSWER.length + LOST.length;
      handIn('faults', {
        place: 1,
        tried:
          `faults between it and the API server: ${sum.requests} requests of ${sum.lines} command lines; ` +
          `all ${faults} faults at each write and at each read of \`detect\` and \`split\`, one of each class at the reads of the others`,
        count: sum.tried,
        outcome: `${sum.same} ended as without the fault, ${sum.error} with a clear error, ${sum.wrong} wrong`,
      });
    });
  });
});
