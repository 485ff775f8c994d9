// Every command line, every request of it, every fault: once, and from then on. In this process, on one real API server.
import { expect } from 'chai';
import { BEFORE, LOST, OF_THE_ANSWER } from '../lab/faults/faults.ts';
import type { ProxyOptions } from '../lab/faults/proxy.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { handIn } from '../support/figures.ts';
import { campaign, type Choice, type Tally } from './campaign.ts';
import { Ground } from './ground.ts';
import { READING, WRITING, type Line } from './lines.ts';
import { prepare } from './world.ts';

/** Most of the time goes into waiting for time limits, so more at once than there are cores. */
const GROUNDS = 8;
/** Where one namespace may not be what another one's command reads meanwhile. */
const WRITERS = 6;
const MINUTE = 60_000;

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
    await change([]);
    await lab?.down();
  });

  async function change(next: readonly ProxyOptions[]): Promise<void> {
    await Promise.all(grounds.map((ground) => ground.stop()));
    grounds = [];
    for (const [index, options] of next.entries()) grounds.push(await Ground.start(lab, index, options));
  }

  async function holds(line: Line, choice: Choice = {}): Promise<void> {
    for (const ground of grounds) await ground.begin(line.from);
    const tally = await campaign(line, grounds, choice);
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
    before(() => change(Array.from({ length: GROUNDS }, () => ({}))));
    for (const line of READING.filter(({ paged }) => !paged)) it(line.name, () => holds(line));
  });

  describe('what reads page by page', () => {
    before(() => change(Array.from({ length: GROUNDS }, () => ({ page: 1 }))));
    const isPage = (key: string) => key.endsWith('continue');
    for (const line of READING.filter(({ paged }) => paged))
      it(line.name, () => holds(line, { requests: isPage }));
  });

  describe('what reads over HTTP/1.1', () => {
    before(() => change(Array.from({ length: GROUNDS }, () => ({ http1Only: true }))));
    // What is put into an answer is the same whatever it comes by.
    const ofTheConnection: Choice = { faults: ({ does }) => does !== 'answer' };
    for (const line of READING.slice(0, 1)) it(line.name, () => holds(line, ofTheConnection));
  });

  describe('what writes', () => {
    before(() => change(Array.from({ length: WRITERS }, () => ({}))));
    for (const line of WRITING) it(line.name, () => holds(line));
  });

  it('hands in what it counted', () => {
    const faults = BEFORE.length + OF_THE_ANSWER.length + LOST.length;
    handIn('faults', {
      place: 1,
      tried: `faults between it and the API server: ${sum.requests} requests of ${sum.lines} command lines × ${faults} faults, once and always`,
      count: sum.tried,
      outcome: `${sum.same} ended as without the fault, ${sum.error} with a clear error, ${sum.wrong} wrong`,
    });
  });
});
