import { expect } from 'chai';
import type { PatchStep } from '../../src/api/plan.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { planCleanup } from '../../src/cleanup/plan.ts';
import { deployment } from '../support/healthy.ts';
import {
  alphaPool,
  byHelm,
  model,
  object,
  objective,
  policy,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';
import { EPP, epp, options, plan, brief, names, held, stack } from './stage.ts';

describe('cleaning up a pool', () => {
  it('goes policies, models, endpoint picker, pool; and backs up all of it in the order to restore it', () => {
    const all = plan({ objects: stack });
    expect(brief(all.steps)).to.deep.equal([
      'delete HealthCheckPolicy health',
      'delete InferenceModel a',
      'delete InferenceModel b',
      `delete Deployment ${EPP}`,
      `delete Service ${EPP}`,
      'delete InferencePool food',
    ]);
    expect(names(all.backup)).to.deep.equal([
      `Service ${EPP}`,
      `Deployment ${EPP}`,
      'InferencePool food',
      'InferenceModel a',
      'InferenceModel b',
      'HealthCheckPolicy health',
    ]);
    expect(held(all)).to.be.empty;
    expect(all.steps.every(({ reason }) => reason !== '')).to.be.true;
  });

  it('keeps each thing until all that is found by it is gone, so that a cleanup that was killed goes on', () => {
    const rbac = [object(r.CLUSTER_ROLE, EPP), object(r.CLUSTER_ROLE_BINDING, EPP)];
    const all = plan({ objects: stack, target: { epp: { ...epp, rbac } } });
    expect(brief(all.steps).slice(-5)).to.deep.equal([
      `delete ClusterRole ${EPP}`,
      `delete ClusterRoleBinding ${EPP}`,
      `delete Deployment ${EPP}`,
      `delete Service ${EPP}`,
      'delete InferencePool food',
    ]);
  });

  it('deletes the alpha pool, not its v1 namesake, and no objective', () => {
    const namesake = [
      alphaPool(),
      v1Pool('food', {}, { annotations: { 'kubectl-infpool/migrated-from': 'food' } }),
      objective('food'),
    ];
    const { steps } = plan({ objects: namesake });
    expect(steps.map(({ ref }) => ref).filter(({ kind }) => kind === 'InferencePool')).to.deep.equal([
      refOf(alphaPool()),
    ]);
    expect(brief(steps)).not.to.include('delete InferenceObjective food');
  });

  it('touches nothing of a neighbour', () => {
    const selector = { app: 'other' };
    const web = { namespace: 'web' };
    const neighbours = [
      alphaPool('drinks', { selector }),
      model('c', { poolRef: { name: 'drinks' } }),
      policy(r.HEALTH_CHECK_POLICY, toAlpha('drinks')),
      alphaPool('food', {}, web),
      model('a', {}, web),
      policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, web),
      model('v1s', { poolRef: { group: r.V1_GROUP, name: 'food' } }),
    ];
    const built = inventory([...stack, ...neighbours]);
    const target = built.pools.find(({ ref }) => ref.name === 'food' && ref.namespace === 'llm')!;
    const alone = plan({ objects: stack });
    const { steps, backup } = planCleanup([{ entry: target, epp, releaseObjects: null }], built, options);
    expect(brief(steps)).to.deep.equal(brief(alone.steps));
    expect(steps.every(({ ref }) => ref.namespace === 'llm')).to.be.true;
    const kept = new Set(neighbours.map((one) => refKey(refOf(one))));
    expect(backup.some((one) => kept.has(refKey(refOf(one))))).to.be.false;
  });

  it('takes its target out of a policy that has others too', () => {
    const shared = object(r.GCP_TRAFFIC_POLICY, 'shared', {
      spec: { targetRefs: [toV1(), toAlpha(), toAlpha('drinks')] },
    });
    const { steps, backup } = plan({ objects: [alphaPool(), alphaPool('drinks'), v1Pool(), shared] });
    const [patch] = steps;
    expect(patch).to.deep.include({ action: 'patch', before: shared });
    expect((patch as PatchStep).patch.slice(1)).to.deep.equal([{ op: 'remove', path: '/spec/targetRefs/1' }]);
    expect((patch as PatchStep).after['spec'].targetRefs).to.deep.equal([toV1(), toAlpha('drinks')]);
    expect(names(backup)).to.include('GCPTrafficDistributionPolicy shared');
  });

  it('leaves an endpoint picker that is not there, or that others use', () => {
    const { steps, findings } = plan({
      objects: stack,
      target: { epp: { service: null, deployment: null } },
    });
    expect(brief(steps).at(-1)).to.equal('delete InferencePool food');
    expect(findings).to.be.empty;
  });

  it('names what runs behind the Service, where that is no Deployment, and does not touch it', () => {
    const { steps, findings } = plan({ objects: stack, target: { epp: { ...epp, deployment: null } } });
    expect(brief(steps).slice(-2)).to.deep.equal([`delete Service ${EPP}`, 'delete InferencePool food']);
    expect(ids(findings)).to.deep.equal(['epp-left']);
    expect(findings[0]!.hint).to.match(/kubectl get pods -n llm -l \S+=\S+ /);
  });

  it('names permissions of the picker that are left, where nobody else takes them away', () => {
    const picker = deployment([], {}, {}, EPP);
    picker['spec'].template.spec.serviceAccountName = 'epp-sa';
    const target = { epp: { ...epp, deployment: picker } };
    const { findings } = plan({ objects: stack, target });
    expect(ids(findings)).to.deep.equal(['epp-rbac-left']);
    expect(findings[0]!.hint).to.contain('grep epp-sa');
    picker['spec'].template.spec.serviceAccountName = 'default';
    expect(plan({ objects: stack, target }).findings).to.be.empty;
  });

  it('is nothing where the pool is gone', () => {
    const [entry] = inventory(stack).pools;
    const all = planCleanup([{ entry: entry!, epp, releaseObjects: null }], inventory([]), options);
    expect(all).to.deep.equal({ steps: [], findings: [], interlocks: [], backup: [] });
  });

  it('is held up by what could not be read, by traffic, by a missing counterpart, and by owners', () => {
    expect(held(plan({ objects: stack, read: { forbidden: [r.REFERENCE_GRANT] } }))).to.deep.equal([
      'could-not-read',
    ]);
    expect(held(plan({ objects: [...stack, route(undefined, { name: 'b' })] }))).to.deep.equal([
      'still-referenced',
    ]);
    expect(held(plan({ objects: [alphaPool()] }))).to.deep.equal(['no-counterpart']);
    const owned = [alphaPool('food', {}, byHelm('rel')), ...stack.slice(1)];
    expect(held(plan({ objects: owned }))).to.deep.equal(['owned']);
    expect(held(plan({ objects: owned, more: { owners: 'ignore' } }))).to.be.empty;
  });

  it('takes several pools one after the other', () => {
    const selector = { app: 'other' };
    const second = [
      alphaPool('drinks', { selector }),
      v1Pool('drinks-ga', { selector: { matchLabels: selector } }),
    ];
    const all = plan({
      objects: [...stack, ...second],
      pools: ['food', 'drinks'],
      target: { epp: { service: null, deployment: null } },
    });
    expect(brief(all.steps)).to.have.members([
      'delete InferencePool drinks',
      'delete HealthCheckPolicy health',
      'delete InferenceModel a',
      'delete InferenceModel b',
      'delete InferencePool food',
    ]);
    expect(names(all.backup).filter((name) => name.startsWith('InferencePool'))).to.have.members([
      'InferencePool food',
      'InferencePool drinks',
    ]);
  });
});
