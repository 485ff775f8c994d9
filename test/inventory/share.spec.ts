import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import type { BackendRef } from '../../src/inventory/backendRefs.ts';
import { trafficShare } from '../../src/inventory/share.ts';
import { alphaPool, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const alpha = refOf(alphaPool());
const v1 = refOf(v1Pool());
const w = (weight: number) => ({ weight });

function share(...rules: BackendRef[][]): number | null {
  return trafficShare([route(rules)], alpha, v1);
}

describe('the share of traffic on v1', () => {
  it('is not known where no rule names either pool, or none gets traffic', () => {
    expect(share()).to.equal(null);
    expect(share([toService()])).to.equal(null);
    expect(share([toAlpha('food', w(0)), toV1('food-ga', w(0))])).to.equal(null);
  });

  it('is by weight, an unset weight being 1, whatever others get', () => {
    expect(share([toAlpha()])).to.equal(0);
    expect(share([toV1()])).to.equal(100);
    expect(share([toAlpha(), toV1()])).to.equal(50);
    expect(share([toAlpha('food', w(2)), toV1(), toService('other', w(97))])).to.be.closeTo(33.33, 0.01);
  });

  it('is the mean over the rules that send something to the pair', () => {
    expect(share([toAlpha()], [toV1()], [toService()], [toAlpha('food', w(0))])).to.equal(50);
  });

  it('does not mix pools of one name', () => {
    const twin = refOf(v1Pool('food'));
    expect(trafficShare([route([[toAlpha('food', w(3)), toV1('food', w(1))]])], alpha, twin)).to.equal(25);
    const elsewhere = route([[toAlpha('food', { namespace: 'other' }), toV1()]]);
    expect(trafficShare([elsewhere], alpha, v1)).to.equal(100);
  });

  describe('that is only mirrored', () => {
    const mirror = (backendRef: BackendRef) => ({ type: 'RequestMirror', requestMirror: { backendRef } });
    const mirrored = (refs: BackendRef[], ...to: BackendRef[]) =>
      trafficShare([route([rule(refs, { filters: to.map(mirror) })])], alpha, v1);

    it('is where the mirrors go, in the mean', () => {
      expect(mirrored([toService()], toAlpha())).to.equal(0);
      expect(mirrored([toService()], toV1())).to.equal(100);
      expect(mirrored([toService()], toAlpha(), toV1(), toV1('other'))).to.equal(50);
      expect(mirrored([toService('x', { filters: [mirror(toV1())] })])).to.equal(100);
      expect(mirrored([toService()], toService())).to.equal(null);
    });

    it('does not count beside requests of its own', () => {
      expect(mirrored([toAlpha()], toV1())).to.equal(0);
      expect(mirrored([toV1()], toAlpha())).to.equal(100);
      expect(mirrored([toAlpha('food', w(0))], toV1()), 'a weight of 0 is no request').to.equal(100);
    });
  });

  it('of a pool without a counterpart is 0, and of one whose alpha pool is gone 100', () => {
    expect(trafficShare([route()], alpha, null)).to.equal(0);
    expect(trafficShare([route([[toV1()]])], null, v1)).to.equal(100);
  });
});
