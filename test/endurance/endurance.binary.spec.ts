// Seconds of what endurance.reliability.spec.ts does for half an hour.
import { Bench } from '../e2e/support.ts';
import { endure, NS } from './endurance.ts';
import { expectModest, expectQuiet, expectTold, told } from './judge.ts';

describe('a connection that is cut every few seconds', function () {
  this.timeout(120_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
  });
  after(() => bench?.end());

  it('a watch sees every phase once and the end at once, a migration comes to its end, and both stay modest', async () => {
    const endured = await endure(bench, { intervalSeconds: 6, sampleMs: 1000, seed: 1 });
    console.log(told(endured).replace(/^/gm, '      '));
    expectTold(endured);
    expectQuiet(endured);
    expectModest(endured);
  });
});
