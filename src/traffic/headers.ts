import type { KubeObject } from '../api/object.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { poolTarget, rulesOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';

interface HeaderFilter {
  type?: string;
  requestHeaderModifier?: {
    set?: { name: string; value: string }[];
    add?: { name: string; value: string }[];
  };
}

/**
 * The values that this header is set to on the way to a pool, over all rules that name it; `''` stands for a rule or
 * backendRef that doesn't set it. Header names don't care for case; a backendRef's filters come after its rule's.
 */
export function headerTowards(route: KubeObject, pool: Ref, header: string): Set<string> {
  const values = new Set<string>();
  for (const rule of rulesOf(route)) {
    for (const backend of rule.backendRefs ?? []) {
      const target = poolTarget(backend, route.metadata.namespace ?? '');
      if (target && sameRef(target, pool)) values.add(headerOf(rule, backend, header));
    }
  }
  return values;
}

function headerOf(rule: RouteRule, backend: BackendRef, header: string): string {
  const filters = [...(rule.filters ?? []), ...(backend.filters ?? [])] as HeaderFilter[];
  const set = filters.flatMap(({ requestHeaderModifier: modifier }) => [
    ...(modifier?.set ?? []),
    ...(modifier?.add ?? []),
  ]);
  return set.findLast((entry) => entry.name.toLowerCase() === header)?.value ?? '';
}
