import { expect } from 'chai';
import fc from 'fast-check';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import { counterparts, defaultTargetName } from '../../src/inventory/pairs.ts';
import { alphaPool, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const from = (name: string) => ({ annotations: { [MIGRATED_FROM_ANNOTATION]: name } });
const selects = (app: string) => ({ selector: { matchLabels: { app } } });

/** `NAME because …`, `none`, or `NAME or NAME because …`. */
function pairOf(
  alpha: KubeObject,
  v1Pools: KubeObject[],
  routes: KubeObject[] = [],
  others: KubeObject[] = [],
) {
  const pair = counterparts([alpha, ...others], v1Pools, routes).get(refKey(refOf(alpha)))!;
  if (pair.state === 'none') return 'none';
  const names = pair.state === 'one' ? pair.v1.name : pair.candidates.map(({ name }) => name).join(' or ');
  return `${names} because ${pair.because}`;
}

describe('the counterpart of an alpha pool', () => {
  it('is none where there is no v1 pool', () => {
    expect(pairOf(alphaPool(), [])).to.equal('none');
  });

  it('is the one that says so, whatever else points elsewhere', () => {
    const said = v1Pool('elsewhere', selects('other'), from('food'));
    const routes = [route([[toAlpha(), toV1('food-ga')]])];
    expect(pairOf(alphaPool(), [v1Pool(), said], routes)).to.equal(
      'elsewhere because the annotation kubectl-infpool/migrated-from',
    );
  });

  it('is the one that a rule names beside it, whatever it selects', () => {
    const routes = [route([[toAlpha(), toV1('odd'), toService()]])];
    expect(pairOf(alphaPool(), [v1Pool(), v1Pool('odd', selects('other'))], routes)).to.equal(
      'odd because a route rule names both',
    );
  });

  it('is the one of the conventional name and the same selector', () => {
    expect(pairOf(alphaPool(), [v1Pool('zzz'), v1Pool('food-ga')])).to.equal(
      'food-ga because its name and its selector',
    );
    expect(pairOf(alphaPool('food-preview'), [v1Pool('zzz'), v1Pool('food-ga')])).to.match(
      /^food-ga because its name/,
    );
  });

  it('is the one with the same selector, by any name', () => {
    expect(pairOf(alphaPool(), [v1Pool('new'), v1Pool('b', selects('b'))])).to.equal(
      'new because the same selector',
    );
  });

  it('is never one of the same name alone', () => {
    expect(pairOf(alphaPool('pool'), [v1Pool('pool', selects('other'))])).to.equal('none');
    expect(pairOf(alphaPool('food'), [v1Pool('food-ga', selects('other'))])).to.equal('none');
  });

  it('is never one that comes from another alpha pool', () => {
    expect(pairOf(alphaPool(), [v1Pool('food-ga', {}, from('drinks'))])).to.equal('none');
    const routes = [route([[toAlpha(), toV1()]])];
    expect(pairOf(alphaPool(), [v1Pool('food-ga', {}, from('drinks'))], routes)).to.equal('none');
  });

  it('is never one of another namespace', () => {
    expect(pairOf(alphaPool(), [v1Pool('food-ga', {}, { namespace: 'other' })])).to.equal('none');
    expect(pairOf(alphaPool(), [v1Pool('x', {}, { namespace: 'other', ...from('food') })])).to.equal('none');
  });

  it('is none by an empty selector', () => {
    const empty = { selector: {} };
    expect(pairOf(alphaPool('food', empty), [v1Pool('x', empty)])).to.equal('none');
  });

  it('is not one with more or other labels', () => {
    for (const matchLabels of [{ app: 'vllm', tier: 'a' }, { app: 'VLLM' }, { tier: 'vllm' }])
      expect(pairOf(alphaPool(), [v1Pool('x', { selector: { matchLabels } })])).to.equal('none');
    const both = { selector: { a: '1', b: '2' } };
    expect(
      pairOf(alphaPool('food', both), [v1Pool('x', { selector: { matchLabels: { b: '2', a: '1' } } })]),
    ).to.match(/^x because/);
  });

  it('is ambiguous where the same evidence is for several', () => {
    expect(pairOf(alphaPool(), [v1Pool('a'), v1Pool('b')])).to.equal('a or b because the same selector');
    expect(pairOf(alphaPool(), [v1Pool('a', {}, from('food')), v1Pool('b', {}, from('food'))])).to.match(
      /^a or b/,
    );
    const routes = [route([[toAlpha(), toV1('a')]]), route([[toAlpha(), toV1('b')]])];
    expect(pairOf(alphaPool(), [v1Pool('a'), v1Pool('b'), v1Pool('c')], routes)).to.equal(
      'a or b because a route rule names both',
    );
  });

  it('is not told by a rule that names several pools of a group, or pools of two namespaces', () => {
    const pools = [v1Pool('a', selects('a')), v1Pool('b', selects('b'))];
    expect(pairOf(alphaPool(), pools, [route([[toAlpha(), toV1('a'), toV1('b')]])])).to.equal('none');
    expect(pairOf(alphaPool(), pools, [route([[toAlpha(), toAlpha('drinks'), toV1('a')]])])).to.equal('none');
    expect(pairOf(alphaPool(), pools, [route([[toAlpha(), toV1('a', { namespace: 'other' })]])])).to.equal(
      'none',
    );
  });

  it('is not one that is there by better evidence for another pool of the same selector', () => {
    const twin = alphaPool('drinks');
    expect(pairOf(twin, [v1Pool('food-ga')], [], [alphaPool('food')])).to.equal('none');
    expect(pairOf(alphaPool('food'), [v1Pool('food-ga')], [], [twin])).to.match(/^food-ga/);
    expect(
      pairOf(twin, [v1Pool('x')], [route([[toAlpha('food'), toV1('x')]])], [alphaPool('food')]),
    ).to.equal('none');
    expect(pairOf(twin, [v1Pool('food-ga'), v1Pool('y')], [], [alphaPool('food')])).to.equal(
      'y because the same selector',
    );
  });

  it('is not one of the conventional name that a rule names beside another pool, or that is told for another', () => {
    const food = alphaPool();
    const beside = [route([[toAlpha('drinks'), toV1()]])];
    expect(pairOf(food, [v1Pool()], beside, [alphaPool('drinks')])).to.equal('none');
    expect(pairOf(alphaPool('drinks'), [v1Pool()], beside, [food])).to.match(/^food-ga because a route/);
    const told = counterparts(
      [food, alphaPool('drinks')],
      [v1Pool()],
      [],
      [{ namespace: '', alpha: 'drinks', v1: 'food-ga' }],
    );
    expect(told.get(refKey(refOf(food)))).to.deep.equal({ state: 'none' });
  });

  it('is none where two alpha pools of the same selector could have it', () => {
    expect(pairOf(alphaPool('food'), [v1Pool('new')], [], [alphaPool('drinks')])).to.equal('none');
  });

  it('may be shared where routes say so', () => {
    const routes = [
      route([
        [toAlpha('food'), toV1('one')],
        [toAlpha('drinks'), toV1('one')],
      ]),
    ];
    for (const [name, other] of [
      ['food', 'drinks'],
      ['drinks', 'food'],
    ] as const)
      expect(pairOf(alphaPool(name), [v1Pool('one')], routes, [alphaPool(other)])).to.match(
        /^one because a route/,
      );
  });

  it('does not depend on the order of anything', () => {
    const alphas = ['food', 'drinks', 'a', 'b'].map((name) => alphaPool(name));
    const v1s = [v1Pool('food-ga'), v1Pool('x', {}, from('drinks')), v1Pool('y', selects('q')), v1Pool('z')];
    const routes = [route([[toAlpha('a'), toV1('y')]]), route([[toAlpha('b')]])];
    const outcome = (a: KubeObject[], v: KubeObject[], r: KubeObject[]) => {
      const pairs = counterparts(a, v, r);
      return alphas.map((pool) => pairs.get(refKey(refOf(pool))));
    };
    const expected = outcome(alphas, v1s, routes);
    const shuffled = (all: KubeObject[]) => fc.shuffledSubarray(all, { minLength: all.length });
    fc.assert(
      fc.property(shuffled(alphas), shuffled(v1s), shuffled(routes), (a, v, r) => {
        expect(outcome(a, v, r)).to.deep.equal(expected);
      }),
    );
  });

  it('is found for thousands of pools of one namespace in no time', function () {
    this.timeout(5000);
    const alphas = Array.from({ length: 3000 }, (_, i) => alphaPool(`p${i}`, { selector: { app: `${i}` } }));
    const v1s = Array.from({ length: 3000 }, (_, i) => v1Pool(`p${i}-ga`, selects(`${i}`)));
    const pairs = counterparts(alphas, v1s, []);
    expect([...pairs.values()].every(({ state }) => state === 'one')).to.be.true;
  });
});

describe('the counterpart that the user tells', () => {
  const told = (given: Parameters<typeof counterparts>[3], v1Pools: KubeObject[], alphas = [alphaPool()]) => {
    const pairs = counterparts(alphas, v1Pools, [route([[toAlpha(), toV1('beside')]])], given);
    return alphas.map((alpha) => {
      const pair = pairs.get(refKey(refOf(alpha)))!;
      return pair.state === 'one'
        ? `${pair.v1.namespace}/${pair.v1.name} because ${pair.because}`
        : pair.state;
    });
  };
  const given = (v1: string, namespace = '', alpha = 'food') => ({ namespace, alpha, v1 });

  it('is before all other evidence', () => {
    const claimed = v1Pool('claimed', {}, from('food'));
    const other = v1Pool('mine', selects('other'), from('drinks'));
    expect(told([given('mine')], [v1Pool('beside'), claimed, v1Pool('food-ga'), other])).to.deep.equal([
      'llm/mine because --pair',
    ]);
  });

  it('settles what would be ambiguous', () => {
    const twins = [v1Pool('a', {}, from('food')), v1Pool('b', {}, from('food'))];
    expect(told([], twins)).to.deep.equal(['ambiguous']);
    expect(told([given('b')], twins)).to.deep.equal(['llm/b because --pair']);
  });

  it('is in the namespace of the alpha pool, in each that has one unless it is told which', () => {
    const alphas = [alphaPool(), alphaPool('food', {}, { namespace: 'other' })];
    const v1s = [v1Pool('mine', selects('x')), v1Pool('mine', selects('x'), { namespace: 'other' })];
    expect(told([given('mine')], v1s, alphas)).to.deep.equal([
      'llm/mine because --pair',
      'other/mine because --pair',
    ]);
    expect(told([given('mine', 'other')], v1s, alphas)).to.deep.equal(['none', 'other/mine because --pair']);
    expect(told([given('mine')], v1s.slice(1))).to.deep.equal(['none']);
  });

  it('is nothing where the pool is not there, or the pair is about another', () => {
    expect(told([given('missing')], [v1Pool()])).to.deep.equal([
      'llm/food-ga because its name and its selector',
    ]);
    expect(told([given('mine', '', 'drinks')], [v1Pool('mine', selects('x'))])).to.deep.equal(['none']);
  });

  it('is the last one told', () => {
    expect(told([given('a'), given('b')], [v1Pool('a'), v1Pool('b')])).to.deep.equal([
      'llm/b because --pair',
    ]);
  });

  it('is no counterpart of another pool by the selector alone any more', () => {
    const alphas = [alphaPool(), alphaPool('drinks')];
    expect(told([given('new')], [v1Pool('new')], alphas)).to.deep.equal(['llm/new because --pair', 'none']);
  });
});

describe('the conventional name', () => {
  for (const [alpha, v1] of [
    ['llm', 'llm-ga'],
    ['llm-preview', 'llm-ga'],
    ['llm-preview-2', 'llm-preview-2-ga'],
    ['preview', 'preview-ga'],
    ['llm-ga', 'llm-ga-ga'],
  ] as const)
    it(`of ${alpha} is ${v1}`, () => expect(defaultTargetName(alpha)).to.equal(v1));
});
