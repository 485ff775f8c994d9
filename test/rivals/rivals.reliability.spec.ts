// Migrations, one after the other, among others who write to the same objects all the while, and what only happens now and
// then in the middle of one. About two minutes.
import { expect } from 'chai';
import { Bench, offline, type Outcome } from '../e2e/support.ts';
import { handIn } from '../support/figures.ts';
import {
  expectAsBefore,
  fray,
  markers,
  NS,
  OtherMachine,
  percentOf,
  putBack,
  remake,
  Scaler,
} from './fray.ts';
import { lostMarks, Rivals } from './rival.ts';
import { restartApiServer } from './restart.ts';
import { claims, reached, running, type Running } from './running.ts';
import { startWebhook } from './webhook.ts';

const ROUNDS = 1;
/** Runs in a row that others may overtake too often. */
const AGAIN = 5;

describe('migrations among rivals', function () {
  this.timeout(15 * 60_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.start();
  });
  after(() => bench?.end());

  it('nothing that another wrote is lost, and every run ends, or says precisely why not', async () => {
    const { original } = await fray(bench);
    const { admin } = bench.lab;
    const files = await offline();
    const args = (interval: string) => {
      const fixed = ['migrate', `${NS}-preview`, '-n', NS, '--yes', '--steps', '50,100', '--timeout', '60s'];
      return [...fixed, '--interval', interval, ...files];
    };
    const begin = (interval = '2s', ...more: string[]) => running(bench, [...args(interval), ...more]);
    const at50 = (run: Running) =>
      reached(run, async () => {
        const route = await bench.route(NS).catch(() => null); // the API server may be away
        return run.stderr().includes('Step: 50') && route !== null && percentOf(route, 0) === 50;
      });

    const ended = { done: 0, stopped: 0 };
    // On a busy machine the others change the route's spec faster than anybody can read, decide and write. It says so, names
    // who, and has written nothing; the next run goes on from there, as its hint says.
    let overtaken = 0;
    const isOvertaken = (said: string) => {
      if (!/kept changing while we tried to write \d+ times/.test(said)) return false;
      expect(said).to.match(/last written by .* \((Update|Apply), /);
      expect(++overtaken, said).to.be.at.most(AGAIN);
      ended.stopped += 1;
      return true;
    };
    const done = async (run: Running) => {
      let outcome = await run.ended;
      while (outcome.code === 3 && isOvertaken(outcome.stderr)) outcome = await begin().ended;
      expect(outcome.code, outcome.stderr).to.equal(0);
      ended.done += 1;
    };
    /** A run that has brought half of the traffic to v1. */
    const halfway = async (interval: string, ...more: string[]): Promise<Running> => {
      for (;;) {
        const run = begin(interval, ...more);
        try {
          await at50(run);
          return run;
        } catch (error) {
          if (!isOvertaken((error as Error).message)) throw error;
        }
      }
    };
    const stopped = ({ code, stderr }: Outcome, exit: number, ...words: string[]) => {
      for (const word of words) expect(stderr).to.contain(word);
      expect(stderr).to.match(/^ {2}→ .*kubectl /m); // what to do
      expect(stderr).not.to.match(/^\s+at .*:\d+/m);
      expect(code, stderr).to.equal(exit);
      ended.stopped += 1;
    };

    const back = async () => {
      for (;;) {
        const { code, stderr } = await bench.infpool([
          ...['split', '0', '--pool', `${NS}-preview`, '-n', NS, '--yes'],
        ]);
        if (code === 0) return;
        if (!isOvertaken(stderr)) expect.fail(`exit ${code}: ${stderr}`);
      }
    };

    const events: Record<string, () => Promise<void>> = {
      'none but the rivals': async () => await done(begin()),
      'an API server that is restarted': async () => {
        const run = await halfway('5s');
        await restartApiServer(bench.lab, 2000);
        await done(run);
      },
      'a controller that puts the weights back': async () => {
        const run = await halfway('60s');
        await putBack(bench, original);
        stopped(await run.ended, 3, 'Stopped at 50 percent', `llm-route in namespace ${NS} was changed`);
      },
      'a second migrate, a crash, and a third': async () => {
        const first = await halfway('60s');
        const who = `(pid ${first.pid}) since `;
        stopped(await begin().ended, 3, `being migrated by `, who, '--take-over');
        first.kill('SIGKILL');
        await first.ended;
        await done(begin());
      },
      'a webhook that refuses the last step': async () => {
        const webhook = await startWebhook(admin, 'Validating', {
          name: 'freeze.example.com',
          namespace: NS,
          decide: (route) => (percentOf(route, 0) === 100 ? { refuse: 'change freeze' } : null),
        });
        try {
          const words = ['"freeze.example.com" denied the request: change freeze', 'HTTPRoute llm-route'];
          stopped(await begin().ended, 1, ...words);
        } finally {
          await webhook.stop();
        }
        await done(begin());
      },
      'a controller that makes the pool anew': async () => {
        // By what is read alone: requests that come while the pool is away fail, and a gate may see those first.
        const run = await halfway('5s', '--no-probe');
        await remake(bench);
        await done(run);
      },
    };

    const rivals = new Rivals();
    const other = new OtherMachine(bench);
    const scaler = new Scaler(bench);
    rivals.start(...markers(bench), other.habit(), scaler.habit());
    let runs = 0;
    try {
      for (let round = 1; round <= ROUNDS; round++)
        for (const [name, event] of Object.entries(events)) {
          const before = Date.now();
          await event().catch((error: unknown) => {
            throw new Error(`round ${round}, ${name}: ${(error as Error).message}`, { cause: error });
          });
          expect(await claims(admin, NS), `claims after ${name}`).to.deep.equal([]);
          await back();
          console.log(`      round ${round}, ${name}: ${((Date.now() - before) / 1000).toFixed(0)} s`);
          runs += 1;
          overtaken = 0;
        }
    } finally {
      await rivals.stop();
    }

    expect(await lostMarks(admin, rivals.marks)).to.deep.equal([]);
    const route = await bench.route(NS);
    expect(percentOf(route, 1), 'what the other kubectl infpool wrote last').to.equal(other.percent);
    expect(await scaler.seen()).to.equal(scaler.replicas);
    await bench.done(['rollback', '-n', NS, '--yes']);
    expectAsBefore(await bench.route(NS), original);

    const count = rivals.marks.length + other.writes + scaler.writes;
    expect(other.writes).to.be.above(5);
    handIn('rivals', {
      place: 3,
      tried: `Writes of six others to the same route and pools while we migrated, in ${runs} situations`,
      count,
      outcome: `0 lost; ${ended.done} runs ended, ${ended.stopped} stopped and said who and why`,
    });
    console.log(`      ${count} writes of others, ${ended.done} done, ${ended.stopped} stopped`);
  });
});
