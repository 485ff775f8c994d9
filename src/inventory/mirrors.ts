import type { Ref } from '../api/ref.ts';
import { poolTarget, type BackendRef, type RouteRule } from './backendRefs.ts';

/** A filter of a rule or of a backendRef, as far as we look into it. */
export interface RouteFilter {
  type?: string;
  requestMirror?: { backendRef?: BackendRef; [field: string]: unknown };
  [field: string]: unknown;
}

/** A filter that copies requests to a pool, and where it stands below the rule. */
export interface Mirror {
  readonly path: string;
  readonly pool: Ref;
}

/** Every request mirror of a rule that names a pool: the rule's own filters, then those of its backendRefs. */
export function mirrorsOf(rule: RouteRule, routeNamespace: string): Mirror[] {
  return [
    ...mirrorsIn(rule.filters, 'filters', routeNamespace),
    ...(rule.backendRefs ?? []).flatMap((backend, index) =>
      mirrorsIn(backend.filters, `backendRefs[${index}].filters`, routeNamespace),
    ),
  ];
}

export function mirrorsIn(filters: unknown, path: string, routeNamespace: string): Mirror[] {
  if (!Array.isArray(filters)) return [];
  return (filters as (RouteFilter | null)[]).flatMap((filter, index) => {
    const backendRef = filter?.requestMirror?.backendRef;
    const pool = backendRef ? poolTarget(backendRef, routeNamespace) : null;
    return pool ? [{ path: `${path}[${index}].requestMirror.backendRef`, pool }] : [];
  });
}
