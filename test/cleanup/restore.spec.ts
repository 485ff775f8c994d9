import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { PatchStep } from '../../src/api/plan.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { planRestore } from '../../src/cleanup/restore.ts';
import { alphaPool, grant, model, object, toAlpha, toV1 } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const live = (...objects: KubeObject[]) =>
  new Map(objects.map((one) => [refKey(refOf(one)), { ...one, metadata: { ...one.metadata, uid: 'u' } }]));
const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };
const everyV1 = { group: r.V1_GROUP, kind: 'InferencePool' };

describe('restoring', () => {
  it('creates what is not there, and says nothing of what is there as it was', () => {
    const { steps, findings } = planRestore([alphaPool(), model()], live(alphaPool()));
    expect(steps.map(({ action, ref }) => `${action} ${ref.name}`)).to.deep.equal([
      'create food',
      'create review',
    ]);
    expect(findings).to.be.empty;
  });

  it('names what is there with another content, and never plans to overwrite it', () => {
    const other = alphaPool('food', { targetPortNumber: 9000 });
    const { steps, findings } = planRestore([alphaPool()], live(other));
    expect(ids(findings)).to.deep.equal(['restore-differs']);
    expect(findings[0]!.ref).to.include({ group: r.ALPHA_GROUP, name: 'food' });
    expect(steps.map(({ action }) => action)).to.deep.equal(['create']);
  });

  it('says how to compare what differs, with its namespace where it has one', () => {
    const finding = (backup: KubeObject, there: KubeObject) =>
      planRestore([backup], live(there)).findings[0]!;
    const pool = finding(alphaPool(), alphaPool('food', { targetPortNumber: 9000 }));
    expect(pool).to.include({
      severity: 'warning',
      field: '',
      message: 'It exists, with content that differs from the backup; it is kept as it is.',
      hint: 'Compare it with the backup: kubectl get -n llm inferencepools.inference.networking.x-k8s.io/food -o yaml',
    });
    const role = (verbs: string[]) => object(r.CLUSTER_ROLE, 'epp', { rules: [{ verbs }] });
    expect(finding(role(['get']), role(['list'])).hint).to.contain(
      'kubectl get clusterroles.rbac.authorization.k8s.io/epp -o yaml',
    );
  });

  it('waits for what is on its way out, then creates it: an API server takes none of that name until then', () => {
    const leaving = (one: KubeObject) => ({
      ...one,
      metadata: { ...one.metadata, deletionTimestamp: '2026-11-23T17:14:00Z' },
    });
    const deployment = object(r.DEPLOYMENT, 'food-epp');
    const backup = [deployment, grant([everyAlpha]), alphaPool()];
    const { steps, findings } = planRestore(
      backup,
      live(leaving(deployment), leaving(grant([])), alphaPool()),
    );
    expect(steps.map(({ action, ref }) => `${action} ${ref.kind}`)).to.deep.equal([
      'wait Deployment',
      'create Deployment',
      'wait ReferenceGrant',
      'create ReferenceGrant',
      'create InferencePool',
    ]);
    expect(steps[0]).to.include({ condition: 'gone' });
    expect(findings).to.be.empty;
  });

  it('creates a grant that is gone as a whole', () => {
    const [created] = planRestore([grant([everyAlpha])], live()).steps;
    expect(created!.action).to.equal('create');
  });

  it('adds entries to the version that was read, and to no other', () => {
    const there = grant([]);
    there.metadata.resourceVersion = '41';
    const [patch] = planRestore([grant([everyAlpha])], live(there)).steps as PatchStep[];
    expect(patch).to.deep.include({
      reason: 'the entries that it had when the backup was made',
      resourceVersion: '41',
      patch: [
        { op: 'replace', path: '/metadata/resourceVersion', value: '41' },
        { op: 'add', path: '/spec/to/-', value: everyAlpha },
      ],
    });
    expect(patch!.after['spec'], 'the rest of it stays').to.deep.equal({
      ...there['spec'],
      to: [everyAlpha],
    });
    const [unversioned] = planRestore([grant([everyAlpha])], live(grant([]))).steps as PatchStep[];
    expect(unversioned!.resourceVersion).to.equal('');
  });

  it('does not mind what the server or others added since', () => {
    const more: KubeObject = { ...alphaPool(), status: { parent: [] } };
    more['spec'] = { ...more['spec'], added: true };
    expect(planRestore([alphaPool()], live(more)).findings).to.be.empty;
  });

  it('adds the entries of a grant that a cleanup took out, and keeps those that came since', () => {
    const since = { ...everyV1, name: 'other' };
    const { steps, findings } = planRestore([grant([everyAlpha, everyV1])], live(grant([everyV1, since])));
    const [patch] = steps as PatchStep[];
    expect(findings).to.be.empty;
    expect(patch!.action).to.equal('patch');
    expect(patch!.patch.slice(1)).to.deep.equal([{ op: 'add', path: '/spec/to/-', value: everyAlpha }]);
    expect(patch!.after['spec'].to).to.deep.equal([everyV1, since, everyAlpha]);
  });

  it('does the same for a policy with several targets, and leaves one that lacks none alone', () => {
    const policy = (...targetRefs: unknown[]) => object(r.GCP_TRAFFIC_POLICY, 'p', { spec: { targetRefs } });
    const backup = policy(toV1(), toAlpha());
    const [patch] = planRestore([backup], live(policy(toV1()))).steps as PatchStep[];
    expect(patch!.after['spec'].targetRefs).to.deep.equal([toV1(), toAlpha()]);
    expect(planRestore([backup], live(backup)).steps[0]!.action).to.equal('create');
  });
});
