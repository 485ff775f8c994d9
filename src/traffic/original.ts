import { canonicalJson } from '../api/json.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { BackendRef, RouteRule } from '../inventory/backendRefs.ts';
import type { RouteFilter } from '../inventory/mirrors.ts';
import { neutralFilters } from './mirrors.ts';

/** The backendRefs of one rule before we touched it, and enough to find that rule again when others moved it. */
export interface OriginalRule {
  readonly index: number;
  /** The rule without its backendRefs, as canonical JSON. */
  readonly rest: string;
  readonly backendRefs: readonly BackendRef[];
  /** What we made of them: while the rule still has these, nobody has changed them since. */
  readonly made: readonly BackendRef[];
  /** The rule's own filters before we moved their mirrors; only where we did. */
  readonly filters?: readonly RouteFilter[];
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
    const parsed = JSON.parse(text) as Partial<Annotation> | null;
    if (parsed?.version !== 1)
      return {
        state: 'unreadable',
        message: `it is of version ${String(parsed?.version)}; this program knows version 1`,
      };
    if (!Array.isArray(parsed.rules) || !parsed.rules.every(isOriginalRule))
      return { state: 'unreadable', message: 'it does not hold the rules that it should' };
    return { state: 'ok', rules: parsed.rules };
  } catch {
    return { state: 'unreadable', message: 'it is not JSON' };
  }
}

function isOriginalRule(value: unknown): value is OriginalRule {
  const { index, rest, backendRefs, made, filters } = (value ?? {}) as Partial<OriginalRule>;
  return (
    typeof index === 'number' &&
    typeof rest === 'string' &&
    Array.isArray(backendRefs) &&
    Array.isArray(made) &&
    (filters === undefined || Array.isArray(filters))
  );
}

export function writeOriginals(rules: readonly OriginalRule[]): string {
  return JSON.stringify({ version: 1, rules } satisfies Annotation);
}

export function rememberRule(
  rule: RouteRule,
  index: number,
  backendRefs: readonly BackendRef[],
  made: readonly BackendRef[],
  filters?: readonly RouteFilter[],
): OriginalRule {
  return { index, rest: restOf(rule), backendRefs, made, ...(filters ? { filters } : {}) };
}

/** A rule without its backendRefs, and without where its mirrors go: what it is known by. */
export function restOf(rule: RouteRule): string {
  const { backendRefs: _, filters, ...rest } = rule;
  return canonicalJson(
    filters === undefined ? rest : { ...rest, filters: JSON.parse(neutralFilters(filters)) as unknown },
  );
}
