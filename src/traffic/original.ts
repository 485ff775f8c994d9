import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { rulesOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';

/** The backendRefs of one rule before we touched it, and enough to find that rule again when others moved it. */
export interface OriginalRule {
  readonly index: number;
  /** The rule without its backendRefs, as canonical JSON. */
  readonly rest: string;
  readonly backendRefs: readonly BackendRef[];
}

interface Annotation {
  readonly version: 1;
  readonly rules: readonly OriginalRule[];
}

/** What our annotation remembers: nothing yet, the rules, or something that we did not write. */
export type Originals =
  | { readonly state: 'none' }
  | { readonly state: 'ok'; readonly rules: readonly OriginalRule[] }
  | { readonly state: 'unreadable'; readonly message: string };

export function readOriginals(route: KubeObject): Originals {
  const text = route.metadata.annotations?.[ORIGINAL_REFS_ANNOTATION];
  if (text === undefined) return { state: 'none' };
  try {
    const parsed = JSON.parse(text) as Annotation;
    if (parsed.version !== 1 || !Array.isArray(parsed.rules))
      return {
        state: 'unreadable',
        message: `it is of version ${String(parsed.version)}; this program knows version 1`,
      };
    return { state: 'ok', rules: parsed.rules };
  } catch {
    return { state: 'unreadable', message: 'it is not JSON' };
  }
}

export function writeOriginals(rules: readonly OriginalRule[]): string {
  return JSON.stringify({ version: 1, rules } satisfies Annotation);
}

export function rememberRule(
  rule: RouteRule,
  index: number,
  backendRefs: readonly BackendRef[],
): OriginalRule {
  return { index, rest: restOf(rule), backendRefs };
}

/** By the index of a rule as it is now: what it was. Rules that nobody can recognise any more are left out. */
export function matchOriginals(
  route: KubeObject,
  originals: readonly OriginalRule[],
): Map<number, OriginalRule> {
  const rules = rulesOf(route);
  const matched = new Map<number, OriginalRule>();
  const open = new Set(originals);
  const take = (index: number, original: OriginalRule) => {
    matched.set(index, original);
    open.delete(original);
  };
  // In place and otherwise unchanged first; then moved; then, where the number of rules is the same, changed in place.
  for (const original of [...open]) {
    const rule = rules[original.index];
    if (rule && restOf(rule) === original.rest) take(original.index, original);
  }
  for (const original of [...open]) {
    const index = rules.findIndex((rule, at) => !matched.has(at) && restOf(rule) === original.rest);
    if (index >= 0) take(index, original);
  }
  for (const original of [...open]) {
    const rule = rules[original.index];
    if (rule && !matched.has(original.index) && namesPoolOf(rule, original)) take(original.index, original);
  }
  return matched;
}

function namesPoolOf(rule: RouteRule, original: OriginalRule): boolean {
  return (
    (rule.backendRefs ?? []).some((backend) => backend.kind === 'InferencePool') &&
    original.backendRefs.length > 0
  );
}

function restOf(rule: RouteRule): string {
  const { backendRefs: _, ...rest } = rule;
  return canonicalJson(rest);
}

/** JSON with sorted keys: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
