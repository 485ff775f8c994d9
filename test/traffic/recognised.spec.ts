// A rule is known again by what it says, and a pair by what the rule had: never by half of it.
import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import type { BackendRef, RouteRule } from '../../src/inventory/backendRefs.ts';
import { matchOriginals } from '../../src/traffic/match.ts';
import { restOf, type OriginalRule } from '../../src/traffic/original.ts';
import {
  baseOf,
  currentShare,
  currentWanted,
  splitRefs,
  switched,
  touchesPair,
} from '../../src/traffic/rule.ts';
import { isUnexplained, pairsOfRule } from '../../src/traffic/rulePairs.ts';
import { alphaPool, NS, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const food = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const drinks = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const path = (value: string) => ({ matches: [{ path: { type: 'PathPrefix', value } }] });
const mirror = (backendRef: BackendRef, more: object = {}) => ({
  type: 'RequestMirror',
  requestMirror: { backendRef, ...more },
});

function remembered(index: number, one: RouteRule, made: BackendRef[] = [toV1()]): OriginalRule {
  return { index, rest: restOf(one), backendRefs: one.backendRefs ?? [], made };
}

describe('a rule that was split is known again', () => {
  const places = (rules: RouteRule[], originals: OriginalRule[]) =>
    [...matchOriginals(route(rules), originals)].map(([at, one]) => `${one.index}→${at}`);

  it('in its place before any other that looks alike', () => {
    const same = [rule([toAlpha()]), rule([toAlpha()])];
    expect(places(same, [remembered(1, same[1]!)])).to.deep.equal(['1→1']);
    expect(places(same, [remembered(0, same[0]!), remembered(1, same[1]!)])).to.deep.equal(['0→0', '1→1']);
  });

  it('by what we made of it, though its matches are others', () => {
    const before = rule([toAlpha()], path('/a'));
    const now = [rule([toService()], path('/x')), rule([toV1()], path('/b'))];
    expect(places(now, [remembered(0, before)])).to.deep.equal(['0→1']);
  });

  it('by its alpha pool, and by no other pool', () => {
    const before = rule([toService(), toAlpha('drinks'), toAlpha()], path('/a'));
    const one = (backendRefs?: BackendRef[]) => [{ ...rule([], path('/b')), backendRefs } as RouteRule];
    expect(places(one([toService('y'), toAlpha()]), [remembered(0, before)])).to.deep.equal(['0→0']);
    expect(places(one([toService()]), [remembered(0, before)]), 'a Service').to.deep.equal([]);
    expect(places(one([toAlpha('other')]), [remembered(0, before)]), 'another pool').to.deep.equal([]);
    expect(places(one(undefined), [remembered(0, before)]), 'nothing').to.deep.equal([]);
    const v1Only = rule([toV1(), toService()], path('/a'));
    expect(places(one([toV1()]), [remembered(0, v1Only, [])]), 'the v1 pool alone').to.deep.equal([]);
  });

  it('by the namespace that its refs mean', () => {
    const before = rule([toAlpha('food', { namespace: NS })], path('/a'));
    expect(places([rule([toAlpha(), toService()], path('/b'))], [remembered(0, before)])).to.deep.equal([
      '0→0',
    ]);
    const web = route([rule([toAlpha()], path('/b'))], { namespace: 'web' });
    expect(matchOriginals(web, [remembered(0, before)]).size).to.equal(0);
  });
});

describe('the pairs of a rule', () => {
  const of = (
    now: BackendRef[],
    had: BackendRef[] | null,
    known = [food, drinks],
    more: Record<string, unknown> = {},
  ) =>
    pairsOfRule(rule(now, more), had ? remembered(0, rule(had)) : undefined, known, NS).map(
      ({ alpha, v1 }) => `${alpha.name} → ${v1.name}`,
    );

  it('are those that it names or mirrors to, or did', () => {
    expect(of([toService()], null)).to.deep.equal([]);
    expect(of([toAlpha()], null)).to.deep.equal(['food → food-ga']);
    expect(of([toV1('drinks-ga')], null)).to.deep.equal(['drinks → drinks-ga']);
    expect(of([toService()], [toAlpha()])).to.deep.equal(['food → food-ga']);
    expect(of([toService()], null, [food], { filters: [mirror(toAlpha())] })).to.deep.equal([
      'food → food-ga',
    ]);
    expect(of([toService(), toV1()], [toAlpha(), toAlpha('drinks')])).to.have.length(2);
    const { backendRefs: _, ...bare } = rule([]);
    expect(pairsOfRule(bare as RouteRule, undefined, [food], NS)).to.deep.equal([]);
  });

  it('are told by the rule itself where nobody knows them: one pool that went, one that came', () => {
    expect(of([toV1()], [toAlpha()], [])).to.deep.equal(['food → food-ga']);
    expect(of([toV1()], [toAlpha()], [drinks])).to.deep.equal(['food → food-ga']);
    expect(of([toV1(), toV1('drinks-ga')], [toAlpha('drinks'), toAlpha()], [drinks])).to.deep.equal([
      'drinks → drinks-ga',
      'food → food-ga',
    ]);
  });

  it('are not guessed among several, nor over namespaces, nor of what was there before', () => {
    expect(of([toV1()], [toAlpha(), toAlpha('drinks')], [])).to.deep.equal([]);
    expect(of([toV1(), toV1('drinks-ga')], [toAlpha()], [])).to.deep.equal([]);
    expect(of([toV1('food-ga', { namespace: 'web' })], [toAlpha()], [])).to.deep.equal([]);
    expect(of([toV1()], [toAlpha(), toV1()], [])).to.deep.equal([]);
    expect(of([toService()], [toAlpha()], [])).to.deep.equal([]);
    expect(of([toV1()], [toService()], [])).to.deep.equal([]);
    expect(of([toAlpha('food')], [toAlpha('drinks')], [])).to.deep.equal([]);
  });

  it('leave something unexplained where a pool went and another came', () => {
    const open = (now: BackendRef[], had: BackendRef[], known = [food, drinks]) =>
      isUnexplained(now, had, known, NS);
    expect(open([toV1('x')], [toAlpha('y')])).to.be.true;
    expect(open([toV1()], [toAlpha()], []), 'no pair is known').to.be.true;
    expect(open([toV1()], [toAlpha()])).to.be.false;
    expect(open([toV1('x')], [toAlpha()]), 'the alpha pool is of a pair').to.be.false;
    expect(open([toV1()], [toAlpha('y')]), 'the v1 pool is of a pair').to.be.false;
    expect(open([toV1('x')], [toAlpha('y'), toV1('x')]), 'it was there').to.be.false;
    expect(open([toV1('x')], [toAlpha('y'), toV1('z')])).to.be.true;
    expect(open([toService()], [toAlpha('y')])).to.be.false;
    expect(open([toAlpha('z')], [toAlpha('y')])).to.be.false;
    expect(open([], [])).to.be.false;
  });
});

describe('the refs of a rule', () => {
  it('touch a pair by either pool, in a ref or in a mirror', () => {
    const filters = (backendRef: BackendRef) => [mirror(toService()), mirror(backendRef)];
    expect(touchesPair([toService(), toAlpha()], undefined, food, NS)).to.be.true;
    expect(touchesPair([toService(), toV1()], undefined, food, NS)).to.be.true;
    expect(touchesPair([toService()], filters(toAlpha()), food, NS)).to.be.true;
    expect(touchesPair([toService()], filters(toV1()), food, NS)).to.be.true;
    expect(touchesPair([toAlpha('drinks')], [mirror(toAlpha()), mirror(toAlpha('drinks'))], food, NS)).to.be
      .true;
    expect(touchesPair([toService()], filters(toV1('x')), food, NS)).to.be.false;
  });

  it('are at 100 where only mirrors go there, and every one of them does', () => {
    const at = (...to: BackendRef[]) =>
      currentShare(
        [toService()],
        food,
        NS,
        to.map((one) => mirror(one)),
      );
    expect(at(toV1())).to.equal(100);
    expect(at(toV1(), toAlpha())).to.equal(0);
    expect(at(toAlpha())).to.equal(0);
    expect(at(toService())).to.equal(0);
    expect(currentShare([toService()], food, NS)).to.equal(0);
  });

  it('are at the end that is named where all weights are 0', () => {
    expect(currentShare([toAlpha('food', { weight: 0 })], food, NS)).to.equal(0);
    expect(currentShare([toV1('food-ga', { weight: 0 })], food, NS)).to.equal(100);
    expect(currentShare([toAlpha('food', { weight: 0 }), toV1('food-ga', { weight: 0 })], food, NS)).to.equal(
      'warm',
    );
    expect(currentShare([toAlpha('food', { weight: 1 }), toV1('food-ga', { weight: 0 })], food, NS)).to.equal(
      'warm',
    );
    expect(currentShare([toAlpha('food', { weight: 0 }), toV1('food-ga', { weight: 1 })], food, NS)).to.equal(
      'drained',
    );
  });

  it('that are drained already, or can not be, stay', () => {
    const drained = [toAlpha('food', { weight: 0 }), toV1('food-ga', { weight: 7 })];
    expect(splitRefs(drained, food, 'drained', NS)).to.deep.equal({ refs: drained });
    expect(splitRefs([toV1()], food, 'drained', NS)).to.deep.equal({ refs: [toV1()] });
    expect(splitRefs([toAlpha(), toAlpha()], food, 'drained', NS)).to.have.property('problem');
    expect(splitRefs([toAlpha(), toV1(), toV1()], food, 'drained', NS)).to.deep.equal({
      problem: 'it names food-ga more than once in one rule',
    });
    const beside = splitRefs([toService(), toAlpha('food', { weight: 3 })], food, 'drained', NS);
    expect(beside).to.deep.equal({
      refs: [toService(), toAlpha('food', { weight: 0 }), toV1('food-ga', { weight: 3 })],
    });
  });

  it('keep their weight at the ends beside others, and become 100 alone', () => {
    const at = (percent: number, ...refs: BackendRef[]) => splitRefs(refs, food, percent, NS);
    const heavy = toAlpha('food', { weight: 7 });
    expect(at(100, heavy)).to.deep.equal({ refs: [toV1('food-ga', { weight: 100 })] });
    expect(at(100, heavy, toService('x', { weight: 0 }))).to.deep.equal({
      refs: [toV1('food-ga', { weight: 100 }), toService('x', { weight: 0 })],
    });
    expect(at(100, heavy, toService('x', { weight: 1 }))).to.deep.equal({
      refs: [toV1('food-ga', { weight: 7 }), toService('x', { weight: 1 })],
    });
    const none = toAlpha('food', { weight: 0 });
    expect(at(100, none)).to.deep.equal({ refs: [toV1('food-ga', { weight: 0 })] });
    expect(at(50, none), 'no weight to share').to.deep.equal({ refs: [none] });
    expect(at(0, toV1('food-ga', { weight: 5 }))).to.deep.equal({ refs: [toAlpha('food', { weight: 100 })] });
  });

  it('that are what we could have made of the original are not somebody’s change', () => {
    const base = (now: BackendRef[]) =>
      baseOf(now, { backendRefs: [toAlpha()], made: [toV1('food-ga', { weight: 100 })] }, [food], NS);
    const third = [toAlpha('food', { weight: 70 }), toV1('food-ga', { weight: 30 })];
    expect(base(third)).to.deep.equal({ refs: [toAlpha()], rebased: false });
    expect(base([toAlpha()])).to.deep.equal({ refs: [toAlpha()], rebased: false });
    expect(baseOf(third, undefined, [food], NS)).to.deep.equal({ refs: third, rebased: false });
    expect(base([...third, toService()])).to.include({ rebased: true });
  });

  it('take their mirrors along where all requests go to v1, and nobody wants them kept', () => {
    expect(
      switched([
        { pair: food, percent: 'drained' },
        { pair: drinks, percent: 99 },
      ]),
    ).to.deep.equal([food]);
    expect(switched([{ pair: food, percent: 100, keepsMirrors: true }])).to.deep.equal([]);
    const wanted = currentWanted([toV1()], food, NS, [mirror(toV1()), mirror(toAlpha())]);
    expect(wanted).to.deep.equal({ pair: food, percent: 100, keepsMirrors: true });
  });

  it('that somebody changed go back with their whole weight to the alpha ref that was there', () => {
    const was = toAlpha('food', { port: 8000, weight: 2 });
    const base = (now: BackendRef[], before = [was]) =>
      baseOf(now, { backendRefs: before, made: [toV1()] }, [food], NS);
    const changed = [toV1('food-ga', { weight: 5 }), toService('x', { weight: 1 })];
    expect(base(changed)).to.deep.equal({
      refs: [{ ...was, weight: 5 }, toService('x', { weight: 1 })],
      rebased: true,
    });
    expect(base(changed, [toService(), was])).to.have.nested.property('refs[0].port', 8000);
    expect(base(changed, [toService()])).to.deep.include({
      refs: [toAlpha('food', { weight: 5 }), toService('x', { weight: 1 })],
    });
    const both = [toV1('food-ga', { weight: 5 }), toAlpha('food', { weight: 1, port: 1 }), toService()];
    expect(base(both)).to.deep.include({ refs: [toAlpha('food', { weight: 6, port: 1 }), toService()] });
    expect(base([toService()])).to.deep.include({ refs: [toService()] });
  });
});
