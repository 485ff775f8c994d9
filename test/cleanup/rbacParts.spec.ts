// Permissions are taken away from nobody but the endpoint picker: whose they are is told by every part of a binding.
import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import { pickerRbac } from '../../src/cleanup/rbac.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { object } from '../support/objects.ts';

const pools = { apiGroups: [r.ALPHA_GROUP], resources: ['inferencepools'], verbs: ['get'] };
const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const account = { kind: 'ServiceAccount', name: 'epp', namespace: 'llm' };
const clusterRole = (name = 'epp', rules: unknown = [pools]) => object(r.CLUSTER_ROLE, name, { rules });
const role = (namespace = 'llm') => object(r.ROLE, 'epp', { rules: [pools] }, { namespace });
const bound = (
  roleRef: object | undefined,
  subjects: unknown[] = [account],
  name = 'epp',
  namespace?: string,
): KubeObject =>
  object(
    namespace === undefined ? r.CLUSTER_ROLE_BINDING : r.ROLE_BINDING,
    name,
    { subjects, roleRef },
    namespace === undefined ? {} : { namespace },
  );
const toCluster = (name = 'epp') => ({ kind: 'ClusterRole', name });
const toRole = { kind: 'Role', name: 'epp' };

function found(roles: KubeObject[], bindings: KubeObject[]): string[] {
  return pickerRbac('llm', 'epp', { roles, bindings }).map(
    ({ kind, metadata }) => `${kind} ${metadata.name}`,
  );
}

describe('the permissions of an endpoint picker', () => {
  const both = ['ClusterRole epp', 'ClusterRoleBinding epp'];

  it('are told apart by the role that a binding names', () => {
    const others = bound(toCluster('other'), [{ ...account, name: 'other' }], 'other');
    expect(found([clusterRole(), clusterRole('other')], [bound(toCluster()), others])).to.deep.equal(both);
    expect(found([clusterRole(), clusterRole('unbound')], [bound(toCluster())])).to.deep.equal(both);
    expect(found([clusterRole()], [others])).to.be.empty;
  });

  it('are told apart by the kind of role', () => {
    const local = bound(toRole, [account], 'local', 'llm');
    expect(found([clusterRole(), role()], [bound(toCluster())])).to.deep.equal(both);
    expect(found([role()], [local, bound(toCluster(), [{ ...account, name: 'x' }])])).to.deep.equal([
      'Role epp',
      'RoleBinding local',
    ]);
  });

  it('may be a role of the whole cluster that is bound in one namespace', () => {
    const local = bound(toCluster(), [account], 'local', 'llm');
    expect(found([clusterRole()], [local])).to.deep.equal(['ClusterRole epp', 'RoleBinding local']);
  });

  it('are not the role of another namespace, whoever it is bound to', () => {
    const elsewhere = bound(toRole, [account], 'elsewhere', 'web');
    expect(found([role()], [elsewhere])).not.to.include('Role epp');
    expect(found([role('web')], [elsewhere])).to.deep.equal(['Role epp', 'RoleBinding elsewhere']);
  });

  it('are none of a binding to nobody, or to a user of that name', () => {
    expect(found([clusterRole()], [bound(toCluster(), [])])).to.be.empty;
    const user = { kind: 'User', name: 'epp' };
    expect(found([role()], [bound(toRole, [user], 'local', 'llm')])).to.be.empty;
    const { kind: _, ...nothing } = account;
    expect(found([clusterRole()], [bound(toCluster(), [nothing])])).to.be.empty;
  });

  it('name alpha kinds in any of their rules', () => {
    expect(found([clusterRole('epp', [pods, pools])], [bound(toCluster())])).to.deep.equal(both);
    const mixed = { ...pools, resources: ['inferenceobjectives', 'inferencepools'] };
    expect(found([clusterRole('epp', [mixed])], [bound(toCluster())])).to.deep.equal(both);
    expect(found([clusterRole('epp', [{ apiGroups: [r.ALPHA_GROUP] }])], [bound(toCluster())])).to.be.empty;
    const { rules: _, ...bare } = clusterRole();
    expect(found([bare as KubeObject], [bound(toCluster())])).to.be.empty;
  });
});
