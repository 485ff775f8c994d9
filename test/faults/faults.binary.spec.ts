// The binary behind a connection that fails: each fault at the requests that decide most.
import { expect } from 'chai';
import { BEFORE, LOST, OF_THE_ANSWER } from '../lab/faults/faults.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { binary, run } from '../e2e/support.ts';
import { campaign, type Choice } from './campaign.ts';
import { Ground, type Runner } from './ground.ts';
import { READING, WRITING, type Line } from './lines.ts';
import { prepare } from './world.ts';

/** As many as two cores serve without waiting for each other. */
const GROUNDS = 4;

const theBinary: Runner = async (args, { kubeconfig, cwd }) => {
  const began = performance.now();
  const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: kubeconfig };
  const { code, ...said } = await run(binary, [...args], { env, cwd });
  return { code: code ?? -1, ...said, ms: Math.round(performance.now() - began) };
};

const line = (name: string): Line => [...READING, ...WRITING].find((one) => one.name === name)!;

/** What decides on the verdict, and every write. */
const rows: [name: string, requests: RegExp, faults: readonly { id: string }[]][] = [
  ['detect -o json', /v1alpha2\/inferencepools\?/, [...BEFORE, ...OF_THE_ANSWER]],
  ['split 50', /^PATCH /, [...BEFORE, ...OF_THE_ANSWER, ...LOST]],
  ['cleanup', /^DELETE .*\/inferencepools\//, LOST],
  ['rollback', /^PATCH /, LOST],
  ['report -o markdown', /\/services\//, [{ id: '403' }]],
];

describe('a connection that fails', function () {
  // A minute and a half on a machine that has nothing else to do.
  this.timeout(600_000);
  let lab: Lab;
  let settle: () => void;
  const grounds: Ground[] = [];
  /** The first of them by as many ways. */
  const ways: Ground[] = [];

  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false });
    settle = await prepare(lab);
    for (let index = 0; index < GROUNDS; index++) {
      const ground = await Ground.start(lab, index);
      ground.runner = theBinary;
      grounds.push(ground);
    }
    while (ways.length < GROUNDS) ways.push(await grounds[0]!.beside());
  });
  after(async () => {
    settle?.();
    await Promise.all([...ways, ...grounds].map((ground) => ground.stop()));
    await lab?.down();
  });

  for (const [name, requests, faults] of rows)
    it(`${name}: ends as without it, or says clearly what is wrong`, async () => {
      const chosen = line(name);
      const places = chosen.writes ? grounds : ways;
      for (const ground of places) await ground.begin(chosen);
      const ids = new Set(faults.map(({ id }) => id));
      const choice: Choice = {
        requests: ({ key }) => requests.test(key),
        faults: ({ id, does }) => ids.has(id) && does !== 'hang' && does !== 'drip',
        stays: () => false,
      };
      const { tried, wrong } = await campaign(chosen, places, choice);
      expect(wrong, wrong.join('\n\n')).to.be.empty;
      expect(tried).to.be.above(0);
    });
});
