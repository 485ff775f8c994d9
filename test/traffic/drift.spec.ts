import { expect } from 'chai';
import fc from 'fast-check';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import type { RouteRule } from '../../src/inventory/backendRefs.ts';
import { driftOf, rulesKnown } from '../../src/traffic/drift.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const at = (percent: number, subject: KubeObject) => splitRoute(subject, pairs, pairs, percent).after;
const path = (value: string) => ({ matches: [{ path: { type: 'PathPrefix', value } }] });
const original = route([rule([toAlpha()], path('/a')), rule([toService()], path('/b'))]);

function edited(subject: KubeObject, edit: (rules: RouteRule[]) => void): KubeObject {
  const copy = structuredClone(subject);
  edit((copy['spec'] as { rules: RouteRule[] }).rules);
  return copy;
}

describe('what others do to a route that was brought to a percent', () => {
  const known = new Set(rulesKnown(original));
  const half = at(50, original);
  const drift = (live: KubeObject, percent = 50) => driftOf(live, pairs, pairs, percent, known);

  it('nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (percent) => {
        expect(drift(at(percent, original), percent)).to.equal(null);
      }),
    );
  });

  const harmless: [name: string, edit: (rules: RouteRule[]) => void][] = [
    [
      'another backend is scaled',
      (rules) => void (rules[1]!.backendRefs = [toService('other', { weight: 9 })]),
    ],
    ['a rule gets a timeout', (rules) => void Object.assign(rules[0]!, { timeouts: { request: '9s' } })],
    ['a rule of theirs is added', (rules) => void rules.push(rule([toService('theirs')], path('/c')))],
    ['a rule with v1 alone is added', (rules) => void rules.push(rule([toV1()], path('/c')))],
    ['a rule is taken away', (rules) => void rules.pop()],
  ];
  for (const [name, edit] of harmless)
    it(`${name}: the percent stands`, () => {
      expect(drift(edited(half, edit))).to.equal(null);
    });

  const changed: [name: string, refs: NonNullable<RouteRule['backendRefs']>][] = [
    ['the refs of Git are put back', [toAlpha()]],
    ['other weights are written', [toAlpha('food', { weight: 90 }), toV1('food-ga', { weight: 10 })]],
    ['all of it is given to v1', [toV1()]],
  ];
  for (const [name, refs] of changed)
    it(`${name}: seen as a change of a rule that was ours`, () => {
      const live = edited(half, (rules) => void (rules[0]!.backendRefs = [...refs]));
      expect(drift(live)).to.deep.equal({ changed: [0], added: [] });
    });

  it('the refs are put back and a timeout is set, by one or by two: still a change of a rule that was ours', () => {
    const live = edited(half, (rules) => {
      rules[0]!.backendRefs = [toAlpha()];
      Object.assign(rules[0]!, { timeouts: { request: '9s' } });
    });
    expect(drift(live)).to.deep.equal({ changed: [0], added: [] });
  });

  it('the whole route is put back, our annotation with it: seen', () => {
    expect(drift(original)).to.deep.equal({ changed: [0], added: [] });
  });

  it('a rule that sends to the alpha pool is added: seen as new, whose weights nobody has set', () => {
    const live = edited(half, (rules) => void rules.unshift(rule([toAlpha()], path('/new'))));
    expect(drift(live)).to.deep.equal({ changed: [], added: [0] });
  });
});
