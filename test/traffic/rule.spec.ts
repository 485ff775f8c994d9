import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import type { BackendRef } from '../../src/inventory/backendRefs.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { currentPercent, namesPair, splitRefs } from '../../src/traffic/rule.ts';
import { alphaPool, NS, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const pair: PoolPair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };

function split(original: readonly BackendRef[], percent: number, by = pair, namespace = NS) {
  const result = splitRefs(original, by, percent, namespace);
  return 'refs' in result ? result.refs : result.problem;
}

const w = (weight: number) => ({ weight });

describe('splitting the backendRefs of a rule', () => {
  const table: [name: string, original: BackendRef[], percent: number, expected: BackendRef[]][] = [
    ['one ref without a weight', [toAlpha()], 10, [toAlpha('food', w(90)), toV1('food-ga', w(10))]],
    ['one ref with a weight', [toAlpha('food', w(7))], 1, [toAlpha('food', w(99)), toV1('food-ga', w(1))]],
    ['one ref, everything', [toAlpha('food', w(7))], 100, [toV1('food-ga', w(100))]],
    ['one ref, nothing', [toAlpha()], 0, [toAlpha()]],
    [
      'a bystander without a weight counts as 1',
      [toAlpha(), toService()],
      50,
      [toAlpha('food', w(1)), toV1('food-ga', w(1)), toService('other', w(2))],
    ],
    [
      'a bystander whose share stays when weights do not divide',
      [toService('other', w(7)), toAlpha('food', w(3))],
      33,
      [toService('other', w(700)), toAlpha('food', w(201)), toV1('food-ga', w(99))],
    ],
    [
      'a bystander keeps its very weight at 100',
      [toAlpha('food', w(30)), toService('other', w(70))],
      100,
      [toV1('food-ga', w(30)), toService('other', w(70))],
    ],
    [
      'a bystander of weight 0 stays out',
      [toAlpha(), toService('other', w(0))],
      25,
      [toAlpha('food', w(75)), toV1('food-ga', w(25)), toService('other', w(0))],
    ],
    [
      'both pools already, v1 waiting at 0',
      [toAlpha('food', w(1)), toV1('food-ga', w(0))],
      50,
      [toAlpha('food', w(50)), toV1('food-ga', w(50))],
    ],
    [
      'both pools already, by hand at two thirds',
      [toAlpha('food', w(1)), toV1('food-ga', w(2))],
      50,
      [toAlpha('food', w(50)), toV1('food-ga', w(50))],
    ],
    [
      'both pools already, no more v1 traffic at 0',
      [toAlpha('food', w(1)), toV1('food-ga', w(2))],
      0,
      [toAlpha('food', w(100))],
    ],
    [
      'both pools already, the alpha one goes at 100 even at weight 0',
      [toAlpha('food', w(0)), toV1('food-ga', w(9))],
      100,
      [toV1('food-ga', w(100))],
    ],
    [
      'both pools apart from each other meet at the place of the alpha one',
      [toV1('food-ga', w(1)), toService('other', w(2)), toAlpha('food', w(1))],
      25,
      [toService('other', w(4)), toAlpha('food', w(3)), toV1('food-ga', w(1))],
    ],
    ['the v1 pool only, put there by hand', [toV1()], 100, [toV1()]],
    ['the v1 pool only, traffic back', [toV1()], 30, [toAlpha('food', w(70)), toV1('food-ga', w(30))]],
    ['a rule of neither pool', [toService()], 50, [toService()]],
    [
      'a pair that gets no traffic',
      [toAlpha('food', w(0)), toService()],
      50,
      [toAlpha('food', w(0)), toService()],
    ],
    [
      'a pair that gets no traffic, at 100',
      [toAlpha('food', w(0)), toService()],
      100,
      [toV1('food-ga', w(0)), toService()],
    ],
    [
      'weights at the very top',
      [toAlpha('food', w(1_000_000)), toService('other', w(1))],
      33,
      [toAlpha('food', w(670_000)), toV1('food-ga', w(330_000)), toService('other', w(1))],
    ],
  ];
  for (const [name, original, percent, expected] of table)
    it(`${name} (${percent} percent)`, () => expect(split(original, percent)).to.deep.equal(expected));

  it('gives back the very same refs where they are there already', () => {
    const there = [toAlpha('food', w(1)), toV1('food-ga', w(1))];
    expect(split(there, 50)).to.equal(there);
  });

  it('takes port, namespace and filters of the alpha ref along, and keeps fields that it does not know', () => {
    const filters = [
      { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } },
    ];
    const more = { namespace: NS, port: 8000, filters, future: { x: 1 } } as Partial<BackendRef>;
    expect(split([toAlpha('food', more)], 40)).to.deep.equal([
      toAlpha('food', { ...more, weight: 60 }),
      toV1('food-ga', { ...more, weight: 40 }),
    ]);
  });

  it('keeps what the v1 ref has of its own', () => {
    const own = { filters: [{ type: 'ExtensionRef' }], port: 9 };
    expect(
      split([toAlpha('food', { port: 8, weight: 1 }), toV1('food-ga', { ...own, weight: 0 })], 100),
    ).to.deep.equal([toV1('food-ga', { ...own, weight: 100 })]);
  });

  it('tells pools of one name in both groups apart', () => {
    const twins = { alpha: refOf(alphaPool('pool')), v1: refOf(v1Pool('pool')) };
    const half = [toAlpha('pool', w(50)), toV1('pool', w(50))];
    expect(split([toAlpha('pool')], 50, twins)).to.deep.equal(half);
    expect(split(half, 100, twins)).to.deep.equal([toV1('pool', w(100))]);
    expect(split([toService('pool')], 50, twins)).to.deep.equal([toService('pool')]);
  });

  it('leaves pools of the same name in another namespace alone', () => {
    const elsewhere = [toAlpha('food', { namespace: 'elsewhere' }), toAlpha()];
    expect(split(elsewhere, 100)).to.deep.equal([elsewhere[0], toV1('food-ga', w(1))]);
    expect(split([toAlpha()], 50, pair, 'web')).to.deep.equal([toAlpha()]);
  });

  it('finds pools that a route of another namespace names', () => {
    const from = { namespace: NS };
    expect(split([toAlpha('food', from)], 100, pair, 'web')).to.deep.equal([
      toV1('food-ga', { ...from, weight: 100 }),
    ]);
  });

  it('says what can not be expressed instead of coming near', () => {
    const tiny = [toAlpha('food', w(1)), toService('other', w(1_000_000))];
    expect(split(tiny, 50)).to.equal(
      "its weights leave no whole number for 50 percent below Gateway API's 1000000",
    );
    expect(split(tiny, 100)).to.deep.equal([toV1('food-ga', w(1)), tiny[1]]);
    const full = [toAlpha('food', w(1_000_000)), toV1('food-ga', w(1_000_000)), toService()];
    for (const percent of [0, 33, 100])
      expect(split(full, percent), `${percent}`).to.match(/leave no whole number/);
    expect(split(full, 50)).to.equal(full);
  });

  it('does not guess which of two refs of the same pool is meant', () => {
    expect(split([toAlpha(), toAlpha('food', w(3))], 50)).to.equal(
      'it names food more than once in one rule',
    );
    expect(split([toAlpha(), toV1(), toV1()], 50)).to.equal('it names food-ga more than once in one rule');
  });
});

describe('the percent that a rule is at', () => {
  for (const [refs, percent] of [
    [[toAlpha()], 0],
    [[toV1()], 100],
    [[toAlpha('food', w(1)), toV1('food-ga', w(3)), toService('other', w(96))], 75],
    [[toAlpha('food', w(0)), toV1('food-ga', w(0))], null],
    [[toService()], null],
  ] as [BackendRef[], number | null][])
    it(`is ${percent} for ${refs.map(({ name, weight }) => `${name}=${weight}`).join(' ')}`, () =>
      expect(currentPercent(refs, pair, NS)).to.equal(percent));

  it('needs one of the two pools in the rule', () => {
    expect(namesPair([toService(), toV1()], pair, NS)).to.be.true;
    expect(namesPair([toService('food')], pair, NS)).to.be.false;
    expect(namesPair([toV1()], pair, 'web')).to.be.false;
  });
});
