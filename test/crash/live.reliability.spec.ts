// Crashes under load, through Envoy and real endpoint pickers: not one request fails, whoever dies when.
import { expect } from 'chai';
import { startLoad } from '../lab/load/load.ts';
import { handIn } from '../support/figures.ts';
import { expectZero, MODEL, v1Percent } from '../e2e/live.ts';
import { ALPHA_POOLS, offline } from '../e2e/support.ts';
import { Folder, Stage } from './stage.ts';

const MINUTE = 60_000;
const RATE = 100;

describe('SIGKILL under load', function () {
  this.timeout(30 * MINUTE);
  let stage: Stage;

  before(async function () {
    this.timeout(15 * MINUTE); // where nothing is built yet
    stage = await Stage.start({}, { dataPlane: 'envoy', backoffMs: 500 });
  });
  after(() => stage?.end());

  it('migrate --cleanup, killed after its first write, then after its third, its fifth …: not one request fails', async () => {
    const { url } = await stage.bench.preview('mine', { models: [MODEL], replicas: 3 });
    const load = await startLoad({ url, rate: RATE, models: [MODEL], streamShare: 0.5, maxSeconds: 1500 });
    const flags = ['--steps', '50,100', '--interval', '1s', '--cleanup', '--crds', '--helm-uninstall'];
    const args = ['migrate', '-n', 'mine', '--yes', ...flags, ...(await offline())];
    const folder = new Folder();
    let kills = 0;
    try {
      for (let write = 0; ; write += 2) {
        // A helm dies with us every other time, and goes on by itself else.
        const moment = kills % 2 === 0 ? 'after' : 'during';
        const { code, reached, stderr } = await stage.killed(args, folder.path, { write, moment });
        if (reached) {
          kills += 1;
          continue;
        }
        expect(code, stderr).to.equal(0);
        break;
      }
    } finally {
      folder.remove();
    }
    const report = await load.stop();
    expectZero(report);
    expect(kills).to.be.above(3);
    expect(await v1Percent(stage.bench)).to.equal(100);
    expect(await stage.bench.crd(ALPHA_POOLS)).to.equal(undefined);
    handIn('crash-live', {
      place: 2,
      tried: 'requests sent while migrate was killed again and again, at 100 a second',
      count: report.sent,
      outcome: `${kills} kills, ${report.failed} requests failed`,
    });
  });
});
