import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { DESTINATION_RULE } from '../../src/api/resource.ts';
import { destinationRuleReferences, pickerServiceOf } from '../../src/inventory/destinationRules.ts';
import { alphaPool, NS, object, v1Pool } from '../support/objects.ts';
import { inventory } from '../support/snapshot.ts';

const rule = (host: unknown, namespace = NS): KubeObject =>
  object(DESTINATION_RULE, 'rule', { spec: { host } }, { namespace });
const found = (subject: KubeObject, pools: KubeObject[] = [alphaPool(), v1Pool()]) =>
  destinationRuleReferences([subject], pools).map(
    ({ pool }) => `${pool.version} ${pool.namespace}/${pool.name}`,
  );

describe('the Service of an endpoint picker', () => {
  for (const [what, pool, expected] of [
    ['of an alpha pool', alphaPool(), 'food-epp'],
    ['of a v1 pool', v1Pool(), 'food-ga-epp'],
    ['without a kind', alphaPool('food', { extensionRef: { name: 'x' } }), 'x'],
    ['of another kind', alphaPool('food', { extensionRef: { name: 'x', kind: 'Other' } }), ''],
    ['of no picker', alphaPool('food', { extensionRef: undefined }), ''],
    ['of no spec', object(DESTINATION_RULE, 'x'), ''],
  ] as const)
    it(what, () => expect(pickerServiceOf(pool)).to.equal(expected));
});

describe('a DestinationRule', () => {
  for (const [host, namespace, expected] of [
    ['food-epp', NS, ['v1alpha2 llm/food']],
    ['food-epp', 'mesh', []],
    ['food-epp.llm', 'mesh', ['v1alpha2 llm/food']],
    ['food-epp.llm.svc', 'mesh', ['v1alpha2 llm/food']],
    ['food-epp.llm.svc.cluster.local', 'mesh', ['v1alpha2 llm/food']],
    ['food-epp.llm.svc.corp.example', NS, ['v1alpha2 llm/food']],
    ['food-ga-epp', NS, ['v1 llm/food-ga']],
    ['food-epp.llm.pod', NS, []],
    ['food-epp.llm.example.com', NS, []],
    ['food-epp.other', NS, []],
    ['*.llm.svc.cluster.local', NS, []],
    ['*', NS, []],
    ['food-epp-2', NS, []],
    ['', NS, []],
    [undefined, NS, []],
  ] as [unknown, string, string[]][])
    it(`with the host ${String(host)} in ${namespace} is for ${expected.join() || 'no pool'}`, () =>
      expect(found(rule(host, namespace))).to.deep.equal(expected));

  it('is for every pool with this picker, of either group', () => {
    const shared = { kind: 'Service', name: 'food-epp' };
    const pools = [
      alphaPool(),
      alphaPool('b', { extensionRef: shared }),
      v1Pool('c', { endpointPickerRef: shared }),
    ];
    expect(found(rule('food-epp'), pools)).to.deep.equal(['v1alpha2 llm/food', 'v1alpha2 llm/b', 'v1 llm/c']);
  });

  it('is for no pool whose picker is no Service, whatever it is called', () => {
    const odd = alphaPool('food', { extensionRef: { kind: 'Other', name: 'food-epp' } });
    expect(found(rule('food-epp'), [odd])).to.be.empty;
    expect(found(rule(''), [odd])).to.be.empty;
  });

  it('shows among the references of the pool', () => {
    const { pools } = inventory([alphaPool(), v1Pool(), rule('food-epp')]);
    expect(pools[0]!.references).to.deep.equal([
      {
        from: {
          group: 'networking.istio.io',
          version: 'v1',
          kind: 'DestinationRule',
          namespace: NS,
          name: 'rule',
        },
        path: 'spec.host',
        relation: 'destinationRule',
      },
    ]);
    expect(pools[0]!.referencesV1).to.be.empty;
  });
});
