import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { advisoryReferences } from '../../src/inventory/advisory/advisory.ts';
import { ADVISORY_RESOURCES } from '../../src/inventory/advisory/wanted.ts';
import { alphaPool, model, object, objective, route, toAlpha, toV1, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const pools = [{ alpha: alphaPool(), v1: refOf(v1Pool()) }];
const advised = (...objects: KubeObject[]) => advisoryReferences(objects, pools);

describe('what is only reported', () => {
  it('is nothing where no alpha pool is left', () => {
    const rule = object(r.ROLE, 'food-epp', {
      rules: [{ apiGroups: [r.ALPHA_GROUP], resources: ['inferencepools'], verbs: ['get'] }],
    });
    expect(advisoryReferences([rule], [])).to.deep.equal({ references: [], findings: [] });
    expect(ids(advised(rule).findings)).to.deep.equal(['rbac-alpha-only']);
  });

  it('is nothing of what is of the alpha group and stays', () => {
    const config = { apiVersion: 'inference.networking.x-k8s.io/v1alpha1', kind: 'EndpointPickerConfig' };
    const exported = alphaPool(
      'exported',
      {},
      {
        annotations: { 'inference.networking.x-k8s.io/export': 'ClusterSet' },
      },
    );
    expect(
      advised(
        object(r.CONFIG_MAP, 'food-epp', { data: { 'default-plugins.yaml': JSON.stringify(config) } }),
        exported,
        v1Pool('exported-ga', {}, exported.metadata),
        objective(),
        object(r.REWRITE, 'review', { spec: { poolRef: { group: r.V1_GROUP, name: 'food-ga' } } }),
        object(r.POOL_IMPORT, 'imported', {}),
        object(r.ROLE, 'stays', {
          rules: [
            {
              apiGroups: [r.ALPHA_GROUP],
              resources: ['inferenceobjectives', 'inferencemodelrewrites', 'inferencepoolimports'],
              verbs: ['get'],
            },
          ],
        }),
      ),
    ).to.deep.equal({ references: [], findings: [] });
  });

  it('is nothing of what is moved by itself', () => {
    expect(advised(alphaPool(), model(), v1Pool(), route([[toAlpha(), toV1()]]))).to.deep.equal({
      references: [],
      findings: [],
    });
  });

  it('goes by group and kind: a kind of that name in another group is none of these', () => {
    const rules = [{ apiGroups: [r.ALPHA_GROUP], resources: ['inferencepools'], verbs: ['get'] }];
    const other: KubeObject = {
      apiVersion: 'example.com/v1',
      kind: 'Role',
      metadata: { name: 'food-epp' },
      rules,
    };
    expect(advised(other).findings).to.deep.equal([]);
  });

  it('survives objects of which everything optional is missing, and of the wrong type', () => {
    const kinds = [...ADVISORY_RESOURCES, r.GRPC_ROUTE, r.AI_GATEWAY_ROUTE];
    const bodies = [
      {},
      { spec: {} },
      { spec: { selector: {}, groups: null, triggers: [null], metrics: [null, {}], targetRefs: [null] } },
      {
        spec: { groups: [null, { rules: [null, { expr: 1 }] }], triggers: [{}, { metadata: { query: 1 } }] },
      },
      { spec: { metrics: [{ type: 'External' }, { type: 'Object', object: {} }], rules: [{}] } },
      { rules: [{}] },
    ];
    for (const kind of kinds)
      for (const body of bodies)
        expect(advised(object(kind, 'odd', body)), kind.kind).to.deep.equal({ references: [], findings: [] });
  });
});
