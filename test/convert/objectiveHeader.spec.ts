import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { ref, refKey } from '../../src/api/ref.ts';
import { ALPHA_POOL, V1_POOL } from '../../src/api/resource.ts';
import { headerChanges } from '../../src/convert/objectiveHeader.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { model, NS, route, rule, toAlpha, toV1 } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const review = model('review', { modelName: 'review', targetModels: [{ name: 'review-1' }] });
const chat = model('chat');
const drinks = model('ale', { poolRef: { name: 'drinks' } });

function changed(routes: KubeObject[], models: KubeObject[], version = 'v1.0.0') {
  const modelsOf = new Map([
    [refKey(ref(ALPHA_POOL, NS, 'food')), models],
    [refKey(ref(V1_POOL, NS, 'food-ga')), models],
    [refKey(ref(ALPHA_POOL, NS, 'drinks')), [drinks]],
  ]);
  return headerChanges(routes, modelsOf, releaseOf(version));
}

const set = (...headers: [string, string][]) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: headers.map(([name, value]) => ({ name, value })) },
});
const objective: [string, string] = ['x-gateway-inference-objective', 'review'];
const rewrite: [string, string] = ['x-gateway-model-name-rewrite', 'review-1'];

describe('the headers that v1 goes by', () => {
  it('are set on the rules of a pool with one model, whichever group the rule names', () => {
    const before = route([rule([toAlpha('food', { weight: 1 })]), rule([{ name: 'web' }]), rule([toV1()])]);
    const { changes, findings } = changed([before], [review]);
    expect(findings).to.be.empty;
    const filters = changes[0]!.after['spec'].rules.map((one: { filters?: unknown }) => one.filters);
    expect(filters).to.deep.equal([[set(objective, rewrite)], undefined, [set(objective, rewrite)]]);
    const bare = structuredClone(changes[0]!.after);
    for (const one of bare['spec'].rules) delete one.filters;
    expect(bare).to.deep.equal(before);
  });

  it('hold no model name where the release rewrites it, where it is the same, or where there are several', () => {
    const filtersOf = (one: KubeObject, version?: string) =>
      changed([route()], [one], version).changes[0]!.after['spec'].rules[0].filters;
    expect(filtersOf(review, 'v1.3.0')).to.deep.equal([set(objective)]);
    const two = model('review', { targetModels: [{ name: 'a' }, { name: 'b' }] });
    expect(filtersOf(two)).to.deep.equal([set(objective)]);
    expect(filtersOf(chat)).to.deep.equal([set(['x-gateway-inference-objective', 'chat'])]);
  });

  it('are set on rules of the pools that are to be converted only, though the models of others count', () => {
    const key = (name: string) => refKey(ref(ALPHA_POOL, NS, name));
    const modelsOf = new Map([
      [key('food'), [review]],
      [key('drinks'), [drinks]],
    ]);
    const both = route([[toAlpha()], [toAlpha('drinks')], [toAlpha(), toAlpha('drinks')]]);
    const release = releaseOf('v1.0.0');
    const { changes, findings } = headerChanges([both], modelsOf, release, new Set([key('drinks')]));
    const filters = changes[0]!.after['spec'].rules.map((one: { filters?: unknown }) => one.filters);
    expect(filters).to.deep.equal([undefined, [set(['x-gateway-inference-objective', 'ale'])], undefined]);
    expect(findings.map(({ field }) => field)).to.deep.equal(['spec.rules[2]']);
    expect(headerChanges([both], modelsOf, release, new Set()).changes).to.be.empty;
  });

  it('are not set where a rule carries several models, of one pool or of two; that is said', () => {
    for (const [one, models] of [
      [route(), [review, chat]],
      [route([[toAlpha(), toAlpha('drinks')]]), [review]],
    ] as const) {
      const { changes, findings } = changed([one], [...models]);
      expect(changes).to.be.empty;
      expect(ids(findings)).to.deep.equal(['objective-header-several-models']);
    }
  });

  it('join the header modifier that is there, and leave its headers and the other filters alone', () => {
    const there = {
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { set: [{ name: 'team', value: 'a' }], remove: ['cookie'] },
    };
    const other = { type: 'URLRewrite', urlRewrite: { hostname: 'x' } };
    const { changes } = changed([route([rule([toAlpha()], { filters: [there, other] })])], [chat]);
    expect(changes[0]!.after['spec'].rules[0].filters).to.deep.equal([
      {
        ...there,
        requestHeaderModifier: {
          set: [
            { name: 'team', value: 'a' },
            { name: 'x-gateway-inference-objective', value: 'chat' },
          ],
          remove: ['cookie'],
        },
      },
      other,
    ]);
  });

  it('are there already, in any case: nothing changes; with another value: it stays, and is said', () => {
    const withHeader = (value: string) =>
      route([rule([toAlpha()], { filters: [set(['X-Gateway-Inference-Objective', value])] })]);
    expect(changed([withHeader('chat')], [chat])).to.deep.equal({ changes: [], findings: [] });
    const { changes, findings } = changed([withHeader('mine')], [chat]);
    expect(changes).to.be.empty;
    expect(ids(findings)).to.deep.equal(['objective-header-taken']);
  });

  it('are set once: doing it again changes nothing', () => {
    const { changes } = changed([route()], [review]);
    expect(changed([changes[0]!.after], [review]).changes).to.be.empty;
  });
});
