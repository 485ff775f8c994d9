import { expect } from 'chai';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf } from '../../src/inventory/backendRefs.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, NS, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const pair: PoolPair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const second: PoolPair = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };

function split(subject = route(), percent = 50, selected = [pair], pairs = [pair, second]) {
  return splitRoute(subject, pairs, selected, percent);
}

const w = (weight: number) => ({ weight });
const refsOf = (subject: Parameters<typeof rulesOf>[0]) => rulesOf(subject).map((one) => one.backendRefs);

describe('splitting a route', () => {
  it('changes the backendRefs and our annotation, and nothing else', () => {
    const subject = route(
      [
        rule([toAlpha('food', { filters: [{ type: 'A' }] }), toService()], {
          name: 'first',
          matches: [{ headers: [{ name: 'x', value: 'y' }] }],
          filters: [{ type: 'RequestMirror', requestMirror: { backendRef: toAlpha() } }],
          timeouts: { request: '10s' },
          sessionPersistence: { type: 'Cookie' },
        }),
        rule([toService()], { name: 'second' }),
        { name: 'redirect', filters: [{ type: 'RequestRedirect' }] },
      ],
      { labels: { a: 'b' }, annotations: { c: 'd' }, uid: '1' },
      { status: { parents: [] } },
    );
    const before = structuredClone(subject);
    const { after, changed } = split(subject);
    expect(changed).to.be.true;
    expect(subject, 'the route that was read').to.deep.equal(before);
    expect(refsOf(after)[0]).to.deep.equal([
      toAlpha('food', { filters: [{ type: 'A' }], weight: 1 }),
      toV1('food-ga', { filters: [{ type: 'A' }], weight: 1 }),
      toService('other', w(2)),
    ]);
    const cleaned = structuredClone(after);
    delete cleaned.metadata.annotations![ORIGINAL_REFS_ANNOTATION];
    cleaned['spec'].rules[0].backendRefs = before['spec'].rules[0].backendRefs;
    expect(cleaned).to.deep.equal(before);
  });

  it('splits every rule that names the pair, each by its own weights', () => {
    const { after } = split(route([[toAlpha()], [toService()], [toAlpha('food', w(3)), toService()]]));
    expect(refsOf(after)).to.deep.equal([
      [toAlpha('food', w(50)), toV1('food-ga', w(50))],
      [toService()],
      [toAlpha('food', w(3)), toV1('food-ga', w(3)), toService('other', w(2))],
    ]);
  });

  it('does nothing at the percent that it is at', () => {
    for (const percent of [0, 1, 33, 50, 99, 100]) {
      const once = split(route([[toAlpha(), toService('other', w(3))]]), percent).after;
      const twice = split(once, percent);
      expect(twice.changed, `${percent}`).to.be.false;
      expect(twice.after).to.equal(once);
      expect(twice.raisesV1).to.be.false;
    }
  });

  it('goes from any percent to any other as if it came from the original', () => {
    const original = route([[toAlpha('food', w(7)), toService('other', w(5))]]);
    for (const from of [1, 33, 100])
      for (const to of [0, 10, 66, 100])
        expect(split(split(original, from).after, to).after, `${from} → ${to}`).to.deep.equal(
          split(original, to).after,
        );
  });

  it('leaves nothing of itself behind at 0', () => {
    const original = route([[toAlpha()], [toService()]]);
    const back = split(split(original).after, 0).after;
    expect(back).to.deep.equal(original);
    expect(back.metadata).not.to.have.property('annotations');
  });

  it('keeps the annotation at 0 where the original sent traffic to v1, which rollback gives back', () => {
    const original = route([[toAlpha('food', w(1)), toV1('food-ga', w(2))]]);
    const { after } = split(original, 0);
    expect(refsOf(after)).to.deep.equal([[toAlpha('food', w(100))]]);
    expect(after.metadata.annotations).to.have.property(ORIGINAL_REFS_ANNOTATION);
  });

  it('is not sure of an annotation that it can not read, and leaves the route alone', () => {
    for (const text of [
      '{',
      'null',
      '[]',
      '{"version":2,"rules":[]}',
      '{"version":1}',
      '{"version":1,"rules":[{}]}',
    ]) {
      const change = split(route([[toAlpha()]], { annotations: { [ORIGINAL_REFS_ANNOTATION]: text } }));
      expect(change.changed, text).to.be.false;
      expect(ids(change.findings), text).to.deep.equal(['original-refs-unreadable']);
    }
  });

  it('names the rule that can not be split, and splits the others', () => {
    const change = split(route([[toAlpha('food', w(1)), toService('other', w(1_000_000))], [toAlpha()]]));
    expect(change.findings).to.have.length(1);
    expect(change.findings[0]).to.include({
      id: 'weights-not-expressible',
      severity: 'error',
      field: 'spec.rules[0].backendRefs',
    });
    expect(refsOf(change.after)[1]).to.deep.equal([toAlpha('food', w(50)), toV1('food-ga', w(50))]);
  });

  it('leaves a route without rules alone', () => {
    const empty = { ...route(), spec: {} };
    expect(split(empty)).to.deep.include({ changed: false, after: empty });
  });

  it('tells when v1 gets more than it had', () => {
    const half = split(route()).after;
    expect(split(route()).raisesV1).to.be.true;
    expect(split(half, 60).raisesV1).to.be.true;
    expect(split(half, 40).raisesV1).to.be.false;
    expect(split(half, 0).raisesV1).to.be.false;
    expect(split(route([[toService()]])).raisesV1).to.be.false;
    expect(split(route([[toAlpha('food', w(0)), toService()]])).raisesV1, 'no traffic at all').to.be.false;
  });
});

