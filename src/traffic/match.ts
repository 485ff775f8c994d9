import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { sameRef } from '../api/ref.ts';
import { ALPHA_GROUP } from '../api/resource.ts';
import { poolTarget, rulesOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';
import { restOf, type OriginalRule } from './original.ts';

/** By the index of a rule as it is now: what it was. Rules that nobody can recognise any more are left out. */
export function matchOriginals(
  route: KubeObject,
  originals: readonly OriginalRule[],
): Map<number, OriginalRule> {
  const rules = rulesOf(route);
  const namespace = route.metadata.namespace ?? '';
  const matched = new Map<number, OriginalRule>();
  const open = new Set(originals);
  const takeFirst = (looksLike: (rule: RouteRule, original: OriginalRule) => boolean) => {
    // In its place first, then anywhere.
    for (const inPlace of [true, false])
      for (const original of [...open]) {
        const index = rules.findIndex(
          (rule, at) => !matched.has(at) && (!inPlace || at === original.index) && looksLike(rule, original),
        );
        if (index < 0) continue;
        matched.set(index, original);
        open.delete(original);
      }
  };
  takeFirst((rule, original) => restOf(rule) === original.rest);
  // With other matches or filters: by the backendRefs that we made, or by the alpha pool that it still names. The v1 pool
  // alone is no sign: somebody may have given it a rule of its own.
  takeFirst((rule, original) => canonicalJson(rule.backendRefs) === canonicalJson(original.made));
  takeFirst((rule, original) => shareAlphaPool(rule.backendRefs ?? [], original.backendRefs, namespace));
  return matched;
}

function shareAlphaPool(a: readonly BackendRef[], b: readonly BackendRef[], namespace: string): boolean {
  const alphas = (refs: readonly BackendRef[]) =>
    refs.flatMap((backend) => {
      const pool = poolTarget(backend, namespace);
      return pool?.group === ALPHA_GROUP ? [pool] : [];
    });
  const there = alphas(a);
  return alphas(b).some((pool) => there.some((other) => sameRef(pool, other)));
}
