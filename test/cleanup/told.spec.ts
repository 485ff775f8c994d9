// What a person reads of a cleanup before it starts: why each step, and what is left for them to do.
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { planCleanup, type CleanupOptions, type CleanupTarget } from '../../src/cleanup/plan.ts';
import { deployment, service } from '../support/healthy.ts';
import { alphaPool, byHelm, crd, grant, model, object, policy, toAlpha, v1Pool } from '../support/objects.ts';
import { inventory } from '../support/snapshot.ts';

const EPP = 'food-epp';
const epp = { service: service({}, EPP), deployment: deployment([], {}, {}, EPP) };
const options: CleanupOptions = { owners: 'ignore', crds: false, crdObjects: [] };
const rule = object(r.DESTINATION_RULE, 'rule', { spec: { host: `${EPP}.llm.svc.cluster.local` } });
const health = policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, { name: 'health' });
const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };

function plan(
  objects: KubeObject[],
  target: Partial<CleanupTarget> = {},
  more: Partial<CleanupOptions> = {},
) {
  const built = inventory(objects);
  const [entry] = built.pools;
  return planCleanup([{ entry: entry!, epp, releaseObjects: null, ...target }], built, {
    ...options,
    ...more,
  });
}

const reasons = (steps: ReturnType<typeof plan>['steps']) =>
  steps.map(({ action, ref, reason }) => `${action} ${ref.kind}: ${reason}`);

describe('a cleanup says of each step why', () => {
  it('of what is found by the pool, which part it plays', () => {
    const rbac = [
      object(r.ROLE, EPP),
      object(r.ROLE_BINDING, EPP),
      object(r.CLUSTER_ROLE, EPP),
      object(r.CLUSTER_ROLE_BINDING, EPP),
    ];
    const objects = [alphaPool(), v1Pool(), model(), health, rule, ...rbac];
    const { steps } = plan(objects, { epp: { ...epp, rbac } });
    const permissions = 'permissions of the endpoint picker of food, and of nobody else';
    expect(reasons(steps)).to.have.members([
      'delete HealthCheckPolicy: targets the pool food',
      'delete DestinationRule: for the endpoint picker of food',
      'delete InferenceModel: names the pool food',
      `delete Role: ${permissions}`,
      `delete RoleBinding: ${permissions}`,
      `delete ClusterRole: ${permissions}`,
      `delete ClusterRoleBinding: ${permissions}`,
      'delete Deployment: endpoint picker of food',
      'delete Service: endpoint picker of food',
      'delete InferencePool: the alpha pool',
    ]);
  });

  it('of a release, and of the wait for its pool', () => {
    const pool = alphaPool('food', {}, byHelm('rel'));
    const { steps } = plan([pool, v1Pool()], { releaseObjects: [pool] });
    expect(reasons(steps).slice(-2)).to.deep.equal([
      'helm InferencePool: pool, endpoint picker and their policies belong to Helm release rel',
      'wait InferencePool: helm uninstall does not say when the pool is really gone',
    ]);
    expect(steps.at(-1)).to.include({ condition: 'gone' });
  });

  it('of a CRD, that nothing is left of it; and leaves CRDs alone unless told', () => {
    const crdObjects = [crd(r.ALPHA_POOL), crd(r.MODEL), crd(r.OBJECTIVE)];
    const elsewhere = model('other', {}, { namespace: 'web' });
    const kept = plan([alphaPool(), v1Pool(), elsewhere], {}, { crdObjects });
    expect(kept.steps.some(({ ref }) => ref.kind === r.CRD.kind)).to.be.false;
    expect(kept.interlocks).to.be.empty;
    const { steps } = plan([alphaPool(), v1Pool()], {}, { crds: true, crdObjects });
    expect(reasons(steps).slice(-2)).to.deep.equal(
      Array(2).fill('delete CustomResourceDefinition: no object of it is left in any namespace'),
    );
  });
});

