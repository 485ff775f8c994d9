// Every right of every role by itself, as a group of RBAC: whoever is in the group has the right. So a user with all of a
// role's rights but one is a list of groups, and needs no role of its own.
import { permissionKey, type Permission } from '../../src/access/permission.ts';
import { rulesOf } from '../../src/access/yaml.ts';
import { may } from '../lab/control-plane/access.ts';
import type { Kube } from '../lab/kube.ts';
import { until } from '../lab/scenarios/wait.ts';

const RBAC = 'rbac.authorization.k8s.io';
const USER = 'access-test';

export class Rights {
  private readonly groups: ReadonlyMap<string, string>;

  private constructor(groups: ReadonlyMap<string, string>) {
    this.groups = groups;
  }

  /** Grants each right to a group of its own; returns once the API server goes by the last of them. */
  static async grant(admin: Kube, permissions: readonly Permission[]): Promise<Rights> {
    const each = new Map(permissions.map((one) => [permissionKey(one), one]));
    const groups = new Map([...each.keys()].map((key, index) => [key, `access-test-${index}`]));
    const apiVersion = `${RBAC}/v1`;
    await Promise.all(
      [...each].map(async ([key, permission]) => {
        const name = groups.get(key)!;
        const [{ why: _, resourceNames, ...rule }] = rulesOf([permission]) as [ReturnType<typeof rulesOf>[0]];
        const rules = [{ ...rule, ...(resourceNames.length > 0 ? { resourceNames } : {}) }];
        await admin.request('POST', `/apis/${RBAC}/v1/clusterroles`, {
          apiVersion,
          kind: 'ClusterRole',
          metadata: { name },
          rules,
        });
        await admin.request('POST', `/apis/${RBAC}/v1/clusterrolebindings`, {
          apiVersion,
          kind: 'ClusterRoleBinding',
          metadata: { name },
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
          subjects: [{ apiGroup: RBAC, kind: 'Group', name }],
        });
      }),
    );
    await Promise.all([...each].map(([key, permission]) => effective(admin, groups.get(key)!, permission)));
    return new Rights(groups);
  }

  /** Flags of somebody who has just these rights. */
  flags(permissions: readonly Permission[]): string[] {
    const groups = permissions.map((permission) => this.groups.get(permissionKey(permission))!);
    return ['--as', USER, ...groups.flatMap((group) => ['--as-group', group])];
  }
}

// The authorizer learns of new roles by watching, a moment later.
function effective(admin: Kube, group: string, { verb, resource, names }: Permission): Promise<boolean> {
  const [name] = names;
  const question = {
    user: USER,
    groups: [group],
    resourceAttributes: { verb, group: resource.group, resource: resource.plural, ...(name ? { name } : {}) },
  };
  return until(`${group} to have its right`, () => may(admin, question));
}
