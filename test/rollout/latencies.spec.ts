import { expect } from 'chai';
import fc from 'fast-check';
import { Latencies } from '../../src/rollout/latencies.ts';
import { Requests } from '../../src/rollout/requests.ts';

describe('the latencies of many requests', () => {
  const of = (...numbers: number[]) => {
    const latencies = new Latencies();
    for (const ms of numbers) latencies.add(ms);
    return latencies;
  };

  it('have percentiles by nearest rank', () => {
    expect(of().percentile(50)).to.equal(null);
    expect(of(7).percentile(99)).to.equal(7);
    expect(of(4, 1, 3, 2).percentile(50)).to.equal(2);
    expect(of(4, 1, 3, 2).percentile(99)).to.equal(4);
    expect(of(9, 9, 1).percentile(50)).to.equal(9);
    expect(of(5).percentile(0)).to.equal(5);
  });

  it('are right to half of a percent, or half of a millisecond', () => {
    const numbers = fc.array(fc.double({ min: 0, max: 200_000, noNaN: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 100 }), (some, percent) => {
        const exact = some.sort((a, b) => a - b)[Math.ceil((percent / 100) * some.length) - 1]!;
        const told = of(...some).percentile(percent)!;
        expect(Math.abs(told - exact)).to.be.at.most(Math.max(0.5, exact * 0.005) + 1e-9);
      }),
    );
  });

  it('of a hundred thousand take no more room than those of a few thousand', () => {
    const latencies = of(...Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 75_000));
    expect(latencies.counted().length).to.be.below(3000);
    expect(latencies.percentile(50)).to.be.within(37_000, 38_000);
  });
});

describe('the requests of a step', () => {
  it('are failed without a 2xx, and only answered ones have a latency', () => {
    const requests = new Requests();
    requests.add([200, 204, 299, 300, 199, 0, 503].map((status, at) => ({ status, ms: 10 * at })));
    expect(requests).to.include({ sent: 7, failed: 4 });
    expect(requests.latencies.counted()).to.deep.equal([0, 10, 20].map((ms) => [ms, 1]));
  });
});
