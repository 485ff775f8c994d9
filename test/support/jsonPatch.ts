import type { JsonPatchOperation } from '../../src/api/plan.ts';

/** RFC 6902 for objects and arrays, as the API server applies it: a path that is not there is an error. */
export function applyJsonPatch<T>(document: T, patch: readonly JsonPatchOperation[]): T {
  const root = structuredClone({ document }) as Record<string, unknown>;
  for (const { op, path, value } of patch) {
    const keys = ['document', ...path.split('/').slice(1).map(unescaped)];
    const last = keys.pop()!;
    let parent = root;
    for (const key of keys) {
      if (!Object.hasOwn(parent, key)) throw new Error(`${op} ${path}: there is no ${key}`);
      parent = parent[key] as Record<string, unknown>;
    }
    const there = Object.hasOwn(parent, last);
    if (op !== 'add' && !there) throw new Error(`${op} ${path}: it is not there`);
    if (op === 'test' && JSON.stringify(parent[last]) !== JSON.stringify(value))
      throw new Error(`test ${path}: another value`);
    if (op === 'remove' && Array.isArray(parent)) parent.splice(Number(last), 1);
    else if (op === 'remove') delete parent[last];
    else if (op === 'add' && Array.isArray(parent))
      parent.splice(last === '-' ? parent.length : Number(last), 0, value);
    else if (op !== 'test') parent[last] = structuredClone(value);
  }
  return root['document'] as T;
}

function unescaped(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
