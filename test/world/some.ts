import fc from 'fast-check';

/** Optional fields: each there or not. */
export function some<T extends Record<string, unknown>>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}
