import type { Finding } from '../api/finding.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { qualifiedRef, refOf, sameRef, type Ref } from '../api/ref.ts';
import { rulesOf, type BackendRef } from '../inventory/backendRefs.ts';
import { matchOriginals } from './match.ts';
import { canonicalJson } from '../api/json.ts';
import { readOriginals, rememberRule, writeOriginals, type OriginalRule } from './original.ts';
import {
  baseOf,
  currentPercent,
  currentShare,
  namesPair,
  refsAt,
  type PoolPair,
  type Share,
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

interface RulePlan {
  readonly refs: readonly BackendRef[];
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
  percent: Share,
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
    const before = remembered.get(index);
    const here = pairsOfRule(current, before?.backendRefs ?? [], pairs, namespace);
    if (!selected.some((pair) => isSplittable(current, before, pair, namespace)))
      return { refs: current, original: before ?? null };

    const base = baseOf(current, before, here, namespace);
    const wanted = here.map((pair) => ({
      pair,
      percent: isSelected(pair, selected)
        ? shareFor(percent, currentShare(current, pair, namespace))
        : currentShare(current, pair, namespace),
    }));
    const result = refsAt(base.refs, wanted, namespace);
    if ('problem' in result) {
      findings.push(cannotExpress(route, index, result.problem, percent));
      return { refs: current, original: before ?? null };
    }
    raisesV1 ||= here.some((pair) => {
      const [from, to] = [current, result.refs].map((refs) => currentPercent(refs, pair, namespace) ?? 0);
      return to! > from!;
    });
    const back = canonicalJson(result.refs) === canonicalJson(base.refs);
    return { refs: result.refs, original: back ? null : rememberRule(rule, index, base.refs, result.refs) };
  });
  return { ...withRules(route, plans), raisesV1, findings };
}

/**
 * Is something of this rule the pair's to split: does it name the alpha pool, or did it before we moved it? A rule that
 * somebody gave to the v1 pool alone (a canary by header) has nothing that goes to alpha, and stays.
 */
function isSplittable(
  current: readonly BackendRef[],
  before: OriginalRule | undefined,
  { alpha, v1 }: PoolPair,
  routeNamespace: string,
): boolean {
  const names = (refs: readonly BackendRef[], pool: Ref) =>
    namesPair(refs, { alpha: pool, v1: pool }, routeNamespace);
  return (
    names(current, alpha) || (names(current, v1) && before !== undefined && names(before.backendRefs, alpha))
  );
}

/** Has the route anything for these pairs to split? */
export function concerns(route: KubeObject, selected: readonly PoolPair[]): boolean {
  const originals = readOriginals(route);
  const remembered = matchOriginals(route, originals.state === 'ok' ? originals.rules : []);
  const namespace = route.metadata.namespace ?? '';
  return rulesOf(route).some((rule, index) =>
    selected.some(
      (pair) =>
        isSplittable(rule.backendRefs ?? [], remembered.get(index), pair, namespace) ||
        // An annotation that can't be read is to be said, not to be passed over.
        (originals.state === 'unreadable' && namesPair(rule.backendRefs ?? [], pair, namespace)),
    ),
  );
}

// Warming is for pairs without v1 traffic; it never takes traffic back.
function shareFor(wanted: Share, current: Share): Share {
  return wanted === 'warm' && current !== 0 ? current : wanted;
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
    const original = remembered.get(index);
    if (!original) return { refs: current, original: null };
    const here = pairsOfRule(current, original.backendRefs, pairs, namespace);
    const base = baseOf(current, original, here, namespace);
    if (base.rebased && isUnexplained(current, original.backendRefs, here, namespace)) {
      findings.push(pairUnknown(route, index));
      return { refs: current, original };
    }
    if (base.rebased) findings.push(changedSince(route, index));
    return { refs: base.refs, original: null };
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
    const refs = plans[index]!.refs;
    return refs === rule.backendRefs || (refs.length === 0 && !rule.backendRefs)
      ? rule
      : { ...rule, backendRefs: [...refs] };
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
  return `kubectl get -n ${route.metadata.namespace} ${qualifiedRef(refOf(route))} -o yaml`;
}

function cannotExpress(route: KubeObject, index: number, problem: string, percent: Share): Finding {
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
