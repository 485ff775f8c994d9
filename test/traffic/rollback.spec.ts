import { expect } from 'chai';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf, type BackendRef, type RouteRule } from '../../src/inventory/backendRefs.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const pair: PoolPair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const second: PoolPair = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const pairs = [pair, second];

const split = (subject: KubeObject, percent: number, selected = pairs) =>
  splitRoute(subject, pairs, selected, percent).after;
const w = (weight: number) => ({ weight });

/** The route as somebody else changed it. */
function edited(subject: KubeObject, change: (rules: RouteRule[]) => void): KubeObject {
  const copy = structuredClone(subject);
  change(copy['spec'].rules);
  return copy;
}

const refsOf = (subject: KubeObject) => rulesOf(subject).map((one) => one.backendRefs);

describe('rolling a route back', () => {
  const originals: [string, KubeObject][] = [
    ['a plain route', route()],
    ['a route with annotations of others', route([[toAlpha()]], { annotations: { a: 'b' } })],
    ['a third backend', route([[toService('x', w(7)), toAlpha('food', w(3))]])],
    ['both pools by hand', route([[toAlpha('food', w(1)), toV1('food-ga', w(2))]])],
    ['the v1 pool by hand', route([[toV1()]])],
    [
      'two pairs and several rules',
      route([[toAlpha(), toAlpha('drinks', w(9))], [toService()], [toAlpha('drinks')]]),
    ],
  ];
  for (const [name, original] of originals)
    it(`gives back exactly what it was, after any splits: ${name}`, () => {
      for (const path of [[50], [100], [0, 100], [33, 66], [50, 0], [10, 50, 100]]) {
        const moved = path.reduce((subject, percent) => split(subject, percent), original);
        const { after, findings } = rollbackRoute(moved, pairs);
        expect(after, path.join(' → ')).to.deep.equal(original);
        expect(findings).to.be.empty;
      }
    });

  it('has nothing to do where nothing was split', () => {
    const subject = route([[toV1()]]);
    expect(rollbackRoute(subject, pairs)).to.deep.equal({
      route: subject,
      after: subject,
      changed: false,
      raisesV1: false,
      findings: [],
    });
  });

  it('leaves an annotation that it can not read alone', () => {
    const subject = route([[toV1()]], { annotations: { [ORIGINAL_REFS_ANNOTATION]: '{"version":9}' } });
    const change = rollbackRoute(subject, pairs);
    expect(change.changed).to.be.false;
    expect(ids(change.findings)).to.deep.equal(['original-refs-unreadable']);
  });

  for (const [gone, known] of [
    ['the v1 pool', []],
    ['one of two pairs', [second]],
  ] as [string, PoolPair[]][])
    it(`works when nobody knows the pair any more, because a pool is gone: ${gone}`, () => {
      for (const original of [
        route(),
        route([[toAlpha(), toService('x', w(3)), toAlpha('drinks')]]),
        route([[toAlpha('drinks', w(3)), toAlpha()], [toAlpha()]]),
      ])
        for (const percent of [10, 50, 100]) {
          const { after, findings } = rollbackRoute(split(original, percent), known);
          expect(after, `${percent}`).to.deep.equal(original);
          expect(findings).to.be.empty;
        }
    });

  it('keeps the original where nobody can tell which pool took over from which', () => {
    const moved = edited(split(route([[toAlpha(), toAlpha('drinks')]]), 50), ([only]) => {
      only!.backendRefs = [toV1('food-ga', w(1))];
    });
    const { after, changed, findings } = rollbackRoute(moved, []);
    expect(changed).to.be.false;
    expect(after.metadata.annotations).to.have.property(ORIGINAL_REFS_ANNOTATION);
    expect(ids(findings)).to.deep.equal(['original-pair-unknown']);
    expect(findings[0]).to.include({ severity: 'error', field: 'spec.rules[0].backendRefs' });
  });
});