describe('splitting a route with two pairs', () => {
  const both = [pair, second];
  const names = (subject: Parameters<typeof rulesOf>[0]) =>
    refsOf(subject).map((refs) => refs!.map(({ name, weight }) => `${name}=${weight}`).join(' '));

  it('in one rule moves both, and the share of neither', () => {
    const original = route([[toAlpha('food', w(3)), toAlpha('drinks', w(1)), toService('other', w(1))]]);
    const { after } = split(original, 50, both);
    expect(names(after)).to.deep.equal(['food=3 food-ga=3 drinks=1 drinks-ga=1 other=2']);
    expect(split(after, 0, both).after).to.deep.equal(original);
    expect(names(split(after, 100, both).after)).to.deep.equal(['food-ga=3 drinks-ga=1 other=1']);
  });

  it('keeps the percent of the pair that is not meant', () => {
    const original = route([[toAlpha('food', w(1)), toAlpha('drinks', w(1))]]);
    const first = split(original, 50, [pair]).after;
    expect(names(first)).to.deep.equal(['food=1 food-ga=1 drinks=2']);
    const then = split(first, 25, [second]).after;
    expect(names(then)).to.deep.equal(['food=2 food-ga=2 drinks=3 drinks-ga=1']);
    expect(split(split(then, 0, [second]).after, 0, [pair]).after).to.deep.equal(original);
  });

  it('does not round what somebody set by hand for the pair that is not meant', () => {
    const thirds = [toAlpha('drinks', w(2)), toV1('drinks-ga', w(1))];
    const once = split(route([[toAlpha('food', w(3)), ...thirds]]), 50, [pair]).after;
    expect(names(once)).to.deep.equal(['food=3 food-ga=3 drinks=4 drinks-ga=2']);
    expect(names(split(once, 100, [pair]).after)).to.deep.equal(['food-ga=3 drinks=2 drinks-ga=1']);
    expect(split(once, 50, [pair]).changed).to.be.false;
  });

  it('in two rules touches only the one that names the pair', () => {
    const { after } = split(route([[toAlpha()], [toAlpha('drinks')]]), 10, [second]);
    expect(names(after)).to.deep.equal(['food=undefined', 'drinks=90 drinks-ga=10']);
  });

  it('remembers each rule on its own', () => {
    const original = route([[toAlpha()], [toAlpha('drinks')]]);
    const one = split(original, 10, [second]).after;
    const two = split(one, 20, [pair]).after;
    expect(split(two, 0, [second]).after).to.deep.equal(split(original, 20, [pair]).after);
  });
});

describe('warming a v1 pool', () => {
  const warm = (subject = route()) => splitRoute(subject, [pair], [pair], 'warm');

  it('names it at weight 0 behind an alpha ref that stays as it is', () => {
    const { after, raisesV1 } = warm(route([[toAlpha(), toService()]]));
    expect(refsOf(after)).to.deep.equal([[toAlpha(), toV1('food-ga', w(0)), toService()]]);
    expect(raisesV1).to.be.false;
    expect(warm(after).changed).to.be.false;
  });

  it('never takes traffic back', () => {
    const half = split(route()).after;
    expect(warm(half).changed).to.be.false;
  });

  it('is undone by split 0, and goes on to any percent', () => {
    const original = route([[toAlpha(), toService()]]);
    const { after } = warm(original);
    expect(split(after, 0).after).to.deep.equal(original);
    expect(split(after, 100).after).to.deep.equal(split(original, 100).after);
  });
});

it('a route of another namespace finds its pools by the namespace of the ref', () => {
  const subject = route([[toAlpha('food', { namespace: NS }), toAlpha()]], { namespace: 'web' });
  expect(refsOf(split(subject, 100).after)).to.deep.equal([
    [toV1('food-ga', { namespace: NS, weight: 1 }), toAlpha()],
  ]);
});
