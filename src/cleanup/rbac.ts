import type { KubeObject } from '../api/object.ts';
import { ALPHA_GROUP } from '../api/resource.ts';

/** Roles and bindings as far as they could be read. */
export interface Rbac {
  readonly roles: readonly KubeObject[];
  readonly bindings: readonly KubeObject[];
}

/**
 * The permissions that only this ServiceAccount has and that name alpha pools or models: roles bound by nothing else, and
 * bindings to nobody else. What anybody else has a part in stays. Roles come before their bindings, by which they are found
 * again; a binding whose role is gone, and that is for nobody else, is what a removal left that was killed between the two.
 */
export function pickerRbac(namespace: string, account: string, { roles, bindings }: Rbac): KubeObject[] {
  const mine = bindings.filter((binding) => isOnlyFor(binding, namespace, account));
  const found = roles.filter(namesAlpha).flatMap((role) => {
    const binding = bindings.filter((candidate) => isBoundTo(candidate, role));
    return binding.length > 0 && binding.every((one) => mine.includes(one)) ? [role, ...binding] : [];
  });
  const idle = mine.filter((binding) => !roles.some((role) => isBoundTo(binding, role)));
  return [...new Set([...found, ...idle])];
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
