// What stands beside the alpha pool has to stand beside the v1 one before any traffic.
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { companionChecks } from '../../src/verify/companions.ts';
import {
  alphaPool,
  grant,
  object,
  policy,
  route,
  rule,
  toAlpha,
  toService,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

const pools = [alphaPool(), v1Pool()];
const web = { namespace: 'web' };
const fromWeb = route([[toAlpha('food', { namespace: 'llm' })]], web);
const to = (group: string) => ({ group, kind: 'InferencePool' });

interface Options extends NonNullable<Parameters<typeof snapshot>[1]> {
  onGke?: boolean;
  pool?: KubeObject;
}

function checks(objects: KubeObject[], { onGke = false, pool = v1Pool(), ...options }: Options = {}) {
  const read = snapshot(objects, options);
  return companionChecks(refOf(pool), buildInventory(read), read, onGke);
}

const brief = (...args: Parameters<typeof checks>) =>
  checks(...args).map(({ verdict, id }) => `${verdict} ${id}`);

describe('a grant for routes of another namespace', () => {
  it('is missing for the v1 pool where only the alpha one has it', () => {
    const [check] = checks([...pools, fromWeb, grant([to(r.ALPHA_GROUP)])]);
    expect(check).to.include({
      id: 'grant-present',
      verdict: 'fail',
      evidence:
        'Routes of namespace web may name the alpha pool, but no ReferenceGrant lets them name the v1 one',
      hint: 'Make what is missing: kubectl infpool convert --apply -n llm',
    });
    expect(check!.subject).to.deep.equal(refOf(v1Pool()));
  });

  it('is there where one names both', () => {
    const [check, ...more] = checks([...pools, fromWeb, grant([to(r.ALPHA_GROUP), to(r.V1_GROUP)])]);
    expect(more).to.be.empty;
    expect(check).to.include({ verdict: 'pass', evidence: 'Routes of namespace web may name it' });
  });

  it('is asked for by a mirror, too, and by a route that names the v1 pool only', () => {
    const backendRef = toAlpha('food', { namespace: 'llm' });
    const filters = [{ type: 'RequestMirror', requestMirror: { backendRef } }];
    const mirroring = route([rule([toService()], { filters })], web);
    const shifted = route([[toV1('food-ga', { namespace: 'llm' })]], web);
    for (const one of [mirroring, shifted])
      expect(brief([...pools, one, grant([to(r.ALPHA_GROUP)])])).to.deep.equal(['fail grant-present']);
  });

  it('is not asked for by a route of the same namespace, nor by what sends no requests', () => {
    const grants = grant([to(r.ALPHA_GROUP)]);
    expect(brief([...pools, route(), grants])).to.be.empty;
    const grpc = object(
      r.GRPC_ROUTE,
      'calls',
      { spec: { rules: [rule([toAlpha('food', { namespace: 'llm' })])] } },
      web,
    );
    expect(brief([...pools, grpc, grants])).to.be.empty;
  });

  it('is not asked for where the alpha pool is reached without one', () => {
    expect(brief([...pools, fromWeb])).to.be.empty;
    const forV1 = grant([to(r.V1_GROUP)]);
    expect(brief([...pools, fromWeb, forV1])).to.be.empty;
  });

  it('counts only for the kind and the namespace that it names', () => {
    const allowing = (from: object, name: string) => ({
      ...grant([to(r.V1_GROUP)], name),
      spec: { from: [from], to: [to(r.V1_GROUP)] },
    });
    const route = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'web' };
    const given = (from: object) =>
      brief([...pools, fromWeb, grant([to(r.ALPHA_GROUP)]), allowing(from, 'v1')]);
    expect(given(route)).to.deep.equal(['pass grant-present']);
    for (const other of [{ namespace: 'shop' }, { kind: 'GRPCRoute' }, { group: 'other.io' }])
      expect(given({ ...route, ...other })).to.deep.equal(['fail grant-present']);
    const several = grant([to(r.V1_GROUP)], 'v1');
    several['spec'].from = [{ ...route, namespace: 'shop' }, route];
    expect(brief([...pools, fromWeb, grant([to(r.ALPHA_GROUP)]), several])).to.deep.equal([
      'pass grant-present',
    ]);
  });

  it('is looked for in each namespace, in their order', () => {
    const both = grant([to(r.ALPHA_GROUP)]);
    const from = both['spec'].from[0];
    both['spec'].from = [from, { ...from, namespace: 'shop' }, { ...from, namespace: 'idle' }];
    const fromShop = route([[toAlpha('food', { namespace: 'llm' })]], { namespace: 'shop' });
    const evidence = checks([...pools, fromWeb, fromShop, both]).map((check) => check.evidence);
    expect(evidence.map((text) => text.split(' ')[3])).to.deep.equal(['shop', 'web']);
  });

  it('is not known where grants could not be read, and only where one is needed', () => {
    const forbidden = { forbidden: [r.REFERENCE_GRANT] };
    const [check] = checks([...pools, fromWeb], forbidden);
    expect(check).to.include({ id: 'grant-present', verdict: 'unknown' });
    expect(check!.evidence).to.match(/^referencegrants\.\S+ could not be read: user "dev"/);
    expect(check!.hint).to.match(/^Allow "list" on referencegrants\./);
    expect(brief([...pools, route()], forbidden)).to.be.empty;
  });
});

