import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf, type BackendRef } from '../../src/inventory/backendRefs.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const food = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const drinks = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const pairs = [food, drinks];
const w = (weight: number) => ({ weight });

const split = (refs: BackendRef[], percent: number) =>
  splitRoute(route([refs]), pairs, [drinks], percent).after;
const food$ = (refs: readonly BackendRef[]) => refs.filter(({ name }) => name.startsWith('food'));

describe('a pair that was not asked for, beside one that moves', () => {
  for (const [what, refs] of [
    ['on alpha', [toAlpha('food', w(3))]],
    ['on v1', [toV1('food-ga', w(3))]],
    ['warm', [toAlpha('food', w(3)), toV1('food-ga', w(0))]],
    ['drained', [toAlpha('food', w(0)), toV1('food-ga', w(3))]],
    ['drained, v1 first', [toV1('food-ga', w(3)), toAlpha('food', w(0))]],
    ['without requests', [toAlpha('food', w(0)), toV1('food-ga', w(0))]],
    ['without requests, on v1', [toV1('food-ga', w(0))]],
    ['split by hand', [toAlpha('food', w(1)), toV1('food-ga', w(2))]],
  ] as [string, BackendRef[]][])
    it(`keeps its refs, and its part of the requests: ${what}`, () => {
      for (const percent of [0, 100]) {
        const original = route([[...refs, toAlpha('drinks', w(7)), toService('x', w(5))]]);
        const { after } = splitRoute(original, pairs, [drinks], percent);
        expect(food$(rulesOf(after)[0]!.backendRefs!), `${percent}`).to.deep.equal(refs);
        expect(rollbackRoute(after, pairs).after).to.deep.equal(original);
      }
      const half = food$(rulesOf(split([...refs, toAlpha('drinks', w(7))], 50))[0]!.backendRefs!);
      expect(half.map(({ name, weight }) => [name, weight! / 2])).to.deep.equal(
        refs.map(({ name, weight }) => [name, weight]),
      );
    });

  it('that somebody drained after we split it stays drained', () => {
    const first = splitRoute(route([[toAlpha(), toAlpha('drinks')]]), pairs, [food], 50).after;
    const refs = rulesOf(first)[0]!.backendRefs!;
    const byHand = route([[toAlpha('food', w(0)), toV1('food-ga', w(2)), ...refs.slice(2)]], first.metadata);
    const { after } = splitRoute(byHand, pairs, [drinks], 100);
    expect(food$(rulesOf(after)[0]!.backendRefs!)).to.deep.equal([
      toAlpha('food', w(0)),
      toV1('food-ga', w(2)),
    ]);
  });

  it('is not rounded to an end', () => {
    const refs = [toAlpha('food', w(1)), toV1('food-ga', w(100_000)), toAlpha('drinks', w(7))];
    const after = rulesOf(split(refs, 100))[0]!.backendRefs!;
    expect(food$(after)).to.deep.equal(refs.slice(0, 2));
  });
});
