import { expect } from 'chai';
import type { KubeObject, ObjectMeta } from '../../src/api/object.ts';
import { ref } from '../../src/api/ref.ts';
import { ALPHA_POOL, ROLLOUT, V1_POOL } from '../../src/api/resource.ts';
import type { Args } from '../../src/commands/command.ts';
import { ownedChanges } from '../../src/commands/owned.ts';
import { INVENTORY_RESOURCES } from '../../src/inventory/wanted.ts';
import { snapshotOf } from '../../src/manifests/snapshot.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { byHelm, NS, object, route, toAlpha } from '../support/objects.ts';

const pair = { alpha: ref(ALPHA_POOL, NS, 'food'), v1: ref(V1_POOL, NS, 'food-ga') };
const split = (meta: Partial<ObjectMeta>, percent = 10) => {
  const { route: before, after, changed } = splitRoute(route([[toAlpha()]], meta), [pair], [pair], percent);
  return changed ? [{ before, after }] : [];
};
const rollout = object(ROLLOUT, 'model', {
  spec: {
    strategy: {
      canary: { trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'llm-route' } } } },
    },
  },
});
const world = (...objects: KubeObject[]) =>
  snapshotOf([route([[toAlpha()]]), ...objects], INVENTORY_RESOURCES);
const plain: Args = { positionals: [] };
const ignoring: Args = { positionals: [], 'ignore-owner': true };

describe('routes that somebody else looks after', () => {
  it('are not changed: the owner is named, the way round it told, and what to change shown', () => {
    const [held, ...others] = ownedChanges(split(byHelm('rel')), plain);
    expect(others).to.deep.equal([]);
    expect(held!.forceable).to.equal(true);
    expect(held!.finding).to.include({ id: 'route-owned', severity: 'error' });
    expect(held!.finding.message).to.include('Helm release rel');
    expect(held!.finding.hint)
      .to.include('--ignore-owner')
      .and.match(/helm get values rel -n llm$/);
    expect(held!.patch).to.include('+          name: food-ga');
  });

  it('are changed where nobody owns them, where nothing changes, and where the owner is to be ignored', () => {
    expect(ownedChanges(split({}), plain)).to.deep.equal([]);
    expect(ownedChanges(split(byHelm('rel'), 0), plain)).to.deep.equal([]);
    expect(ownedChanges(split(byHelm('rel')), ignoring)).to.deep.equal([]);
    expect(ownedChanges(split({}), ignoring, world(rollout))).to.deep.equal([]);
  });

  it('are those of a rollout, too, which leaves no sign on them', () => {
    const held = ownedChanges(split({}), plain, world(rollout));
    expect(held).to.have.length(1);
    expect(held[0]!.finding.message).to.include('Rollout/model (argoproj.io)');
  });

  it('may have two owners: each is told, and the patch is shown once', () => {
    const held = ownedChanges(split(byHelm('rel')), plain, world(rollout));
    expect(held.map(({ finding }) => /to (.*?)( \(|,)/.exec(finding.message)![1])).to.deep.equal([
      'controller Rollout/model',
      'Helm release rel',
    ]);
    expect(held.filter(({ patch }) => patch)).to.have.length(1);
  });

  it('are told once where the rollout is named in the owner references, too', () => {
    const reference = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'model', uid: '1' };
    expect(ownedChanges(split({ ownerReferences: [reference] }), plain, world(rollout))).to.have.length(1);
  });

  it('are not those that we apply ourselves under another name', () => {
    const managedFields = [{ manager: 'night-shift', operation: 'Apply', fieldsV1: { 'f:spec': {} } }];
    expect(ownedChanges(split({ managedFields }), plain)).to.have.length(1);
    expect(
      ownedChanges(split({ managedFields }), { ...plain, 'field-manager': 'night-shift' }),
    ).to.deep.equal([]);
  });
});
