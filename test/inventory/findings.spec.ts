import { expect } from 'chai';
import type { Finding } from '../../src/api/finding.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import {
  alphaPool,
  byHelm,
  crd,
  grant,
  model,
  object,
  policy,
  route,
  rule,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';

function findings(objects: KubeObject[], options: Parameters<typeof inventory>[1] = {}): readonly Finding[] {
  return inventory(objects, options).findings;
}

const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };
const everyV1 = { group: r.V1_GROUP, kind: 'InferencePool' };
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

  const unhandled: [id: string, object: KubeObject, words: RegExp][] = [
    ['reference-mirror', route([rule([], { filters: [mirror] })]), /does not move mirrors/],
    [
      'reference-grpc-backend-ref',
      object(r.GRPC_ROUTE, 'g', { spec: { rules: [rule([toAlpha()])] } }),
      /No known controller/,
    ],
    ['reference-grant', grant([everyAlpha]), /every alpha pool of namespace llm.*RefNotPermitted/],
    ['reference-grant', grant([{ ...everyAlpha, name: 'food' }]), /the alpha pool llm\/food/],
    ['reference-policy-target', policy(r.HEALTH_CHECK_POLICY, toAlpha()), /unhealthy \(503\)/],
    ['reference-policy-target', policy(r.GCP_BACKEND_POLICY, toAlpha()), /does not apply to the v1 pool\.$/],
    [
      'reference-other-backend-ref',
      object(r.AI_GATEWAY_ROUTE, 'ai', { spec: { rules: [rule([toAlpha()])] } }),
      /changed at its source/,
    ],
    ['reference-destination-rule', destinationRule('food-epp'), /needs its own/],
    [
      'reference-destination-rule',
      destinationRule('food-epp.llm.svc.cluster.local', 'istio-system'),
      /ext_proc/,
    ],
  ];
  for (const [id, pointing, words] of unhandled)
    it(`names what this version only reports: ${pointing.kind}, ${words.source}`, () => {
      const found = findings([alphaPool(), pointing]);
      expect(ids(found)).to.deep.equal([id]);
      expect(found[0]!.message).to.match(words);
      expect(found[0]!.ref).to.include({ kind: pointing.kind, name: pointing.metadata.name });
      expect(found[0]!.hint).to.match(/^This version only reports it\. /);
    });

  it('is not made for what is there for the v1 pool already', () => {
    const pools = [alphaPool(), v1Pool()];
    const fine: KubeObject[][] = [
      [grant([everyAlpha, everyV1])],
      [grant([{ ...everyAlpha, name: 'food' }, everyV1])],
      [
        grant([
          { ...everyAlpha, name: 'food' },
          { ...everyV1, name: 'food-ga' },
        ]),
      ],
      [policy(r.HEALTH_CHECK_POLICY, toAlpha()), policy(r.HEALTH_CHECK_POLICY, toV1())],
    ];
    for (const objects of fine) expect(ids(findings([...pools, ...objects]))).to.be.empty;
    const wanting: KubeObject[][] = [
      [grant([everyAlpha]), grant([everyV1], 'of-others')],
      [grant([everyAlpha, { ...everyV1, name: 'food-ga' }])],
      [
        grant([
          { ...everyAlpha, name: 'food' },
          { ...everyV1, name: 'food' },
        ]),
      ],
      [policy(r.HEALTH_CHECK_POLICY, toAlpha()), policy(r.GCP_BACKEND_POLICY, toV1())],
      [policy(r.HEALTH_CHECK_POLICY, toAlpha()), policy(r.HEALTH_CHECK_POLICY, toV1('other'))],
    ];
    for (const objects of wanting) expect(ids(findings([...pools, ...objects]))).to.have.length(1);
  });

  it('is not made for a policy that comes with the chart of its pool', () => {
    const charted = [
      alphaPool('food', {}, byHelm('food')),
      policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, byHelm('food')),
    ];
    expect(findings(charted)).to.be.empty;
    const other = [charted[0]!, policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, byHelm('mine'))];
    expect(ids(findings(other))).to.deep.equal(['reference-policy-target']);
  });

  it('is not made for a DestinationRule of another host', () => {
    for (const rule of [
      destinationRule('food-epp', 'web'),
      destinationRule('other'),
      destinationRule('food-epp.web'),
    ])
      expect(findings([alphaPool(), rule])).to.be.empty;
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
