import { expect } from 'chai';
import { compareRefs, describeRef, qualifiedRef, ref, refKey, refOf, sameRef } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { alphaPool, object, v1Pool } from '../support/objects.ts';

describe('refs', () => {
  it('keep pools of one name in two groups apart', () => {
    const alpha = refOf(alphaPool('pool'));
    const v1 = refOf(v1Pool('pool'));
    expect(sameRef(alpha, v1)).to.be.false;
    expect(refKey(alpha)).not.to.equal(refKey(v1));
    expect(qualifiedRef(alpha)).to.equal('inferencepools.inference.networking.x-k8s.io/pool');
    expect(qualifiedRef(v1)).to.equal('inferencepools.inference.networking.k8s.io/pool');
  });

  it('are the same object in every version of the kind', () => {
    const v1 = ref(r.REFERENCE_GRANT, 'a', 'grant');
    expect(sameRef(v1, { ...v1, version: 'v1' })).to.be.true;
  });

  it('can not be confused by names with separators in them', () => {
    const a = { ...ref(r.SERVICE, 'a', 'b'), kind: 'X","Y' };
    const b = { ...ref(r.SERVICE, 'a', 'b'), kind: 'X', group: 'Y' };
    expect(refKey(a)).not.to.equal(refKey(b));
  });

  it('have no namespace where the kind has none', () => {
    expect(ref(r.CRD, 'llm', 'x').namespace).to.equal('');
    expect(describeRef(ref(r.GATEWAY_CLASS, 'llm', 'gke'))).to.equal(
      'gatewayclasses.gateway.networking.k8s.io/gke',
    );
  });

  it('say the namespace in messages', () => {
    expect(describeRef(refOf(object(r.SERVICE, 'epp')))).to.equal('services/epp in namespace llm');
  });

  it('name a kind that is none of ours by its kind and group', () => {
    const object = { apiVersion: 'ray.io/v1', kind: 'RayService', metadata: { name: 'x' } };
    expect(refOf(object)).to.deep.equal({
      group: 'ray.io',
      version: 'v1',
      kind: 'RayService',
      namespace: '',
      name: 'x',
    });
    expect(qualifiedRef(refOf(object))).to.equal('rayservice.ray.io/x');
    expect(qualifiedRef({ ...refOf(object), group: '', kind: 'Secret' })).to.equal('secret/x');
  });

  it('are ordered by namespace, kind, group and name', () => {
    const refs = [
      ref(r.V1_POOL, 'b', 'a'),
      ref(r.V1_POOL, 'a', 'b'),
      ref(r.ALPHA_POOL, 'a', 'b'),
      ref(r.V1_POOL, 'a', 'a'),
      ref(r.GATEWAY, 'a', 'z'),
    ];
    expect(refs.toSorted(compareRefs)).to.deep.equal([refs[4], refs[3], refs[1], refs[2], refs[0]]);
  });
});
