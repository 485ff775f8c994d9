import { expect } from 'chai';
import fc from 'fast-check';
import { pairWeights } from '../../src/traffic/weights.ts';

const MAX = 1_000_000;

describe('the weights of a pair', () => {
  it('are the percentages themselves where the pair is alone', () => {
    expect(pairWeights(1, [], 33)).to.deep.equal({ alpha: 67, v1: 33, factor: 1 });
    expect(pairWeights(MAX, [0, 0], 1)).to.deep.equal({ alpha: 99, v1: 1, factor: 1 });
  });

  it('stay small where they divide', () => {
    expect(pairWeights(50, [50], 50)).to.deep.equal({ alpha: 25, v1: 25, factor: 1 });
    expect(pairWeights(1, [3], 50)).to.deep.equal({ alpha: 1, v1: 1, factor: 2 });
    expect(pairWeights(1, [3], 33)).to.deep.equal({ alpha: 67, v1: 33, factor: 100 });
  });

  it("come as near as Gateway API's 1,000,000 allows where they do not divide", () => {
    expect(pairWeights(333_333, [333_334], 33)).to.deep.equal({ alpha: 446_666, v1: 220_000, factor: 2 });
    expect(pairWeights(999_999, [MAX], 33)).to.deep.equal({ alpha: 669_999, v1: 330_000, factor: 1 });
  });

  it('do not exist where the nearest whole numbers are too far off', () => {
    expect(pairWeights(1, [MAX], 50)).to.equal(null);
    expect(pairWeights(2, [MAX], 33)).to.equal(null);
    expect(pairWeights(2 * MAX, [1], 50), 'more than the maximum').to.equal(null);
  });

  it('take a share that somebody set by hand, which need not be whole', () => {
    for (const others of [[], [5]]) {
      const weights = pairWeights(3, others, 100 / 3)!;
      expect(Number.isInteger(weights.v1) && Number.isInteger(weights.alpha)).to.be.true;
      expect((100 * weights.v1) / (weights.alpha + weights.v1)).to.be.closeTo(100 / 3, 0.001);
    }
  });

  it('are whole, within bounds, within 0.01 percent, and move no other share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX }),
        fc.array(fc.integer({ min: 0, max: MAX }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 99 }),
        (total, others, percent) => {
          const weights = pairWeights(total, others, percent);
          if (!weights) return;
          const { alpha, v1, factor } = weights;
          for (const weight of [alpha, v1, factor, ...others.map((other) => other * factor)]) {
            expect(Number.isInteger(weight)).to.be.true;
            expect(weight).to.be.within(0, MAX);
          }
          expect((100 * v1) / (alpha + v1)).to.be.closeTo(percent, 0.01);
          if (others.some((other) => other > 0)) expect(alpha + v1).to.equal(total * factor);
        },
      ),
    );
  });

  it('exist for every percent where the weights are what people write', () => {
    const small = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(small, fc.array(small), fc.integer({ min: 1, max: 99 }), (total, others, percent) => {
        expect(pairWeights(total, others, percent)).not.to.equal(null);
      }),
    );
  });
});
