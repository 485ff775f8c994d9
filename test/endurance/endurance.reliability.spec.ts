// Half an hour of connections that are cut every few seconds: what runs for long must not grow, nor miss its end.
//   INFPOOL_ENDURE_MINUTES   how long; default 30
import { expect } from 'chai';
import { Bench } from '../e2e/support.ts';
import { handIn } from '../support/figures.ts';
import { endure, NS, STEPS } from './endurance.ts';
import { expectModest, expectQuiet, expectTold, told } from './judge.ts';
import { busy, growth, mean, type Vitals } from './vitals.ts';

const MINUTES = Number(process.env['INFPOOL_ENDURE_MINUTES'] ?? 30);
const SAMPLE_MS = 5000;
/** Until then the heap finds its size; of a shorter run, a third. */
const SETTLED_S = Math.min(300, (MINUTES * 60) / 3);
/**
 * In ten minutes. A leak of a kilobyte a request would be four times as much or more. It is not less, because at a look every
 * two seconds V8 and the allocator take more than this half-hour to find their size: at twenty looks a second memory grows
 * for the first three thousand, too, and then stands still (0.3 MB in the next five thousand).
 */
const MOST_GROWTH_MB = 2;
const MOST_TIMES = 1.3;
/** Of a core. A look of the migration is 45 answers and four requests of its own, every second. */
const MOST_BUSY = { watching: 0.02, migrating: 0.05 };

describe('half an hour of a connection that is cut every few seconds', function () {
  this.timeout((MINUTES + 5) * 60_000);
  let bench: Bench;
  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
  });
  after(() => bench?.end());

  it('memory stays flat, no phase is missed, no core is kept busy, and the migration ends at v1', async () => {
    const intervalSeconds = Math.round((MINUTES * 60) / STEPS.length);
    const endured = await endure(bench, { intervalSeconds, sampleMs: SAMPLE_MS, seed: 20261124 });
    console.log(told(endured).replace(/^/gm, '      '));
    const flat = {
      watching: flatness(endured.watching.vitals),
      migrating: flatness(endured.migrating.vitals),
    };
    console.log(`      ${JSON.stringify(flat)}`);

    expectTold(endured);
    expectQuiet(endured);
    expectModest(endured);
    for (const name of ['watching', 'migrating'] as const) {
      const { grown, times, share } = flat[name];
      expect(grown, `MB in ten minutes, ${name}`).to.be.below(MOST_GROWTH_MB);
      expect(times, `of the memory after ${SETTLED_S} s, ${name}`).to.be.below(MOST_TIMES);
      expect(share, `of a core, ${name}`).to.be.below(MOST_BUSY[name]);
    }
    const cuts = endured.watching.cutter.cuts + endured.migrating.cutter.cuts;
    const most = Math.max(flat.watching.grown, flat.migrating.grown).toFixed(1);
    handIn('endurance', {
      place: 6,
      tried: 'Minutes of `status --watch` and `migrate` with connections cut every few seconds',
      count: MINUTES,
      outcome: `${cuts} cuts, memory ${most.startsWith('-') ? '' : '+'}${most} MB in ten minutes at most, 0 missed phases, all traffic at v1`,
    });
  });
});

function flatness(vitals: Vitals) {
  const settled = vitals.after(SETTLED_S);
  // One sample alone may be just before or after a collection.
  const then = mean(settled.slice(0, 6).map(({ residentMb }) => residentMb));
  const most = Math.max(...settled.map(({ residentMb }) => residentMb));
  return { grown: growth(settled), times: most / then, share: busy(settled), then, most };
}
