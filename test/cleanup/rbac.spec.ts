import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { pickerRbac } from '../../src/cleanup/rbac.ts';
import { object } from '../support/objects.ts';

const alphaRules = [{ apiGroups: [r.ALPHA_GROUP], resources: ['inferencepools'], verbs: ['get'] }];
const role = (rules: unknown = alphaRules, name = 'epp') => object(r.CLUSTER_ROLE, name, { rules });
const account = (name = 'epp', namespace = 'llm') => ({ kind: 'ServiceAccount', name, namespace });
const binding = (subjects: unknown[] = [account()], name = 'epp') =>
  object(r.CLUSTER_ROLE_BINDING, name, { subjects, roleRef: { kind: 'ClusterRole', name: 'epp' } });

function found(roles: KubeObject[], bindings: KubeObject[]): string[] {
  return pickerRbac('llm', 'epp', { roles, bindings }).map(({ kind }) => kind);
}

describe("the permissions that go with an alpha pool's endpoint picker", () => {
  it('are the role that names alpha kinds, and its binding to this account alone', () => {
    expect(found([role()], [binding()])).to.deep.equal(['ClusterRole', 'ClusterRoleBinding']);
    const models = [{ apiGroups: ['x', r.ALPHA_GROUP], resources: ['inferencemodels/status'] }];
    expect(found([role(models)], [binding()])).to.have.length(2);
  });

  it('are those of the namespace too', () => {
    const local = object(r.ROLE, 'epp', { rules: alphaRules });
    const localBinding = object(r.ROLE_BINDING, 'epp', {
      subjects: [{ kind: 'ServiceAccount', name: 'epp' }],
      roleRef: { kind: 'Role', name: 'epp' },
    });
    expect(found([local], [localBinding])).to.deep.equal(['Role', 'RoleBinding']);
    const elsewhere = { ...localBinding, metadata: { ...localBinding.metadata, namespace: 'web' } };
    expect(found([local], [elsewhere])).to.be.empty;
  });

  it('are a binding to this account alone whose role went before a removal was killed', () => {
    expect(found([], [binding()])).to.deep.equal(['ClusterRoleBinding']);
    expect(found([], [binding([account('other')])])).to.be.empty;
    expect(found([], [binding([account(), account('other')])])).to.be.empty;
  });

  it('are none where anybody else has a part in them', () => {
    expect(found([role()], [binding([account(), account('other')])])).to.be.empty;
    expect(found([role()], [binding([account('epp', 'web')])])).to.be.empty;
    expect(found([role()], [binding([{ kind: 'User', name: 'epp' }])])).to.be.empty;
    expect(found([role()], [binding(), binding([account('other')], 'second')])).to.be.empty;
    expect(found([role()], [])).to.be.empty;
  });

  it('are none where the role is for what stays', () => {
    for (const resources of [['inferenceobjectives'], ['inferencepoolimports'], ['pods']])
      expect(found([role([{ apiGroups: [r.ALPHA_GROUP], resources }])], [binding()])).to.be.empty;
    const v1 = [{ apiGroups: [r.V1_GROUP], resources: ['inferencepools'] }];
    expect(found([role(v1)], [binding()])).to.be.empty;
    expect(found([role([{ nonResourceURLs: ['/metrics'] }])], [binding()])).to.be.empty;
  });
});
