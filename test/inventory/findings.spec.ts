import { expect } from 'chai';
import type { Finding } from '../../src/api/finding.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import {
  alphaPool,
  crd,
  grant,
  model,
  object,
  policy,
  route,
  rule,
  toAlpha,
  v1Pool,
} from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';

function findings(objects: KubeObject[], options: Parameters<typeof inventory>[1] = {}): readonly Finding[] {
  return inventory(objects, options).findings;
}

const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };
const mirror = { type: 'RequestMirror', requestMirror: { backendRef: toAlpha() } };
const destinationRule = (host: string, namespace?: string) =>
  object(r.DESTINATION_RULE, 'epp', { spec: { host } }, namespace === undefined ? {} : { namespace });

describe('a finding of the inventory', () => {
  it('is not made where all is plain', () => {
    const plain = [alphaPool(), model(), route(), crd(r.ALPHA_POOL), crd(r.MODEL)];
    expect(findings(plain)).to.be.empty;
    expect(findings([])).to.be.empty;
  });

  it('says when a name is in both groups, with the full names', () => {
    const [finding] = findings([
      alphaPool('pool'),
      v1Pool('pool', { selector: { matchLabels: { a: 'b' } } }),
    ]);
    expect(finding).to.include({ id: 'name-in-both-groups', severity: 'info' });
    expect(finding!.hint).to.contain('inferencepools.inference.networking.x-k8s.io/pool (alpha)');
    expect(ids(findings([alphaPool('pool'), v1Pool('pool', {}, { namespace: 'other' })]))).to.be.empty;
  });

  it('says when the counterpart could be several, and how to say which', () => {
    const [finding] = findings([alphaPool(), v1Pool('a'), v1Pool('b')]);
    expect(finding).to.include({ id: 'counterpart-ambiguous', severity: 'error' });
    expect(finding!.message).to.contain('inferencepools.inference.networking.k8s.io/a, inferencepools');
    expect(finding!.hint).to.contain('kubectl-infpool/migrated-from=food');
  });

  it('names a model whose pool is not there', () => {
    const [finding] = findings([model()]);
    expect(finding).to.include({ id: 'model-without-pool', field: 'spec.poolRef.name' });
    expect(finding!.hint).to.contain(
      'kubectl delete -n llm inferencemodels.inference.networking.x-k8s.io/review',
    );
  });

  it('does not call a pool missing that may not be looked at', () => {
    expect(ids(findings([model(), route()], { forbidden: [r.ALPHA_POOL] }))).to.be.empty;
  });

  it('names a route whose pool is not there', () => {
    const [finding] = findings([route()]);
    expect(finding).to.include({ id: 'backend-not-found', field: 'spec.rules[0].backendRefs[0]' });
    expect(finding!.ref).to.include({ kind: 'HTTPRoute', name: 'llm-route' });
  });

  it('does not call a pool missing that lies outside the namespace looked at', () => {
    const elsewhere = route([[toAlpha('food', { namespace: 'other' })]]);
    expect(ids(findings([elsewhere], { namespace: 'llm' }))).to.be.empty;
    expect(ids(findings([elsewhere]))).to.deep.equal(['backend-not-found']);
  });

  it('is not made for references that move with the pool', () => {
    const moved: KubeObject[] = [
      route([rule([], { filters: [mirror] })]),
      grant([everyAlpha]),
      grant([{ ...everyAlpha, name: 'food' }]),
      policy(r.HEALTH_CHECK_POLICY, toAlpha()),
      destinationRule('food-epp'),
    ];
    for (const pointing of moved) expect(findings([alphaPool(), pointing])).to.be.empty;
  });

  it('names a mirror, a grant and a policy for a pool that is not there', () => {
    const stray: [string, KubeObject][] = [
      ['backend-not-found', route([rule([], { filters: [mirror] })])],
      ['reference-to-nothing', grant([{ ...everyAlpha, name: 'food' }])],
      ['reference-to-nothing', policy(r.HEALTH_CHECK_POLICY, toAlpha())],
    ];
    for (const [id, pointing] of stray) expect(ids(findings([pointing]))).to.deep.equal([id]);
    expect(findings([grant([everyAlpha])])).to.be.empty;
  });

  it('says when a CRD is there but the version is not served', () => {
    const found = findings([crd(r.ALPHA_POOL)], { notInstalled: [r.ALPHA_POOL] });
    expect(ids(found)).to.include('version-not-served');
  });

  it('names alpha CRDs that are left when nothing needs them, and only then', () => {
    const crds = [crd(r.ALPHA_POOL), crd(r.MODEL)];
    const [left] = findings(crds);
    expect(left).to.include({ id: 'alpha-crds-left', hint: 'kubectl infpool cleanup --crds' });
    expect(
      ids(
        findings([...crds, v1Pool('food-ga', {}, { annotations: { [MIGRATED_FROM_ANNOTATION]: 'food' } })]),
      ),
    ).to.deep.equal(['alpha-crds-left']);
    expect(ids(findings([...crds, alphaPool()]))).to.be.empty;
    expect(ids(findings(crds, { forbidden: [r.MODEL] }))).to.be.empty;
    expect(ids(findings(crds, { namespace: 'llm' })), 'of one namespace').to.be.empty;
  });
});