describe('a cleanup leaves to others', () => {
  it('the grant that goes with a release, which helm takes away', () => {
    const pool = alphaPool('food', {}, byHelm('rel'));
    const ours = grant([everyAlpha]);
    const brief = (releaseObjects: KubeObject[]) =>
      plan([pool, v1Pool(), ours], { releaseObjects }).steps.map(
        ({ action, ref }) => `${action} ${ref.kind}`,
      );
    expect(brief([pool])).to.include('delete ReferenceGrant');
    expect(brief([pool, ours])).not.to.include('delete ReferenceGrant');
  });

  it('the rule of an endpoint picker that another pool names, too', () => {
    const objects = [alphaPool(), v1Pool(), rule];
    const shared = { service: null, deployment: null, shared: true };
    const kinds = (target: Partial<CleanupTarget>) => plan(objects, target).steps.map(({ ref }) => ref.kind);
    expect(kinds({ epp: shared })).to.deep.equal(['InferencePool']);
    expect(kinds({ epp: { ...shared, shared: false } })).to.deep.equal(['DestinationRule', 'InferencePool']);
  });

  it('the release of someone whose objects it was not told to uninstall', () => {
    const { steps } = plan([alphaPool(), v1Pool()], { releaseObjects: [] });
    expect(steps.some(({ action }) => action === 'helm')).to.be.false;
    const argo = alphaPool('food', {}, { labels: { 'argocd.argoproj.io/instance': 'app' } });
    const theirs = plan([argo, v1Pool()], { releaseObjects: [argo] });
    expect(theirs.steps.some(({ action }) => action === 'helm')).to.be.false;
  });
});

describe('what a cleanup leaves behind is named', () => {
  const picker = deployment([], {}, {}, EPP);
  picker['spec'].template.spec.serviceAccountName = 'epp-sa';
  const left = { epp: { ...epp, deployment: picker } };

  it('with where it stands, and how to find it', () => {
    expect(plan([alphaPool(), v1Pool()], left).findings).to.deep.equal([
      {
        id: 'epp-rbac-left',
        severity: 'info',
        ref: { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'llm', name: EPP },
        field: 'spec.template.spec.serviceAccountName',
        message:
          'Its ServiceAccount "epp-sa" is left, and of the roles bound to it those that others may use.',
        hint: 'Find them: kubectl get serviceaccounts,rolebindings.rbac.authorization.k8s.io -n llm; kubectl get clusterrolebindings.rbac.authorization.k8s.io | grep epp-sa',
      },
    ]);
  });

  it('but not where helm takes it away, or would be asked to', () => {
    const pool = alphaPool('food', {}, byHelm('rel'));
    expect(plan([pool, v1Pool()], left).findings, 'deleted in spite of its owner').to.be.empty;
    expect(plan([pool, v1Pool()], { ...left, releaseObjects: [pool] }).findings).to.be.empty;
    expect(plan([alphaPool(), v1Pool()], { ...left, releaseObjects: [] }).findings).to.be.empty;
  });

  it('so are pods that no Deployment has, by all of their labels', () => {
    const selecting = (selector?: Record<string, string>) => ({
      ...service({}, EPP),
      spec: { ...service({}, EPP)['spec'], selector },
    });
    const findings = (selector?: Record<string, string>) =>
      plan([alphaPool(), v1Pool()], { epp: { service: selecting(selector), deployment: null } }).findings;
    const [finding] = findings({ app: 'epp', tier: 'x' });
    expect(finding).to.include({ id: 'epp-left', severity: 'warning', field: 'spec.selector' });
    expect(finding!.message).to.contain('No Deployment has the pods with app=epp,tier=x');
    expect(finding!.hint).to.contain('kubectl get pods -n llm -l app=epp,tier=x ');
    expect(findings({}), 'selects nothing').to.be.empty;
    expect(findings(), 'has endpoints of its own').to.be.empty;
  });
});
