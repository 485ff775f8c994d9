import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { JsonPatchOperation } from '../../src/api/plan.ts';
import { ref, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, byHelm, NS, object, v1Pool } from '../support/objects.ts';

const alpha = alphaPool('food', {}, byHelm('food'));
const verbs = ['get', 'watch', 'list'];
const alphaRule = { apiGroups: [r.ALPHA_GROUP], resources: ['inferencemodels', 'inferencepools'], verbs };
const podRule = { apiGroups: [''], resources: ['pods'], verbs };
const role = (kind: r.Resource, name: string, rules: object[] = [podRule, alphaRule], meta = {}) =>
  object(kind, name, { rules }, meta);
const advised = (...roles: KubeObject[]) => advisoryReferences(roles, [{ alpha, v1: refOf(v1Pool()) }]);

describe('permissions on alpha pools', () => {
  it("of the endpoint picker are that pool's, wherever its role is kept", () => {
    for (const kind of [r.ROLE, r.CLUSTER_ROLE]) {
      const { references, findings } = advised(role(kind, 'food-epp'));
      expect(references).to.deep.equal([
        { from: refOf(role(kind, 'food-epp')), path: 'rules[1]', relation: 'rbac', pool: refOf(alpha) },
      ]);
      expect(findings.map(({ id, severity, field }) => [id, severity, field])).to.deep.equal([
        ['rbac-alpha-only', 'info', 'rules[1]'],
      ]);
      expect(findings[0]!.message).to.include(
        'It gives the endpoint picker of the alpha pool llm/food rights on alpha pools',
      );
    }
  });

  it('of another name are of every pool of the namespace; of the cluster, of none', () => {
    expect(advised(role(r.ROLE, 'custom')).references.map(({ pool }) => pool)).to.deep.equal([
      ref(r.ALPHA_POOL, NS, ''),
    ]);
    const cluster = advised(role(r.CLUSTER_ROLE, 'custom'));
    expect([cluster.references.length, cluster.findings.length]).to.deep.equal([0, 1]);
    const elsewhere = advised(role(r.ROLE, 'food-epp', [alphaRule], { namespace: 'web' }));
    expect(elsewhere.references).to.deep.equal([]);
  });

  it('come with the command that adds what a v1 endpoint picker needs, and that settles it', () => {
    const custom = role(r.ROLE, 'custom');
    const [told] = advised(custom).findings;
    const [, patch] =
      /: kubectl patch -n llm roles\.rbac\.authorization\.k8s\.io\/custom --type=json -p '(.*)'$/.exec(
        told!.hint,
      )!;
    const after = applyJsonPatch(custom, JSON.parse(patch!) as JsonPatchOperation[]);
    expect(after['rules']).to.deep.equal([
      podRule,
      alphaRule,
      { apiGroups: [r.V1_GROUP], resources: ['inferencepools'], verbs },
      { apiGroups: [r.ALPHA_GROUP], resources: ['inferenceobjectives', 'inferencemodelrewrites'], verbs },
    ]);
    expect(advised(after).findings).to.deep.equal([]);
  });

  it("of the pool's own release are left to the v1 chart", () => {
    const { references, findings } = advised(role(r.CLUSTER_ROLE, 'food-epp', [alphaRule], byHelm('food')));
    expect([references.length, findings.length]).to.deep.equal([1, 0]);
  });

  it('are found as a subresource and as everything of the group', () => {
    for (const resources of [['inferencepools/status'], ['*'], ['inferencemodels']])
      expect(advised(role(r.ROLE, 'custom', [{ ...alphaRule, resources }])).references).to.have.length(1);
  });

  it('are none where everything is allowed, where rules are copies, or where v1 is allowed as well', () => {
    const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
    expect(advised(role(r.CLUSTER_ROLE, 'admin', [everything])).references).to.deep.equal([]);
    const aggregated = { ...role(r.CLUSTER_ROLE, 'view'), aggregationRule: {} };
    expect(advised(aggregated).findings).to.deep.equal([]);
    const both = { ...alphaRule, apiGroups: [r.ALPHA_GROUP, r.V1_GROUP] };
    expect(advised(role(r.ROLE, 'custom', [both])).findings).to.deep.equal([]);
  });
});
