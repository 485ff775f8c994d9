import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf } from '../../src/inventory/backendRefs.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { concerns, splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const pair: PoolPair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const split = (subject: ReturnType<typeof route>, percent: number) =>
  splitRoute(subject, [pair], [pair], percent).after;
const refsOf = (subject: ReturnType<typeof route>) => rulesOf(subject).map((one) => one.backendRefs);

describe('a rule that somebody gave to the v1 pool alone', () => {
  it('stays, whatever the other rules are split at', () => {
    const canary = route([[toV1()], [toAlpha()]]);
    for (const percent of [0, 10, 100]) expect(refsOf(split(canary, percent))[0]).to.deep.equal([toV1()]);
    expect(refsOf(split(canary, 10))[1]).to.deep.equal([
      toAlpha('food', { weight: 90 }),
      toV1('food-ga', { weight: 10 }),
    ]);
  });

  it('is not what a route is split for', () => {
    expect(concerns(route([[toV1()], [toService()]]), [pair])).to.equal(false);
    expect(concerns(route([[toV1()], [toAlpha()]]), [pair])).to.equal(true);
  });

  it('is ours where we brought it to 100 percent, so it goes back too', () => {
    const whole = split(route([[toAlpha()]]), 100);
    expect(concerns(whole, [pair])).to.equal(true);
    expect(refsOf(split(whole, 0))).to.deep.equal([[toAlpha()]]);
  });
});
