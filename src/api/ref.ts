import type { KubeObject } from './object.ts';
import { groupOf, qualifiedName, resourceOf, versionOf, type Resource } from './resource.ts';

/**
 * One object. Identity is group, kind, namespace and name ({@link refKey}); the version is how to read it.
 * Cluster-scoped objects have the namespace ''.
 */
export interface Ref {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function ref(resource: Resource, namespace: string, name: string): Ref {
  const { group, version, kind, namespaced } = resource;
  return { group, version, kind, namespace: namespaced ? namespace : '', name };
}

export function refOf(object: KubeObject): Ref {
  return {
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  };
}

/** A map key. Two refs are the same object exactly if their keys are equal; the version plays no part. */
export function refKey(ref: Pick<Ref, 'group' | 'kind' | 'namespace' | 'name'>): string {
  return JSON.stringify([ref.group, ref.kind, ref.namespace, ref.name]);
}

export function sameRef(a: Ref, b: Ref): boolean {
  return refKey(a) === refKey(b);
}

/** `inferencepools.inference.networking.k8s.io/NAME`, as kubectl takes it (the namespace goes into `-n`). */
export function qualifiedRef(ref: Ref): string {
  const resource = resourceOf(ref.group, ref.kind);
  if (resource) return `${qualifiedName(resource)}/${ref.name}`;
  return `${ref.kind.toLowerCase()}${ref.group === '' ? '' : `.${ref.group}`}/${ref.name}`;
}

/** For messages: `inferencepools.inference.networking.k8s.io/NAME in namespace NS`. */
export function describeRef(ref: Ref): string {
  return ref.namespace === '' ? qualifiedRef(ref) : `${qualifiedRef(ref)} in namespace ${ref.namespace}`;
}

/** Stable order for reports: namespace, kind, group, name. */
export function compareRefs(a: Ref, b: Ref): number {
  return (
    compare(a.namespace, b.namespace) ||
    compare(a.kind, b.kind) ||
    compare(a.group, b.group) ||
    compare(a.name, b.name)
  );
}

// Code unit order, not the locale's: the same input gives the same bytes on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
