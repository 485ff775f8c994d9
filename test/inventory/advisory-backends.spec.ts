import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { JsonPatchOperation } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { referencesOf } from '../../src/inventory/references.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, byHelm, object, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const advised = (subject: KubeObject, v1 = true) =>
  advisoryReferences([subject], [{ alpha: alphaPool(), v1: v1 ? refOf(v1Pool()) : null }]);
const routes = (kind: r.Resource, meta = {}) =>
  object(
    kind,
    'chat',
    { spec: { rules: [{ backendRefs: [toService()] }, { backendRefs: [toService(), toAlpha()] }] } },
    meta,
  );
const policy = object(r.BACKEND_SECURITY_POLICY, 'chat', {
  spec: {
    type: 'APIKey',
    targetRefs: [{ group: 'aigateway.envoyproxy.io', kind: 'AIServiceBackend', name: 'x' }, toAlpha()],
  },
});

const cases = [
  {
    subject: routes(r.AI_GATEWAY_ROUTE),
    id: 'reference-other-backend-ref',
    says: 'one pool per rule',
    at: 'spec.rules[1].backendRefs[1]',
  },
  {
    subject: routes(r.GRPC_ROUTE),
    id: 'reference-grpc-backend-ref',
    says: 'No controller',
    at: 'spec.rules[1].backendRefs[1]',
  },
  {
    subject: policy,
    id: 'reference-security-policy',
    says: 'without these credentials',
    at: 'spec.targetRefs[1]',
  },
];

function obeyed(subject: KubeObject, hint: string): KubeObject {
  const [, patch] = /: kubectl patch -n llm \S+\/chat --type=json -p '(.*)'$/.exec(hint) ?? [];
  return applyJsonPatch(subject, JSON.parse(patch!) as JsonPatchOperation[]);
}

for (const { subject, id, says, at } of cases)
  describe(`a ${subject.kind} that names an alpha pool`, () => {
    it('is told, with the truth about its controller', () => {
      const { findings } = advised(subject);
      expect(findings.map(({ id, field, severity }) => [id, field, severity])).to.deep.equal([
        [id, at, 'warning'],
      ]);
      expect(findings[0]!.message).to.include('alpha pool llm/food').and.include(says);
    });

    it('is settled by the command of the hint, which changes nothing else', () => {
      const after = obeyed(subject, advised(subject).findings[0]!.hint);
      expect(advised(after)).to.deep.equal({ references: [], findings: [] });
      const text = JSON.stringify(after)
        .replace('"food-ga"', '"food"')
        .replace(`"${r.V1_GROUP}"`, `"${r.ALPHA_GROUP}"`);
      expect(JSON.parse(text)).to.deep.equal(subject);
    });

    it('is not changed by that command once somebody else has changed it', () => {
      const { hint } = advised(subject).findings[0]!;
      const moved = JSON.parse(JSON.stringify(subject).replace('"food"', '"other"')) as KubeObject;
      expect(() => obeyed(moved, hint)).to.throw('another value');
    });

    it('waits for the v1 pool where there is none', () => {
      const { hint } = advised(subject, false).findings[0]!;
      expect(hint).to.include('kubectl infpool convert food -n llm --apply').and.not.include('kubectl patch');
    });
  });

describe('references of other routes', () => {
  it('of a policy are told here, those of routes where all references are', () => {
    expect(advised(policy).references).to.deep.equal([
      {
        from: refOf(policy),
        path: 'spec.targetRefs[1]',
        relation: 'securityPolicy',
        pool: refOf(alphaPool()),
      },
    ]);
    for (const kind of [r.AI_GATEWAY_ROUTE, r.GRPC_ROUTE]) {
      expect(advised(routes(kind)).references).to.deep.equal([]);
      expect(referencesOf(routes(kind)).map(({ path }) => path)).to.deep.equal([
        'spec.rules[1].backendRefs[1]',
      ]);
    }
  });

  it('to v1 pools, and to alpha pools that are not ours, are nothing to patch', () => {
    const v1 = object(r.AI_GATEWAY_ROUTE, 'chat', { spec: { rules: [{ backendRefs: [toV1()] }] } });
    expect(advised(v1).findings).to.deep.equal([]);
    const other = object(r.AI_GATEWAY_ROUTE, 'chat', {
      spec: { rules: [{ backendRefs: [toAlpha('gone')] }] },
    });
    expect(advised(other).findings[0]!.hint).to.match(
      /take the reference out: kubectl edit -n llm aigateway\S+\/chat$/,
    );
  });

  it('of an object that somebody looks after say whose it is', () => {
    const { message } = advised(routes(r.AI_GATEWAY_ROUTE, byHelm('rel'))).findings[0]!;
    expect(message).to.include('It belongs to Helm release rel: make the change there');
  });
});
