import { expect } from 'chai';
import type { Verdict } from '../../src/api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { objectOf, objectsOf } from '../../src/inventory/build.ts';
import {
  alphaPool,
  crd,
  gateway,
  gatewayClass,
  model,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { FORBIDDEN, inventory, snapshot } from '../support/snapshot.ts';
import { buildInventory } from '../../src/inventory/build.ts';

const done = v1Pool('food-ga', {}, { annotations: { [MIGRATED_FROM_ANNOTATION]: 'food' } });

describe('the verdict', () => {
  type Options = Parameters<typeof inventory>[1];
  const cases: [verdict: Verdict, what: string, objects: KubeObject[], options?: Options][] = [
    ['MigrationNeeded', 'one alpha pool', [alphaPool()]],
    ['MigrationNeeded', 'one InferenceModel alone', [model()]],
    [
      'MigrationNeeded',
      'one InferenceModel that names a v1 pool',
      [model('a', { poolRef: { group: r.V1_GROUP, name: 'x' } })],
    ],
    ['MigrationNeeded', 'models where pools are forbidden', [model()], { forbidden: [r.ALPHA_POOL] }],
    ['MigrationNeeded', 'pools where models are forbidden', [alphaPool()], { forbidden: [r.MODEL] }],
    ['MigrationNeeded', 'pools where models are not installed', [alphaPool()], { notInstalled: [r.MODEL] }],
    ['InProgress', 'a pool with a counterpart', [alphaPool(), v1Pool()]],
    [
      'InProgress',
      'a pool with and one without',
      [alphaPool(), v1Pool(), alphaPool('b', { selector: { a: 'b' } })],
    ],
    ['Done', 'only v1 pools, one of them ours', [done, v1Pool('x', {}, { namespace: 'other' })]],
    ['NotNeeded', 'nothing', []],
    ['NotNeeded', 'only v1 pools of others', [v1Pool()]],
    ['NotNeeded', 'kinds that are not installed', [], { notInstalled: [r.ALPHA_POOL, r.MODEL] }],
    ['NotNeeded', 'neither, where something else is forbidden', [], { forbidden: [r.HTTP_ROUTE, r.V1_POOL] }],
    ['Unknown', 'neither, where pools are forbidden', [], { forbidden: [r.ALPHA_POOL] }],
    ['Unknown', 'neither, where models are forbidden', [], { forbidden: [r.MODEL] }],
    ['Unknown', 'our v1 pools, where alpha pools are forbidden', [done], { forbidden: [r.ALPHA_POOL] }],
    [
      'Unknown',
      'pools not installed and models forbidden',
      [],
      { notInstalled: [r.ALPHA_POOL], forbidden: [r.MODEL] },
    ],
  ];
  for (const [verdict, what, objects, options] of cases)
    it(`is ${verdict} for ${what}`, () => expect(inventory(objects, options).verdict).to.equal(verdict));
});

describe('what was checked', () => {
  it('is said in words', () => {
    expect(inventory([]).checked).to.deep.equal([
      'inferencepools.inference.networking.x-k8s.io: none in all namespaces',
      'inferencemodels.inference.networking.x-k8s.io: none in all namespaces',
    ]);
    expect(inventory([alphaPool()], { namespace: 'llm' }).checked[0]).to.match(/: 1 in namespace llm$/);
  });

  it('tells "not installed" from "could not check"', () => {
    const { checked, unread } = inventory([], { notInstalled: [r.ALPHA_POOL], forbidden: [r.MODEL] });
    expect(checked).to.deep.equal([
      'inferencepools.inference.networking.x-k8s.io: not installed',
      `inferencemodels.inference.networking.x-k8s.io: could not check (${FORBIDDEN.message})`,
    ]);
    expect(unread).to.deep.equal([
      { resource: 'inferencemodels.inference.networking.x-k8s.io', ...FORBIDDEN },
    ]);
  });

  it('names everything that could not be read: kinds, CRDs and the version', () => {
    const read = snapshot([], { forbidden: [r.GATEWAY], gitVersion: '' });
    const crds = new Map(read.crds).set('inferencepools.inference.networking.k8s.io', {
      state: 'failed',
      message: 'timed out',
    });
    const built = buildInventory({ ...read, crds });
    expect(built.unread.map(({ resource, state }) => `${state} ${resource}`)).to.deep.equal([
      'forbidden gateways.gateway.networking.k8s.io',
      'failed customresourcedefinitions.apiextensions.k8s.io/inferencepools.inference.networking.k8s.io',
      'forbidden server version',
    ]);
    expect(built.server).to.equal(null);
    expect(built.crds.find(({ name }) => name === 'inferencepools.inference.networking.k8s.io')).to.include({
      state: 'failed',
    });
  });
});

describe('the CRDs', () => {
  it('have the bundle that their annotation says; releases before v1.0 had none', () => {
    const { crds } = inventory([crd(r.ALPHA_POOL), crd(r.V1_POOL, 'v1.0.1')]);
    const byName = new Map(crds.map((entry) => [entry.name, entry]));
    expect(byName.get('inferencepools.inference.networking.x-k8s.io')).to.include({
      state: 'installed',
      bundleVersion: null,
    });
    expect(byName.get('inferencepools.inference.networking.k8s.io')).to.include({ bundleVersion: 'v1.0.1' });
    expect(byName.get('inferencemodels.inference.networking.x-k8s.io')).to.include({ state: 'absent' });
    expect(crds).to.have.length(6);
  });
});

describe('the pools', () => {
  const w = (weight: number) => ({ weight });
  for (const [phase, share, objects] of [
    ['Preview', 0, [alphaPool(), route()]],
    ['Preview', null, [alphaPool()]],
    ['Parallel', 0, [alphaPool(), v1Pool(), route()]],
    ['Parallel', null, [alphaPool(), v1Pool()]],
    ['Parallel', 0, [alphaPool(), v1Pool(), route([[toAlpha(), toV1('food-ga', w(0))]])]],
    ['Splitting', 50, [alphaPool(), v1Pool(), route([[toAlpha(), toV1()]])]],
    ['Splitting', 50, [alphaPool(), v1Pool(), route([[toAlpha()]]), route([[toV1()]], { name: 'b' })]],
    ['Splitting', 0.1, [alphaPool(), v1Pool(), route([[toAlpha('food', w(999)), toV1()]])]],
    ['Switched', 100, [alphaPool(), v1Pool(), route([[toV1()]])]],
    ['Switched', 100, [alphaPool(), v1Pool(), route([[toAlpha('food', w(0)), toV1()]])]],
    ['Done', 100, [done, route([[toV1()]])]],
    ['Done', null, [done]],
  ] as [string, number | null, KubeObject[]][])
    it(`are in phase ${phase} with ${share ?? 'no'} percent on v1 where there are ${objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')}`, () => {
      const { pools } = inventory(objects);
      expect(pools).to.have.length(1);
      expect(pools[0]).to.include({ phase, trafficPercentV1: share });
    });

  it('are not Done where the alpha pool is there, or may be', () => {
    expect(inventory([done, alphaPool()]).pools.map(({ phase }) => phase)).to.deep.equal(['Parallel']);
    expect(inventory([done], { forbidden: [r.ALPHA_POOL] }).pools).to.be.empty;
    expect(inventory([done], { notInstalled: [r.ALPHA_POOL] }).pools.map(({ phase }) => phase)).to.deep.equal(
      ['Done'],
    );
    expect(inventory([done, alphaPool('food', {}, { namespace: 'other' })]).pools).to.have.length(2);
  });

  it('of one name in both groups and in two namespaces stay apart', () => {
    const spec = { selector: { matchLabels: { app: 'other' } } };
    const { pools } = inventory([
      alphaPool('pool'),
      v1Pool('pool', spec),
      alphaPool('pool', {}, { namespace: 'web' }),
      model('a', { poolRef: { name: 'pool' } }),
      model('b', { poolRef: { group: r.V1_GROUP, name: 'pool' } }),
      route([[toAlpha('pool')], [toV1('pool')]]),
      route([[toAlpha('pool')]], { namespace: 'web' }),
    ]);
    expect(
      pools.map(({ ref, v1, models, references }) => [
        ref.namespace,
        v1,
        models.map(({ name }) => name),
        references.map(({ from, path }) => `${from.namespace} ${path}`),
      ]),
    ).to.deep.equal([
      ['llm', null, ['a'], ['llm spec.rules[0].backendRefs[0]']],
      ['web', null, [], ['web spec.rules[0].backendRefs[0]']],
    ]);
  });

  it('name routes of other namespaces', () => {
    const { pools } = inventory([
      alphaPool(),
      route([[toAlpha('food', { namespace: 'llm' })]], { namespace: 'web' }),
    ]);
    expect(pools[0]!.references[0]!.from.namespace).to.equal('web');
    expect(pools[0]!.trafficPercentV1).to.equal(0);
  });

  it('are many in no time', function () {
    this.timeout(5000);
    const names = Array.from({ length: 1000 }, (_, index) => `pool-${index}`);
    const objects = names.flatMap((name) => [
      alphaPool(name, { selector: { app: name } }),
      v1Pool(`${name}-ga`, { selector: { matchLabels: { app: name } } }),
      model(name, { poolRef: { name } }),
      route([[toAlpha(name), toV1(`${name}-ga`)]], { name }),
    ]);
    const { pools } = inventory(objects);
    expect(pools.every(({ phase, models }) => phase === 'Splitting' && models.length === 1)).to.be.true;
  });
});

describe('objects of an inventory', () => {
  const built = inventory([alphaPool('b'), alphaPool('a'), v1Pool('a'), gateway(), gatewayClass()]);

  it('are found by ref', () => {
    expect(objectOf(built, refOf(v1Pool('a')))).to.deep.equal(v1Pool('a'));
    expect(objectOf(built, refOf(v1Pool('b')))).to.be.undefined;
  });

  it('are listed by kind and group in a stable order', () => {
    expect(objectsOf(built, r.ALPHA_POOL).map(({ metadata }) => metadata.name)).to.deep.equal(['a', 'b']);
    expect(objectsOf(built, r.V1_POOL)).to.have.length(1);
  });
});
