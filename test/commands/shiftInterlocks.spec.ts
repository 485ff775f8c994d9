import { expect } from 'chai';
import type { Owner } from '../../src/api/inventory.ts';
import type { ObjectMeta } from '../../src/api/object.ts';
import { ref, refKey } from '../../src/api/ref.ts';
import { ALPHA_POOL, HTTP_ROUTE, V1_POOL } from '../../src/api/resource.ts';
import { ownedRoutes } from '../../src/commands/shiftInterlocks.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { byHelm, NS, route, toAlpha } from '../support/objects.ts';

const pair = { alpha: ref(ALPHA_POOL, NS, 'food'), v1: ref(V1_POOL, NS, 'food-ga') };
const split = (meta: Partial<ObjectMeta>, percent = 10) =>
  splitRoute(route([[toAlpha()]], meta), [pair], [pair], percent);
const rollout: Owner = { kind: 'Controller', name: 'Rollout/model', namespace: NS, group: 'argoproj.io' };
const drivers = new Map([[refKey(ref(HTTP_ROUTE, NS, 'llm-route')), rollout]]);

describe('routes that somebody else looks after', () => {
  it('are not changed: the owner is named, the way round it told, and what to change shown', () => {
    const [held, ...others] = ownedRoutes([split(byHelm('rel'))], false);
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
    expect(ownedRoutes([split({})], false)).to.deep.equal([]);
    expect(ownedRoutes([split(byHelm('rel'), 0)], false)).to.deep.equal([]);
    expect(ownedRoutes([split(byHelm('rel'))], true)).to.deep.equal([]);
    expect(ownedRoutes([split({})], true, { drivers })).to.deep.equal([]);
  });

  it('are those of a rollout, too, which leaves no sign on them', () => {
    const held = ownedRoutes([split({})], false, { drivers });
    expect(held).to.have.length(1);
    expect(held[0]!.finding.message).to.include('Rollout/model (argoproj.io)');
  });

  it('may have two owners: each is told, and the patch is shown once', () => {
    const held = ownedRoutes([split(byHelm('rel'))], false, { drivers });
    expect(held.map(({ finding }) => /to (.*?)( \(|,)/.exec(finding.message)![1])).to.deep.equal([
      'controller Rollout/model',
      'Helm release rel',
    ]);
    expect(held.filter(({ patch }) => patch)).to.have.length(1);
  });

  it('are told once where the rollout is named in the owner references, too', () => {
    const reference = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'model', uid: '1' };
    expect(ownedRoutes([split({ ownerReferences: [reference] })], false, { drivers })).to.have.length(1);
  });

  it('are not those that we apply ourselves under another name', () => {
    const managedFields = [{ manager: 'night-shift', operation: 'Apply', fieldsV1: { 'f:spec': {} } }];
    expect(ownedRoutes([split({ managedFields })], false)).to.have.length(1);
    expect(ownedRoutes([split({ managedFields })], false, { fieldManager: 'night-shift' })).to.deep.equal([]);
  });
});