describe('rolling back a route that someone changed since', () => {
  const rollback = (subject: KubeObject) => rollbackRoute(subject, pairs);

  it("keeps a third backend's new weight, and the pair's own weight as it is now", () => {
    const moved = edited(split(route([[toAlpha('food', w(3)), toService('x', w(7))]]), 33), ([only]) => {
      only!.backendRefs![2]!.weight = 100;
    });
    const { after, findings } = rollback(moved);
    expect(refsOf(after)).to.deep.equal([[toAlpha('food', w(300)), toService('x', w(100))]]);
    expect(after.metadata).not.to.have.property('annotations');
    expect(ids(findings)).to.deep.equal(['route-changed-since-split']);
  });

  it('keeps a backend that was added, also where the alpha pool was gone', () => {
    for (const [percent, weight] of [
      [50, 100],
      [100, 100],
    ] as const) {
      const moved = edited(split(route([[toAlpha('food', { port: 8000 })]]), percent), ([only]) => {
        only!.backendRefs!.push(toService('new', w(5)));
      });
      expect(refsOf(rollback(moved).after), `${percent}`).to.deep.equal([
        [toAlpha('food', { port: 8000, weight }), toService('new', w(5))],
      ]);
    }
  });

  it('keeps everything else of the rule', () => {
    const moved = edited(split(route(), 50), ([only]) => {
      only!['timeouts'] = { request: '5s' };
    });
    expect(rollback(moved).after).to.deep.equal(route([rule([toAlpha()], { timeouts: { request: '5s' } })]));
  });

  it('finds a rule again when another was inserted before it', () => {
    const inserted = rule([toService('new')], { matches: [{ path: { value: '/new' } }] });
    const moved = edited(split(route([[toAlpha()], [toService()]]), 50), (rules) => rules.unshift(inserted));
    const { after, findings } = rollback(moved);
    expect(after).to.deep.equal(route([inserted, [toAlpha()], [toService()]]));
    expect(findings).to.be.empty;
  });

  it('finds it, too, when the other names the same pool and this one was changed', () => {
    const inserted = rule([toAlpha('drinks')], { matches: [{ path: { value: '/new' } }] });
    const moved = edited(split(route([[toAlpha('food', w(9))]]), 50), (rules) => {
      rules[0]!['matches'] = [];
      rules.unshift(inserted);
    });
    expect(refsOf(rollback(moved).after)).to.deep.equal([[toAlpha('drinks')], [toAlpha('food', w(9))]]);
  });

  it('does not take another rule for the one that is gone, and says so', () => {
    const other = rule([toAlpha('drinks')], { matches: [] });
    const moved = edited(split(route(), 50), (rules) => rules.splice(0, 1, other));
    const { after, findings } = rollback(moved);
    expect(after).to.deep.equal(route([other]));
    expect(ids(findings)).to.deep.equal(['original-rule-gone']);
  });

  it('does not take a rule that somebody gave to the v1 pool for the one that is gone', () => {
    const canary = rule([toV1('food-ga', w(1))], { matches: [{ headers: [{ name: 'canary' }] }] });
    for (const percent of [50, 100]) {
      const moved = edited(split(route([[toAlpha()], canary]), percent), (rules) => rules.shift());
      expect(rollback(moved).after, `${percent}`).to.deep.equal(route([canary]));
    }
  });

  it('finds a rule with other matches by the refs that we made, even without its alpha pool', () => {
    const moved = edited(split(route([[toAlpha('food', w(9))]]), 100), (rules) => {
      rules[0]!['matches'] = [];
      rules.unshift(rule([toService()], { matches: [{ path: { value: '/new' } }] }));
    });
    expect(refsOf(rollback(moved).after)).to.deep.equal([[toService()], [toAlpha('food', w(9))]]);
  });

  it('gives rules that look alike their own refs back', () => {
    const original = route([[toAlpha('food', w(1))], [toAlpha('food', w(2))]]);
    expect(rollback(split(original, 50)).after).to.deep.equal(original);
  });

  it('has nothing to put back into a rule that names no pool any more', () => {
    const moved = edited(split(route(), 50), ([only]) => {
      only!.backendRefs = [toService('new')];
    });
    expect(refsOf(rollback(moved).after)).to.deep.equal([[toService('new')]]);
  });

  it('takes the change as the new original at the next split', () => {
    const moved = edited(split(route(), 50), ([only]) => {
      only!.backendRefs!.push(toService('new', w(100)));
    });
    const next = split(moved, 10, [pair]);
    expect(refsOf(next)).to.deep.equal([
      [toAlpha('food', w(90)), toV1('food-ga', w(10)), toService('new', w(100))],
    ]);
    expect(refsOf(rollback(next).after)).to.deep.equal([[toAlpha('food', w(100)), toService('new', w(100))]]);
  });

  it('takes weights of the pair that somebody set by hand as they are', () => {
    const byHand: BackendRef[] = [toAlpha('food', w(1)), toV1('food-ga', w(2))];
    const moved = edited(split(route(), 50), ([only]) => {
      only!.backendRefs = byHand;
    });
    expect(refsOf(rollback(moved).after)).to.deep.equal([[toAlpha('food', w(3))]]);
  });
});
