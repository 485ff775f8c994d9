import { CLUSTER_ROLE, ROLE } from '../api/resource.ts';
import type { Permission } from './permission.ts';
import type { AccessRole } from './roles.ts';

/** A rule of a role, as RBAC has it, and what it is for. */
export interface PolicyRule {
  readonly why: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
}

/** Rights for the same reason and on the same group in one rule, where they are for the same verbs. */
export function rulesOf(permissions: readonly Permission[]): PolicyRule[] {
  const kinds = Map.groupBy(permissions, ({ why, need, resource, names }) =>
    JSON.stringify([why, need, resource.group, resource.plural, names]),
  );
  const rules = Map.groupBy(kinds.values(), (mine) => {
    const { why, need, resource, names } = mine[0]!;
    return JSON.stringify([why, need, resource.group, names, mine.map(({ verb }) => verb)]);
  });
  return [...rules.values()].map((group) => {
    const { why, need, resource, names } = group[0]![0]!;
    return {
      why: need === 'optional' ? `optional: ${why}` : why,
      apiGroups: [resource.group],
      resources: group.map(([one]) => one!.resource.plural),
      resourceNames: names,
      verbs: group[0]!.map(({ verb }) => verb),
    };
  });
}

/** `infpool-convert-apply` */
export function clusterRoleName(role: AccessRole): string {
  return `infpool-${role.id}`;
}

/** The role as YAML for `kubectl apply -f -`: a ClusterRole for all namespaces. */
export function clusterRoleYaml(role: AccessRole): string {
  return document(role, CLUSTER_ROLE.kind, '', role.permissions);
}

/**
 * The same for work in one namespace: a Role there, and a ClusterRole for what lies in no namespace, or has to be looked at in
 * all of them.
 */
export function namespacedYaml(role: AccessRole, namespace: string): string {
  const wide = (permission: Permission) =>
    !permission.resource.namespaced || (role.everywhere && permission.verb === 'list');
  const parts = [
    document(
      role,
      ROLE.kind,
      namespace,
      role.permissions.filter((one) => !wide(one)),
    ),
    document(role, CLUSTER_ROLE.kind, '', role.permissions.filter(wide)),
  ];
  return parts.filter((part) => part !== '').join('---\n');
}

function document(
  role: AccessRole,
  kind: string,
  namespace: string,
  permissions: readonly Permission[],
): string {
  const rules = rulesOf(permissions);
  if (rules.length === 0) return '';
  return [
    `# kubectl infpool ${role.command}: ${role.summary}`,
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    'metadata:',
    // Two parts of one role must not meet in one name.
    `  name: ${clusterRoleName(role)}`,
    ...(namespace === '' ? [] : [`  namespace: ${JSON.stringify(namespace)}`]),
    '  labels:',
    '    app.kubernetes.io/part-of: kubectl-infpool',
    'rules:',
    ...rules.flatMap(ruleLines),
    '',
  ].join('\n');
}

function ruleLines({ why, apiGroups, resources, resourceNames, verbs }: PolicyRule): string[] {
  return [
    `  # ${why}`,
    `  - apiGroups: ${JSON.stringify(apiGroups)}`,
    `    resources: ${list(resources)}`,
    ...(resourceNames.length === 0
      ? []
      : ['    resourceNames:', ...resourceNames.map((name) => `      - ${name}`)]),
    `    verbs: ${list(verbs)}`,
  ];
}

function list(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
