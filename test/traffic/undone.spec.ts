// What we moved goes back, what somebody else did stays; and v1 gets more only where that is said.
import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import type { BackendRef, RouteRule } from '../../src/inventory/backendRefs.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { originalFilters, originalRefMirrors } from '../../src/traffic/mirrors.ts';
import { alphaPool, NS, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const food = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const drinks = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const mirror = (backendRef: BackendRef, more: object = {}) => ({
  type: 'RequestMirror',
  requestMirror: { backendRef, ...more },
});

describe('a mirror that came over', () => {
  const back = (now: object[] | undefined, was: object[] | undefined, pairs = [food]) =>
    originalFilters(now as never, was as never, pairs, NS);

  it('goes back to the filter that it was made of, once', () => {
    const was = [mirror(toAlpha(), { percent: 1 })];
    const now = [mirror(toV1(), { percent: 1 })];
    expect(back(now, was)).to.deep.equal(was);
    expect(back([...now, ...now], was), 'the second is somebody’s').to.deep.equal([...was, ...now]);
    expect(back(now, undefined)).to.equal(now);
    expect(back(undefined, was)).to.equal(undefined);
  });

  it('stays where the filter says something else now, or goes elsewhere', () => {
    const was = [mirror(toAlpha(), { percent: 1 })];
    for (const now of [
      mirror(toV1(), { percent: 2 }),
      mirror(toV1('x'), { percent: 1 }),
      { type: 'X' },
      null,
    ])
      expect(back([now as object], was)).to.deep.equal([now]);
    expect(back([mirror(toV1(), { percent: 1 })], [null as never])).to.deep.equal([
      mirror(toV1(), { percent: 1 }),
    ]);
  });

  it('goes back where the pair is gone, within a namespace and with all else the same', () => {
    const was = [mirror(toAlpha(), { percent: 1 })];
    expect(back([mirror(toV1(), { percent: 1 })], was, [])).to.deep.equal(was);
    const abroad = [mirror(toV1('food-ga', { namespace: 'web' }), { percent: 1 })];
    expect(back(abroad, was, [])).to.equal(abroad);
    const other = [mirror(toV1(), { percent: 2 })];
    expect(back(other, was, [])).to.equal(other);
    const half = [mirror(toV1('x'), { percent: 1 })];
    expect(back(half, was, [food]), 'one of them is of a pair').to.equal(half);
  });

  it('of a backendRef goes back on the ref of that name, whatever its weight', () => {
    const of = (name: string, filters: object[], weight = 1) => toService(name, { filters, weight });
    const was = [of('a', [mirror(toAlpha())]), of('b', [mirror(toAlpha())])];
    const now = [of('b', [mirror(toV1())], 9), of('c', [mirror(toV1())])];
    expect(originalRefMirrors(now, was, [food], NS)).to.deep.equal([of('b', [mirror(toAlpha())], 9), now[1]]);
    const twice = [of('a', [mirror(toV1())]), of('a', [mirror(toV1())])];
    expect(originalRefMirrors(twice, was.slice(0, 1), [food], NS)).to.deep.equal([was[0], twice[1]]);
  });
});

describe('a split', () => {
  it('raises v1 where any pair gets more, though another gets none', () => {
    const both = route([[toAlpha('food', { weight: 1 }), toAlpha('drinks', { weight: 1 })]]);
    expect(splitRoute(both, [food, drinks], [food], 50).raisesV1).to.be.true;
    const at = splitRoute(both, [food, drinks], [food], 50).after;
    expect(splitRoute(at, [food, drinks], [food], 20).raisesV1).to.be.false;
    expect(splitRoute(at, [food, drinks], [drinks], 20).raisesV1).to.be.true;
    expect(splitRoute(route(), [food], [food], 'warm').raisesV1).to.be.false;
    const warm = splitRoute(route(), [food], [food], 'warm').after;
    expect(splitRoute(warm, [food], [food], 50).raisesV1).to.be.true;
    const half = splitRoute(route(), [food], [food], 50).after;
    expect(splitRoute(half, [food], [food], 'drained').raisesV1).to.be.true;
    expect(rollbackRoute(half, [food]).raisesV1).to.be.false;
    const switchedOver = splitRoute(route(), [food], [food], 100).after;
    expect(splitRoute(switchedOver, [food], [food], 'drained').raisesV1).to.be.false;
  });

  it('is of the pair that was selected, not of one that shares a pool with it', () => {
    const twin = { alpha: food.alpha, v1: drinks.v1 };
    expect(splitRoute(route(), [food], [twin], 50).changed).to.be.false;
    const other = { alpha: drinks.alpha, v1: food.v1 };
    expect(splitRoute(route([[toAlpha(), toAlpha('drinks')]]), [food], [other], 50).changed).to.be.false;
  });

  it('is undone in a rule that sends mirrors only, though its other backends were changed since', () => {
    const subject = route([rule([toService()], { filters: [mirror(toAlpha(), { percent: 5 })] })]);
    const moved = structuredClone(splitRoute(subject, [food], [food], 100).after);
    moved['spec'].rules[0].backendRefs = [toService('y')];
    const { after, findings } = rollbackRoute(moved, [food]);
    expect(after['spec'].rules[0].filters).to.deep.equal([mirror(toAlpha(), { percent: 5 })]);
    expect(findings.map(({ id }) => id)).to.deep.equal(['route-changed-since-split']);
  });

  it('that changes nothing is a patch of nothing', () => {
    const half = splitRoute(route(), [food], [food], 50).after;
    expect(patchStep({ route: half, after: half }, '').patch).to.have.length(1);
  });

  it('leaves a rule without backends without any', () => {
    const { backendRefs: _, ...bare } = rule([], { filters: [mirror(toAlpha())] });
    const { after } = splitRoute(route([bare as RouteRule]), [food], [food], 100);
    expect(after['spec'].rules[0]).not.to.have.property('backendRefs');
    const empty = splitRoute(route([{ ...bare, backendRefs: [] } as RouteRule]), [food], [food], 100).after;
    expect(empty['spec'].rules[0].backendRefs).to.deep.equal([]);
  });
});
