import { expect } from 'chai';
import { mirrorsIn, mirrorsOf } from '../../src/inventory/mirrors.ts';
import { alphaPool, NS, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';

const mirror = (backendRef: object) => ({ type: 'RequestMirror', requestMirror: { backendRef } });

describe('the mirrors of a rule', () => {
  it("are its own first, then its backendRefs', each with its place", () => {
    const filters = [{ type: 'X' }, mirror(toAlpha()), mirror(toV1())];
    const subject = rule([toService(), toAlpha('food', { filters: [mirror(toAlpha('a'))] })], { filters });
    expect(
      mirrorsOf(subject, NS).map(({ path, pool }) => `${path} ${pool.version} ${pool.name}`),
    ).to.deep.equal([
      'filters[1].requestMirror.backendRef v1alpha2 food',
      'filters[2].requestMirror.backendRef v1 food-ga',
      'backendRefs[1].filters[0].requestMirror.backendRef v1alpha2 a',
    ]);
  });

  it('are in the namespace that they name, else in that of the route', () => {
    const list = [mirror(toAlpha()), mirror(toAlpha('food', { namespace: 'other' }))];
    expect(mirrorsIn(list, '', 'web').map(({ pool }) => pool.namespace)).to.deep.equal(['web', 'other']);
  });

  for (const [what, filters] of [
    ['a Service', [mirror(toService())]],
    ['a pool of another group', [mirror({ ...toAlpha(), group: 'example.com' })]],
    ['another kind', [mirror({ ...toAlpha(), kind: 'Service' })]],
    ['nothing', [{ type: 'RequestMirror', requestMirror: {} }]],
    ['no filter', [null, {}, { type: 'RequestMirror' }]],
    ['no list', 'x'],
    ['no filters', undefined],
  ] as const)
    it(`are none to ${what}`, () => expect(mirrorsIn(filters, 'filters', NS)).to.be.empty);
});

describe('a mirror in the Inventory', () => {
  for (const [to, phase] of [
    [toAlpha(), 'Splitting'],
    [toV1(), 'Switched'],
  ] as const)
    it(`to ${to.name} beside all requests on v1 is the phase ${phase}`, () => {
      const shadowed = route([rule([toV1()], { filters: [mirror(to)] })]);
      expect(inventory([alphaPool(), v1Pool(), shadowed]).pools[0]).to.include({
        phase,
        trafficPercentV1: 100,
      });
    });

  it('is a reference of its pool, and one to nothing is told', () => {
    const filters = [mirror(toAlpha()), mirror(toAlpha('gone'))];
    const { pools, findings } = inventory([alphaPool(), route([rule([toService()], { filters })])]);
    expect(pools[0]!.references.map(({ path, relation }) => `${relation} ${path}`)).to.deep.equal([
      'mirror spec.rules[0].filters[0].requestMirror.backendRef',
    ]);
    expect(ids(findings)).to.deep.equal(['backend-not-found']);
    expect(findings[0]!.message).to.contain('gone').and.to.contain('nothing is mirrored');
  });
});
