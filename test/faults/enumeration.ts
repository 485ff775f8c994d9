// Each command line with each fault that choice.ts names for it, line by line, on one real API server; and the figure.
import { expect } from 'chai';
import type { ProxyOptions } from '../lab/faults/proxy.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { handIn, type Figure } from '../support/figures.ts';
import { campaign, type Choice } from './campaign.ts';
import { choiceFor } from './choice.ts';
import { Ground } from './ground.ts';
import type { Line } from './lines.ts';
import { prepare } from './world.ts';

export interface Part {
  readonly title: string;
  readonly lines: readonly Line[];
  /** So many at once: namespaces for what writes, ways to one namespace for what reads. */
  readonly atOnce: number;
  readonly options?: ProxyOptions;
  readonly choice?: Choice;
}

/** As Tally, of all lines. */
interface Sum {
  tried: number;
  requests: number;
  same: number;
  error: number;
  wrong: number;
  lines: number;
}

const MINUTE = 60_000;

/** The longest that one line may take; a migration with its thousands of faults is an hour on two cores. */
const LIMIT = 150 * MINUTE;

/** To be called where tests are described. */
export function enumerate(
  parts: readonly Part[],
  name: string,
  figure: (sum: Sum) => Pick<Figure, 'place' | 'tried'>,
): void {
  let lab: Lab;
  let settle: () => void;
  let grounds: Ground[] = [];
  const sum: Sum = { tried: 0, requests: 0, same: 0, error: 0, wrong: 0, lines: 0 };

  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false });
    settle = await prepare(lab);
  });
  after(async () => {
    settle?.();
    await leave();
    await lab?.down();
  });

  /** Whose namespace others use goes last. */
  async function leave(): Promise<void> {
    for (const ground of grounds.toReversed()) await ground.stop();
    grounds = [];
  }

  async function holds(line: Line, choice: Choice = {}): Promise<void> {
    for (const ground of grounds) await ground.begin(line);
    let [done, told] = [0, Date.now()];
    let wrongs = 0;
    const onBegin = (points: number, faults: number) =>
      console.log(`        ${line.name}: ${points} requests, ${faults} faults to try`);
    const onDone = (_: unknown, __: number, wrong: readonly string[]) => {
      done++;
      for (; wrongs < wrong.length; wrongs++) console.log(`        wrong: ${wrong[wrongs]}`);
      if (Date.now() - told < MINUTE) return;
      told = Date.now();
      console.log(`        … ${done} faults so far`);
    };
    const { tried, requests, same, error, wrong } = await campaign(line, grounds, {
      ...choiceFor(line),
      ...choice,
      onBegin,
      onDone,
    });
    sum.tried += tried;
    sum.requests += requests;
    sum.same += same;
    sum.error += error;
    sum.wrong += wrong.length;
    sum.lines++;
    console.log(
      `        ${requests} requests, ${tried} faults: ${same} ended as without, ${error} with an error`,
    );
    expect(wrong, wrong.join('\n\n')).to.be.empty;
    expect(tried, 'faults that were met').to.be.above(0);
  }

  for (const { title, lines, atOnce, options = {}, choice } of parts)
    describe(title, () => {
      before(async () => {
        await leave();
        const writes = lines.some((line) => line.writes);
        while (grounds.length < atOnce)
          grounds.push(
            writes || grounds.length === 0
              ? await Ground.start(lab, grounds.length, options)
              : await grounds[0]!.beside(),
          );
      });
      for (const line of lines) it(line.name, () => holds(line, choice)).timeout(LIMIT);
    });

  // In a block of its own: tests of the outer one would run before all of the above.
  describe('the figure', () => {
    it('is handed in where all of it was tried and none of it was wrong', () => {
      expect(sum.lines, 'command lines').to.equal(parts.flatMap(({ lines }) => lines).length);
      expect(sum.wrong, 'wrong').to.equal(0);
      const outcome = `${sum.same} ended as without the fault, ${sum.error} with a clear error, ${sum.wrong} wrong`;
      handIn(name, { ...figure(sum), count: sum.tried, outcome });
    });
  });
}
