import { qualifiedName, type Resource } from '../api/resource.ts';

/** What RBAC knows of a resource: subresources are part of the name (`pods/proxy`). */
export type Target = Pick<Resource, 'group' | 'plural' | 'namespaced'>;

/**
 * `needed`: without it the command refuses, or ends with "could not check". `optional`: without it the command says what it
 * could not look at, and goes on.
 */
export type Necessity = 'needed' | 'optional';

/** One right of RBAC, and what a command does with it. */
export interface Permission {
  readonly verb: string;
  readonly resource: Target;
  /** Only objects of these names; [] for all. RBAC can't confine `create` to names. */
  readonly names: readonly string[];
  readonly need: Necessity;
  /** What for, in a few words. */
  readonly why: string;
}

interface Details {
  readonly need?: Necessity;
  readonly names?: readonly string[];
}

/** Each verb on each resource, for one reason. */
export function may(
  verbs: readonly string[],
  resources: readonly Target[],
  why: string,
  { need = 'needed', names = [] }: Details = {},
): Permission[] {
  return resources.flatMap((resource) =>
    verbs.map((verb) => ({ verb, resource, names: verb === 'create' ? [] : names, need, why })),
  );
}

/** As `kubectl auth can-i` takes it: `inferencepools.inference.networking.k8s.io`. */
export function targetName(resource: Pick<Target, 'group' | 'plural'>): string {
  return qualifiedName(resource as Resource);
}

/** Equal for the same right: two reasons for it are still one right. */
export function permissionKey({ verb, resource, names }: Permission): string {
  return [verb, targetName(resource), ...names].join(' ');
}

/** Each right once, in the order of its first reason; one that is needed for anything is needed. */
export function union(...parts: readonly (readonly Permission[])[]): Permission[] {
  const found = new Map<string, Permission>();
  for (const permission of parts.flat()) {
    const key = permissionKey(permission);
    const known = found.get(key);
    if (!known) found.set(key, permission);
    else if (known.need === 'optional' && permission.need === 'needed') found.set(key, permission);
  }
  // A right to all objects of a kind holds for those with names, too.
  return [...found.values()].filter(
    (one) => one.names.length === 0 || !found.has(permissionKey({ ...one, names: [] })),
  );
}
