import { expect } from 'chai';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { poolTarget, weightOf } from '../../src/inventory/backendRefs.ts';
import { referencesByPool, referencesOf } from '../../src/inventory/references.ts';
import {
  alphaPool,
  grant,
  NS,
  object,
  policy,
  route,
  rule,
  toAlpha,
  toService,
  toV1,
  v1Pool,
} from '../support/objects.ts';

/** `relation path → group/namespace/name`, one for each reference. */
function found(subject: Parameters<typeof referencesOf>[0]): string[] {
  return referencesOf(subject).map(
    ({ relation, path, pool }) =>
      `${relation} ${path} → ${pool.group === r.V1_GROUP ? 'v1' : 'alpha'} ${pool.namespace}/${pool.name}`,
  );
}

const mirror = (backendRef: object) => ({ type: 'RequestMirror', requestMirror: { backendRef } });

describe('the references of', () => {
  it('an HTTPRoute are its backends and its mirrors, of rules and of backends', () => {
    const subject = route([
      [toService(), toAlpha('food', { filters: [{ type: 'X' }, mirror(toAlpha('shadow'))] })],
      rule([toV1()], { filters: [mirror(toService()), mirror(toAlpha('m', { namespace: 'other' }))] }),
    ]);
    expect(found(subject)).to.deep.equal([
      'backendRef spec.rules[0].backendRefs[1] → alpha llm/food',
      'backendRef spec.rules[1].backendRefs[0] → v1 llm/food-ga',
      'mirror spec.rules[0].backendRefs[1].filters[1].requestMirror.backendRef → alpha llm/shadow',
      'mirror spec.rules[1].filters[1].requestMirror.backendRef → alpha other/m',
    ]);
  });

  it('a GRPCRoute are its backends', () => {
    const subject = object(r.GRPC_ROUTE, 'grpc', { spec: { rules: [rule([toAlpha()])] } });
    expect(found(subject)).to.deep.equal(['grpcBackendRef spec.rules[0].backendRefs[0] → alpha llm/food']);
  });

  it('an AIGatewayRoute are its backends', () => {
    const subject = object(r.AI_GATEWAY_ROUTE, 'ai', { spec: { rules: [rule([toService(), toV1()])] } });
    expect(found(subject)).to.deep.equal(['otherBackendRef spec.rules[0].backendRefs[1] → v1 llm/food-ga']);
  });

  it('a ReferenceGrant are its entries, by name or for every pool', () => {
    const subject = grant([
      { group: '', kind: 'Service' },
      { group: r.ALPHA_GROUP, kind: 'InferencePool' },
      { group: r.ALPHA_GROUP, kind: 'InferencePool', name: 'food' },
      { group: r.V1_GROUP, kind: 'InferencePool', name: 'food-ga' },
      { group: r.ALPHA_GROUP, kind: 'InferenceModel' },
    ]);
    expect(found(subject)).to.deep.equal([
      'grant spec.to[1] → alpha llm/',
      'grant spec.to[2] → alpha llm/food',
      'grant spec.to[3] → v1 llm/food-ga',
    ]);
  });

  it('a GKE policy are its target or targets', () => {
    for (const kind of [r.HEALTH_CHECK_POLICY, r.GCP_BACKEND_POLICY])
      expect(found(policy(kind, toAlpha()))).to.deep.equal(['policyTarget spec.targetRef → alpha llm/food']);
    const several = object(r.GCP_TRAFFIC_POLICY, 'p', {
      spec: { targetRefs: [toService(), toAlpha(), toV1()] },
    });
    expect(found(several)).to.deep.equal([
      'policyTarget spec.targetRefs[1] → alpha llm/food',
      'policyTarget spec.targetRefs[2] → v1 llm/food-ga',
    ]);
  });

  it('anything half-written are none, and no error', () => {
    for (const spec of [undefined, {}, { rules: [{}] }, { rules: [{ filters: [null] }] }, { to: null }])
      for (const kind of [r.HTTP_ROUTE, r.GRPC_ROUTE, r.REFERENCE_GRANT, r.HEALTH_CHECK_POLICY, r.SERVICE])
        expect(found(object(kind, 'x', spec === undefined ? {} : { spec }))).to.be.empty;
  });
});

describe('the target of a backendRef', () => {
  it('is told by group and kind, never by the name alone', () => {
    expect(poolTarget(toService('food'), NS)).to.equal(null);
    expect(poolTarget({ name: 'food', kind: 'InferencePool' }, NS)).to.equal(null);
    expect(poolTarget({ name: 'food', kind: 'InferencePool', group: 'example.com' }, NS)).to.equal(null);
    expect(poolTarget({ name: 'food', group: r.ALPHA_GROUP, kind: 'Other' }, NS)).to.equal(null);
    expect(poolTarget(toAlpha(), 'web')).to.deep.equal({ ...refOf(alphaPool()), namespace: 'web' });
    expect(poolTarget(toV1('a', { namespace: 'b' }), 'web')).to.include({
      group: r.V1_GROUP,
      namespace: 'b',
    });
  });

  it('has the weight 1 unless told', () => {
    expect([{}, { weight: 0 }, { weight: 7 }].map((more) => weightOf(toAlpha('a', more)))).to.deep.equal([
      1, 0, 7,
    ]);
  });
});

describe('references by pool', () => {
  const pools = [
    refOf(alphaPool('a')),
    refOf(alphaPool('b')),
    refOf(v1Pool('a')),
    { ...refOf(alphaPool('a')), namespace: 'x' },
  ];

  it('give a grant for every pool to each pool of its group and namespace', () => {
    const all = referencesOf(grant([{ group: r.ALPHA_GROUP, kind: 'InferencePool' }]));
    const byPool = referencesByPool(all, pools);
    expect(pools.map((pool) => byPool.get(refKey(pool))!.length)).to.deep.equal([1, 1, 0, 0]);
    expect(byPool.get(refKey(pools[0]!))![0]).to.have.all.keys('from', 'path', 'relation');
  });

  it('keep namesakes of the other group and of other namespaces apart', () => {
    const byPool = referencesByPool(referencesOf(route([[toAlpha('a')]])), pools);
    expect(pools.map((pool) => byPool.get(refKey(pool))!.length)).to.deep.equal([1, 0, 0, 0]);
  });
});
