import { ALPHA_GROUP, ALPHA_POOL, V1_GROUP, V1_POOL } from '../api/resource.ts';
import { ref, type Ref } from '../api/ref.ts';
import type { KubeObject } from '../api/object.ts';

/** A backendRef of an HTTPRoute. Fields that we don't know (filters, port) travel along. */
export interface BackendRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
  weight?: number;
  filters?: unknown[];
}

/** A rule of an HTTPRoute, as far as we look into it. */
export interface RouteRule {
  name?: string;
  backendRefs?: BackendRef[];
  filters?: unknown[];
  [field: string]: unknown;
}

export function rulesOf(route: KubeObject): RouteRule[] {
  return (route['spec']?.rules ?? []) as RouteRule[];
}

/** The pool that a backendRef names, in either group; null when it names something else. */
export function poolTarget(backendRef: BackendRef, routeNamespace: string): Ref | null {
  if (backendRef.kind !== 'InferencePool') return null;
  const namespace = backendRef.namespace ?? routeNamespace;
  if (backendRef.group === ALPHA_GROUP) return ref(ALPHA_POOL, namespace, backendRef.name);
  if (backendRef.group === V1_GROUP) return ref(V1_POOL, namespace, backendRef.name);
  return null;
}

/** Gateway API: an unset weight is 1. */
export function weightOf(backendRef: BackendRef): number {
  return backendRef.weight ?? 1;
}