describe('a policy or a rule', () => {
  const backend = (target: ReturnType<typeof toAlpha>, name: string) =>
    policy(r.GCP_BACKEND_POLICY, target, {}, { name });
  const host = (name: string) =>
    object(r.DESTINATION_RULE, name, { spec: { host: `${name}.llm.svc.cluster.local` } });

  it('of the alpha pool has to have its like for the v1 one', () => {
    const alpha = backend(toAlpha(), 'a');
    const [check] = checks([...pools, alpha], { onGke: true });
    expect(check).to.include({
      id: 'policy-present',
      verdict: 'fail',
      evidence:
        'gcpbackendpolicies.networking.gke.io/a in namespace llm holds for the alpha pool, and no GCPBackendPolicy for the v1 one',
      hint: 'Make what is missing: kubectl infpool convert --apply -n llm',
    });
    const [like] = checks([...pools, alpha, backend(toV1(), 'b')], { onGke: true });
    expect(like).to.include({ verdict: 'pass', evidence: 'GCPBackendPolicy: the v1 pool has one too' });
  });

  it('is compared with those of its own kind only', () => {
    const health = policy(r.HEALTH_CHECK_POLICY, toV1(), {}, { name: 'h' });
    expect(brief([...pools, backend(toAlpha(), 'a'), health], { onGke: true })).to.deep.equal([
      'fail policy-present',
    ]);
    const alphaHealth = policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, { name: 'h' });
    expect(brief([...pools, alphaHealth], { onGke: true }), 'has a check of its own').to.be.empty;
    const distribution = object(r.GCP_TRAFFIC_POLICY, 't', { spec: { targetRefs: [toAlpha()] } });
    expect(brief([...pools, distribution], { onGke: true })).to.deep.equal(['fail policy-present']);
  });

  it('of GKE is not asked for anywhere else', () => {
    expect(brief([...pools, backend(toAlpha(), 'a')])).to.be.empty;
  });

  it('of Istio is asked for everywhere', () => {
    expect(brief([...pools, host('food-epp')])).to.deep.equal(['fail destination-rule-present']);
    expect(brief([...pools, host('food-epp'), host('food-ga-epp')])).to.deep.equal([
      'pass destination-rule-present',
    ]);
    expect(brief([...pools, host('food-ga-epp')])).to.be.empty;
  });

  it('is not known where its kind could not be read', () => {
    const forbidden = [r.DESTINATION_RULE, r.GCP_TRAFFIC_POLICY, r.GCP_BACKEND_POLICY];
    const unknown = checks(pools, { onGke: true, forbidden });
    // Of GCPBackendPolicies the check of whether it is attached says so.
    expect(unknown.map(({ verdict, id, evidence }) => `${verdict} ${id}: ${evidence}`)).to.deep.equal([
      'unknown policy-present: gcptrafficdistributionpolicies.networking.gke.io could not be read: user "dev" cannot list it',
      'unknown destination-rule-present: destinationrules.networking.istio.io could not be read: user "dev" cannot list it',
    ]);
    expect(unknown.map(({ hint }) => hint)).to.deep.equal([
      'Allow "list" on gcptrafficdistributionpolicies.networking.gke.io for your user; all that this needs, as a role: kubectl infpool auth',
      'Allow "list" on destinationrules.networking.istio.io for your user; all that this needs, as a role: kubectl infpool auth',
    ]);
  });

  it('is compared for the pool that was asked for, and not when its alpha pool is gone', () => {
    const selector = { app: 'other' };
    const others = [
      alphaPool('drinks', { selector }),
      v1Pool('drinks-ga', { selector: { matchLabels: selector } }),
    ];
    const objects = [...pools, ...others, host('food-epp')];
    expect(brief(objects, { pool: others[1]! })).to.be.empty;
    expect(brief(objects)).to.have.length(1);
    expect(brief(objects, { pool: alphaPool() }), 'the alpha pool itself').to.be.empty;
    const migrated = { annotations: { 'kubectl-infpool/migrated-from': 'food' } };
    const gone = [v1Pool('food-ga', {}, migrated), fromWeb, host('food-ga-epp')];
    expect(brief(gone, { forbidden: [r.DESTINATION_RULE, r.REFERENCE_GRANT] })).to.be.empty;
  });
});
