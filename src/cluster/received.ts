import type { KubeObject } from '../api/object.ts';
import {
  ALPHA_POOL,
  apiVersionOf,
  COMPANIONS,
  HTTP_ROUTE,
  qualifiedName,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';

/**
 * An object as we keep it. Items of a built-in kind's list don't say what they are, and metadata alone calls itself
 * PartialObjectMetadata: we know better.
 */
export function received(resource: Resource, object: KubeObject): KubeObject {
  const identity = { apiVersion: apiVersionOf(resource), kind: resource.kind };
  // First in the text, last in authority.
  const whole = { ...identity, ...object, ...identity };
  return WITH_OWNERS.has(qualifiedName(resource)) ? withSpecManagers(whole) : withoutManagedFields(whole);
}

// What we change or delete by hand: there it matters whose the spec is. Of the rest nobody asks.
const WITH_OWNERS: ReadonlySet<string> = new Set(
  [ALPHA_POOL, V1_POOL, HTTP_ROUTE, ...COMPANIONS].map(qualifiedName),
);

/**
 * Leaves of `managedFields`, in place, who wrote the spec, how and when; which fields is half of an object's size. They
 * can be asked for by name and are not enumerable: copies, JSON and YAML of the object don't have them. So they are
 * never printed, and never written, which server-side apply would refuse.
 */
function withSpecManagers(object: KubeObject): KubeObject {
  const { metadata } = object;
  if (!metadata?.managedFields) return object;
  const managers = metadata.managedFields
    .filter(({ subresource, fieldsV1 }) => !subresource && fieldsV1?.['f:spec'] !== undefined)
    .map(({ manager, operation, time }) => ({ manager, operation, time }));
  if (managers.length === 0) return withoutManagedFields(object);
  Object.defineProperty(metadata, 'managedFields', {
    value: managers,
    enumerable: false,
    configurable: true,
    writable: true,
  });
  return object;
}

/**
 * Drops `managedFields`, in place. They are often half of an object, nobody reads them here, and server-side apply
 * refuses a manifest that carries them.
 */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (object.metadata) delete object.metadata.managedFields;
  return object;
}
