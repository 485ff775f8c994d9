import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type Resource } from '../api/resource.ts';

/**
 * An object as we keep it. Items of a built-in kind's list don't say what they are, and metadata alone calls itself
 * PartialObjectMetadata: we know better.
 */
export function received(resource: Resource, object: KubeObject): KubeObject {
  const identity = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  // First in the text, last in authority.
  return withoutManagedFields({ ...identity, ...object, ...identity });
}

/**
 * Drops `managedFields`, in place. They are often half of an object, nobody here reads them, and server-side apply
 * refuses a manifest that carries them.
 */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata) delete object.metadata.managedFields;
  return object;
}
