import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf, sameRef, type Ref } from '../api/ref.ts';
import { rulesOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';
import type { RouteFilter } from '../inventory/mirrors.ts';
import { matchOriginals } from './match.ts';
import { mirrorsToV1, originalFilters } from './mirrors.ts';
import { canonicalJson } from '../api/json.ts';
import { readOriginals, rememberRule, writeOriginals, type OriginalRule } from './original.ts';
import type { PoolPair } from './pair.ts';
import {
  baseOf,
  currentShare,
  currentWanted,
  refsAt,
  switched,
  touchesPair,
  type Share,
  type Wanted,
} from './rule.ts';
import { isUnexplained, pairsOfRule } from './rulePairs.ts';

/** How a route has to change; `after` equals the route, to the letter, where nothing has to. */
export interface RouteChange {
  readonly route: KubeObject;
  readonly after: KubeObject;
  readonly changed: boolean;
  /** True where some rule gets v1 traffic that had less of it before. */
  readonly raisesV1: boolean;
  readonly findings: readonly Finding[];
}

/** `cold`: what was warmed at 0, and everything else as it is. */
type Asked = Share | 'cold';

type Filters = readonly RouteFilter[] | undefined;

interface RulePlan {
  readonly refs: readonly BackendRef[];
  readonly filters: Filters;
  readonly original: OriginalRule | null;
}

/**
 * The route with `percent` of what goes to each of `selected` on v1. `pairs` are all pairs known: those not selected
 * keep the percent that they are at.
 */
export function splitRoute(
  route: KubeObject,
  pairs: readonly PoolPair[],
  selected: readonly PoolPair[],
  percent: Asked,
): RouteChange {
  const namespace = route.metadata.namespace ?? '';
  const originals = readOriginals(route);
  if (originals.state === 'unreadable')
    return unchanged(route, [unreadableAnnotation(route, originals.message)]);
  const remembered = matchOriginals(route, originals.state === 'ok' ? originals.rules : []);

  const findings: Finding[] = [];
  let raisesV1 = false;
  const plans = rulesOf(route).map((rule, index): RulePlan => {
    const current = rule.backendRefs ?? [];
    const filters = rule.filters as Filters;
    const before = remembered.get(index);
    const here = pairsOfRule(rule, before, pairs, namespace);
    if (!selected.some((pair) => isSplittable(rule, before, pair, namespace)))
      return { refs: current, filters, original: before ?? null };

    const base = baseOf(current, before, here, namespace, filters);
    const wanted = here.map((pair): Wanted => {
      const now = currentWanted(current, pair, namespace, filters);
      return isSelected(pair, selected) ? wantedAt(percent, now) : now;
    });
    const result = refsAt(base.refs, wanted, namespace);
    if ('problem' in result) {
      findings.push(cannotExpress(route, index, result.problem, percent));
      return { refs: current, filters, original: before ?? null };
    }
    const unmoved = originalFilters(filters, before?.filters, here, namespace);
    const moved = mirrorsToV1(unmoved, switched(wanted), namespace);
    raisesV1 ||= here.some((pair) => {
      const [from, to] = [
        currentShare(current, pair, namespace, filters),
        currentShare(result.refs, pair, namespace, moved),
      ];
      return percentOf(to) > percentOf(from);
    });
    const back = canonicalJson(result.refs) === canonicalJson(base.refs) && moved === unmoved;
    const original = back
      ? null
      : rememberRule(rule, index, base.refs, result.refs, moved === unmoved ? undefined : unmoved);
    return { refs: result.refs, filters: moved, original };
  });
  return { ...withRules(route, plans), raisesV1, findings };
}

/**
 * Is something of this rule the pair's to split: does it name the alpha pool, or did it before we moved it? A rule that
 * somebody gave to the v1 pool alone (a canary by header) has nothing that goes to alpha, and stays.
 */
function isSplittable(
  rule: RouteRule,
  before: OriginalRule | undefined,
  { alpha, v1 }: PoolPair,
  routeNamespace: string,
): boolean {
  const names = (refs: readonly BackendRef[], filters: unknown, pool: Ref) =>
    touchesPair(refs, filters, { alpha: pool, v1: pool }, routeNamespace);
  const refs = rule.backendRefs ?? [];
  if (names(refs, rule.filters, alpha)) return true;
  return (
    before !== undefined && names(refs, rule.filters, v1) && names(before.backendRefs, before.filters, alpha)
  );
}

function percentOf(share: Share): number {
  return share === 'warm' ? 0 : share === 'drained' ? 100 : share;
}

/** Has the route anything for these pairs to split? */
export function concerns(route: KubeObject, selected: readonly PoolPair[]): boolean {
  const originals = readOriginals(route);
  const remembered = matchOriginals(route, originals.state === 'ok' ? originals.rules : []);
  const namespace = route.metadata.namespace ?? '';
  return rulesOf(route).some((rule, index) =>
    selected.some(
      (pair) =>
        isSplittable(rule, remembered.get(index), pair, namespace) ||
        // An annotation that can't be read is to be said, not to be passed over.
        (originals.state === 'unreadable' &&
          touchesPair(rule.backendRefs ?? [], rule.filters, pair, namespace)),
    ),
  );
}

// Warming is for pairs without v1 traffic, and cooling for those that were warmed; neither takes traffic back.
function wantedAt(asked: Asked, now: Wanted): Wanted {
  if (asked === 'cold') return now.percent === 'warm' ? { pair: now.pair, percent: 0 } : now;
  return { pair: now.pair, percent: asked === 'warm' && now.percent !== 0 ? now.percent : asked };
}

/** The route with its original backendRefs back. What others changed since stays, and is named. */
export function rollbackRoute(route: KubeObject, pairs: readonly PoolPair[]): RouteChange {
  const namespace = route.metadata.namespace ?? '';
  const originals = readOriginals(route);
  if (originals.state === 'none') return unchanged(route, []);
  if (originals.state === 'unreadable')
    return unchanged(route, [unreadableAnnotation(route, originals.message)]);
  const remembered = matchOriginals(route, originals.rules);

  const findings = originals.rules
    .filter((rule) => ![...remembered.values()].includes(rule))
    .map((rule) => ruleGone(route, rule));
  const plans = rulesOf(route).map((rule, index): RulePlan => {
    const current = rule.backendRefs ?? [];
    const filters = rule.filters as Filters;
    const original = remembered.get(index);
    if (!original) return { refs: current, filters, original: null };
    const here = pairsOfRule(rule, original, pairs, namespace);
    const base = baseOf(current, original, here, namespace, filters);
    if (base.rebased && isUnexplained(current, original.backendRefs, here, namespace)) {
      findings.push(pairUnknown(route, index));
      return { refs: current, filters, original };
    }
    if (base.rebased) findings.push(changedSince(route, index));
    const unmoved = originalFilters(filters, original.filters, here, namespace);
    return { refs: base.refs, filters: unmoved, original: null };
  });
  return { ...withRules(route, plans), raisesV1: false, findings };
}

function isSelected(pair: PoolPair, selected: readonly PoolPair[]): boolean {
  return selected.some((other) => sameRef(other.alpha, pair.alpha) && sameRef(other.v1, pair.v1));
}

function unchanged(route: KubeObject, findings: readonly Finding[]): RouteChange {
  return { route, after: route, changed: false, raisesV1: false, findings };
}

function withRules(
  route: KubeObject,
  plans: readonly RulePlan[],
): Pick<RouteChange, 'route' | 'after' | 'changed'> {
  const rules = rulesOf(route).map((rule, index) => {
    const { refs, filters } = plans[index]!;
    const sameRefs = refs === rule.backendRefs || (refs.length === 0 && !rule.backendRefs);
    return {
      ...rule,
      ...(sameRefs ? {} : { backendRefs: [...refs] }),
      ...(filters === rule.filters ? {} : { filters: [...(filters ?? [])] }),
    };
  });
  if (rules.length === 0) return { route, after: route, changed: false };
  const originals = plans.flatMap((plan) => plan.original ?? []);
  const { [ORIGINAL_REFS_ANNOTATION]: _, ...kept } = route.metadata.annotations ?? {};
  const annotations =
    originals.length > 0 ? { ...kept, [ORIGINAL_REFS_ANNOTATION]: writeOriginals(originals) } : kept;
  const { annotations: __, ...metadata } = route.metadata;
  const after: KubeObject = {
    ...route,
    metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
    spec: { ...route['spec'], rules },
  };
  const changed =
    canonicalJson([after['spec'], annotations]) !==
    canonicalJson([route['spec'], route.metadata.annotations ?? {}]);
  return { route, after: changed ? after : route, changed };
}

function get(route: KubeObject): string {
  return `${kubectl('get', refOf(route))} -o yaml`;
}

function cannotExpress(route: KubeObject, index: number, problem: string, percent: Asked): Finding {
  return {
    id: 'weights-not-expressible',
    severity: 'error',
    ref: refOf(route),
    field: `spec.rules[${index}].backendRefs`,
    message: `The rule can't be split at ${percent} percent: ${problem}.`,
    hint: `Change the rule's backendRefs first: ${get(route)}`,
  };
}

function unreadableAnnotation(route: KubeObject, message: string): Finding {
  return {
    id: 'original-refs-unreadable',
    severity: 'error',
    ref: refOf(route),
    field: `metadata.annotations[${ORIGINAL_REFS_ANNOTATION}]`,
    message: `The annotation that keeps the original backendRefs can't be used: ${message}. The route was left alone.`,
    hint: `Look at it, and remove the annotation if the route is as you want it: ${get(route)}`,
  };
}

function ruleGone(route: KubeObject, rule: OriginalRule): Finding {
  return {
    id: 'original-rule-gone',
    severity: 'warning',
    ref: refOf(route),
    field: `spec.rules[${rule.index}]`,
    message:
      'A rule that was split is no longer in the route, so its original backendRefs have no place to go back to.',
    hint: `Check the route: ${get(route)}`,
  };
}

function pairUnknown(route: KubeObject, index: number): Finding {
  return {
    id: 'original-pair-unknown',
    severity: 'error',
    ref: refOf(route),
    field: `spec.rules[${index}].backendRefs`,
    message:
      'It was split, and changed since; and a pool of the pair is gone, so nothing tells which v1 pool took over from which alpha pool. The rule and its original backendRefs were left alone.',
    hint: `The annotation ${ORIGINAL_REFS_ANNOTATION} holds what was there before; put it back by hand: ${get(route)}`,
  };
}

function changedSince(route: KubeObject, index: number): Finding {
  return {
    id: 'route-changed-since-split',
    severity: 'warning',
    ref: refOf(route),
    field: `spec.rules[${index}].backendRefs`,
    message:
      "Someone changed these backendRefs after they were split. The alpha pool gets all of the pair's traffic back; the other changes stay.",
    hint: `Check the route: ${get(route)}`,
  };
}
