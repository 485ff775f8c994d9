import type { KubeObject } from '../../api/object.ts';

export function isObject(value: unknown): value is KubeObject {
  const object = value as Partial<KubeObject> | null;
  return (
    typeof object === 'object' &&
    typeof object?.apiVersion === 'string' &&
    typeof object.kind === 'string' &&
    typeof object.metadata?.name === 'string'
  );
}

export function isList(value: unknown): value is { items: unknown[] } {
  const list = value as { kind?: unknown; items?: unknown } | null;
  return (
    typeof list === 'object' &&
    typeof list?.kind === 'string' &&
    list.kind.endsWith('List') &&
    Array.isArray(list.items)
  );
}

/** The objects of a document, Lists taken apart. */
export function objectsIn(value: unknown): KubeObject[] {
  if (isList(value)) return value.items.flatMap(objectsIn);
  return isObject(value) ? [value] : [];
}
