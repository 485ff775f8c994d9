// "Without downtime", on the real parts: Envoy, endpoint pickers v0.3.0 and v1.0.1, a constant load all the while.
import { expect } from 'chai';
import { timeline } from '../lab/load/print.ts';
import {
  expectShares,
  expectZero,
  followed,
  migrateArgs,
  started,
  underLoad,
  until,
  v1Percent,
} from './live.ts';
import { ALPHA_POOLS, Bench, wanted } from './support.ts';

describe('live traffic', function () {
  this.timeout(300_000);
  let bench: Bench;

  beforeEach(async function () {
    this.timeout(900_000); // where nothing is built yet
    bench = await Bench.start({}, { dataPlane: 'envoy', backoffMs: 500 });
  });
  afterEach(() => bench?.end());

  const stack = () => bench.preview('mine', { models: ['food-review'], replicas: 3 });
  const show = (text: string) => console.log(text.replace(/^/gm, '      '));

  it('migrate --cleanup: not one request fails, and v1 gets its share at each step', async () => {
    const { url } = await stack();
    const load = await underLoad(url);
    const run = bench.infpool(
      await migrateArgs(
        '--steps',
        '10,50,100',
        '--interval',
        '5s',
        '--cleanup',
        '--crds',
        '--helm-uninstall',
      ),
    );
    const steps = await followed(bench, load, run);
    const { code, stdout, stderr } = await run;
    const report = await load.stop();
    expect(code, stderr).to.equal(0);
    show(`${stdout}\n${timeline(report)}`);
    expectZero(report);
    expect(steps.map(({ percent }) => percent)).to.deep.equal([0, 10, 50, 100]);
    expectShares(report, steps);
    expect(await bench.crd(ALPHA_POOLS)).to.equal(undefined);
  });

  it('split 50, split 100 and rollback by hand: not one request fails', async () => {
    const { url } = await stack();
    const before = wanted(await bench.route('mine'));
    const load = await underLoad(url);
    const work = (async () => {
      await bench.side('mine');
      for (const command of [['split', '50'], ['split', '100'], ['rollback']]) {
        await bench.done([...command, '-n', 'mine', '--yes']);
        await new Promise((resolve) => setTimeout(resolve, 4000)); // how long it is watched
      }
    })();
    const steps = await followed(bench, load, work);
    await work;
    const report = await load.stop();
    expectZero(report);
    expectShares(report, steps);
    expect(wanted(await bench.route('mine'))).to.deep.equal(before);
  });

  it('migrate killed by SIGKILL again and again arrives with not one request failed', async () => {
    const { url } = await stack();
    const load = await underLoad(url);
    const args = await migrateArgs(
      '--steps',
      '50,100',
      '--interval',
      '2s',
      '--cleanup',
      '--crds',
      '--helm-uninstall',
    );
    for (let kills = 0; kills < 5; kills++) {
      const run = started(bench, [...args, '--backup', `${bench.cwd}/killed-${kills}.yaml`]);
      const timer = setTimeout(run.kill, 1500 + 1300 * kills); // each time further on
      await run.ended;
      clearTimeout(timer);
    }
    const { code, stderr } = await bench.infpool(args);
    const report = await load.stop();
    expect(code, stderr).to.equal(0);
    expectZero(report);
    expect(await v1Percent(bench)).to.equal(100);
  });

  it('notices that the v1 endpoint picker died, turns back by itself, and says what it cost', async () => {
    const { url } = await stack();
    const before = wanted(await bench.route('mine'));
    const load = await underLoad(url);
    const run = bench.infpool(await migrateArgs('--steps', '50,100', '--interval', '30s'));
    await until(async () => (await v1Percent(bench)) === 50);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    load.mark('picker killed');
    const killedAt = Date.now() - load.startedAt;
    for (const picker of bench.players.pickers!.of('mine', 'mine-ga-epp')) await picker.kill();
    const { code, stdout, stderr } = await run;
    const backAfter = (Date.now() - load.startedAt - killedAt) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const report = await load.stop();
    show(
      `${stdout}${stderr.split('\n').slice(-5).join('\n')}\n${timeline(report)}\n${report.failed} of ${report.sent} requests failed; back ${backAfter.toFixed(1)} s after the kill`,
    );
    expect(code, stderr).to.equal(2);
    expect(stderr).to.match(/Rolled back \d+\.\d s after the first sign/);
    expect(wanted(await bench.route('mine'))).to.deep.equal(before);
    expect(report.timeline.at(-1)!.failed).to.equal(0);
    expect(report.failed).to.be.above(0);
    expect(backAfter).to.be.below(15);
  });
});
