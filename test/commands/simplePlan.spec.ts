import { expect } from 'chai';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { PatchStep, Plan, Step } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { planSimple } from '../../src/commands/simplePlan.ts';
import { patched } from '../../src/convert/companions/companion.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, crd, grant, model, route, toV1, v1Pool } from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';

const alphaCrds = [crd(r.ALPHA_POOL), crd(r.MODEL)];
const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const install: Step = {
  ...{ action: 'helm', verb: 'install', ref: refOf(v1Pool()), reason: '' },
  ...{ release: 'food-ga', namespace: 'llm', args: [] },
};
const installed = (one: KubeObject): Step => ({
  ...{ action: 'crd', ref: refOf(one), reason: '' },
  ...{ manifest: one, live: null },
});

function plan(objects: readonly KubeObject[], steps: readonly Step[] = [install], crds = false) {
  const arrival: Plan = { objects: [], steps, findings: [] };
  const built = inventory(objects);
  const targets = built.pools
    .filter(({ ref }) => ref.group === r.ALPHA_GROUP)
    .map((entry) => ({ entry, epp: { service: null, deployment: null }, releaseObjects: null }));
  const crdObjects = crds ? alphaCrds : [];
  return planSimple(arrival, {
    targets,
    pairs,
    inventory: built,
    options: { owners: 'ignore', crds, crdObjects },
  });
}

const brief = (steps: readonly Step[]) => steps.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
const stepOn = (steps: readonly Step[], kind: string) =>
  steps.filter((step): step is PatchStep => step.ref.kind === kind && 'patch' in step);

describe('the way with downtime', () => {
  it('takes alpha away, makes v1, and has the routes follow', () => {
    expect(brief(plan([alphaPool(), model('a'), route()]).steps)).to.deep.equal([
      'delete InferenceModel a',
      'delete InferencePool food',
      'helm InferencePool food-ga',
      'patchRoute HTTPRoute llm-route',
    ]);
  });

  it('has nothing to do where all of it is done, whatever would be waited for', () => {
    const wait: Step = { action: 'wait', ref: refOf(v1Pool()), reason: '', condition: 'eppReady' };
    expect(plan([v1Pool(), route([[toV1()]])], [wait]).steps).to.deep.equal([]);
  });

  it('changes a grant once: for v1, and no longer for alpha', () => {
    const entry = (group: string) => ({ group, kind: 'InferencePool' });
    const before = grant([entry(r.ALPHA_GROUP), entry('other')]);
    before.metadata.resourceVersion = '5';
    const to = [...(before['spec'].to as unknown[]), entry(r.V1_GROUP)];
    const after = { ...before, spec: { ...before['spec'], to } };
    const { step } = patched(before, after, [{ op: 'add', path: '/spec/to/-', value: to[2] }], 'for v1');
    const all = plan([alphaPool(), before, route()], [step, install]);
    const [change, ...more] = stepOn(all.steps, 'ReferenceGrant');
    expect(more).to.deep.equal([]);
    expect(change).to.deep.include({ before, resourceVersion: '5' });
    expect(applyJsonPatch(before, change!.patch)['spec']).to.deep.equal(change!.after['spec']);
    expect(change!.after['spec'].to).to.deep.equal([entry('other'), entry(r.V1_GROUP)]);
    // In the place of the removal: what is left of the plan goes by what is there then.
    expect(all.steps[0]).to.equal(change);
    expect(all.backup).to.deep.include(before).and.not.deep.include(after);
  });

  it('changes a route once, where it gets headers, too', () => {
    const before = route();
    const rules = [
      { ...before['spec'].rules[0], filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: {} }] },
    ];
    const after = { ...before, spec: { ...before['spec'], rules } };
    const all = plan([alphaPool(), before], [patchStep({ route: before, after }, 'headers'), install]);
    const [change, ...more] = stepOn(all.steps, 'HTTPRoute');
    expect(more).to.deep.equal([]);
    expect(change!.before).to.deep.equal(before);
    const patchedRoute = applyJsonPatch(before, change!.patch);
    expect(patchedRoute['spec']).to.deep.equal(change!.after['spec']);
    expect(patchedRoute['spec'].rules[0].filters).to.deep.equal(rules[0]!.filters);
    expect(patchedRoute['spec'].rules[0].backendRefs).to.deep.equal([toV1('food-ga', { weight: 100 })]);
    expect(all.steps.at(-1)).to.equal(change);
    expect(all.moves).to.deep.equal([change]);
  });

  it('does not bring back the alpha CRDs that go, those that have gone before among them', () => {
    const coming = [...alphaCrds, crd(r.V1_POOL, 'v1.0.0')].map(installed);
    const of = (crds: boolean) => brief(plan([alphaPool()], [...coming, install], crds).steps);
    const names = (steps: string[]) => steps.filter((step) => step.startsWith('crd ')).length;
    expect([names(of(true)), names(of(false))]).to.deep.equal([1, 3]);
  });

  it('is held up by a route that could not follow', () => {
    const annotations = { [ORIGINAL_REFS_ANNOTATION]: 'not JSON' };
    const stuck = route(undefined, { annotations });
    const { interlocks } = plan([alphaPool(), stuck]);
    const held = interlocks.filter(({ forceable }) => !forceable).map(({ finding }) => finding);
    expect(ids(held)).to.deep.equal(['original-refs-unreadable']);
  });
});
