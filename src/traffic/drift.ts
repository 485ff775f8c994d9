import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { rulesOf, type RouteRule } from '../inventory/backendRefs.ts';
import type { PoolPair } from './pair.ts';
import { concerns, splitRoute } from './split.ts';

/** What else a route says than the percent that we brought it to. */
export interface Drift {
  /** Indexes of rules that we had brought there: somebody changed them back, or to something of their own. */
  readonly changed: readonly number[];
  /** Indexes of rules that were not there then: nobody's change is undone by bringing them there too. */
  readonly added: readonly number[];
}

/** How rules are known again, for `driftOf`: of the routes that were brought to a percent. */
export function rulesKnown(route: KubeObject): string[] {
  return rulesOf(route).map(keyOf);
}

// By what it matches: timeouts and filters are what others change of a rule that stays the same.
function keyOf({ matches }: RouteRule): string {
  return canonicalJson(matches ?? []);
}

/** Compares a route with what it has to be at `percent`. Null: it is there. */
export function driftOf(
  route: KubeObject,
  pairs: readonly PoolPair[],
  selected: readonly PoolPair[],
  percent: number,
  known: ReadonlySet<string>,
): Drift | null {
  if (!concerns(route, selected)) return null;
  const { after } = splitRoute(route, pairs, selected, percent);
  const wanted = rulesOf(after);
  const off = rulesOf(route).flatMap((rule, index) => {
    const { backendRefs, filters } = wanted[index]!;
    const same = canonicalJson([rule.backendRefs, rule.filters]) === canonicalJson([backendRefs, filters]);
    return same ? [] : [{ index, known: known.has(keyOf(rule)) }];
  });
  if (off.length === 0) return null;
  return {
    changed: off.filter((rule) => rule.known).map(({ index }) => index),
    added: off.filter((rule) => !rule.known).map(({ index }) => index),
  };
}
