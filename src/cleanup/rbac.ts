import type { KubeObject } from '../api/object.ts';
import { ALPHA_GROUP } from '../api/resource.ts';

/** Roles and bindings as far as they could be read. */
export interface Rbac {
  readonly roles: readonly KubeObject[];
  readonly bindings: readonly KubeObject[];
}

/**
 * The permissions that only this ServiceAccount has and that name alpha pools or models: bindings to nobody else, and roles
 * bound by nothing else. What anybody else has a part in stays.
 */
export function pickerRbac(namespace: string, account: string, { roles, bindings }: Rbac): KubeObject[] {
  const found = roles.filter(namesAlpha).flatMap((role) => {
    const binding = bindings.filter((candidate) => isBoundTo(candidate, role));
    const mine = binding.length > 0 && binding.every((candidate) => isOnlyFor(candidate, namespace, account));
    return mine ? [...binding, role] : [];
  });
  return [...new Set(found)];
}

interface Rule {
  apiGroups?: string[];
  resources?: string[];
}

function namesAlpha(role: KubeObject): boolean {
  const gone = new Set(['inferencepools', 'inferencemodels']);
  return ((role['rules'] ?? []) as Rule[]).some(
    (rule) =>
      rule.apiGroups?.includes(ALPHA_GROUP) &&
      rule.resources?.some((resource) => gone.has(resource.split('/')[0]!)),
  );
}

function isBoundTo(binding: KubeObject, role: KubeObject): boolean {
  const { kind, name } = (binding['roleRef'] ?? {}) as { kind?: string; name?: string };
  if (kind !== role.kind || name !== role.metadata.name) return false;
  return kind === 'ClusterRole' || binding.metadata.namespace === role.metadata.namespace;
}

interface Subject {
  kind?: string;
  name?: string;
  namespace?: string;
}

function isOnlyFor(binding: KubeObject, namespace: string, account: string): boolean {
  const subjects = (binding['subjects'] ?? []) as Subject[];
  return (
    subjects.length > 0 &&
    subjects.every(
      (subject) =>
        subject.kind === 'ServiceAccount' &&
        subject.name === account &&
        (subject.namespace ?? binding.metadata.namespace) === namespace,
    )
  );
}
