import type { Finding } from '../api/finding.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { qualifiedRef, refOf, sameRef, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, V1_GROUP } from '../api/resource.ts';
import { poolTarget, rulesOf, type BackendRef } from '../inventory/backendRefs.ts';
import {
  canonicalJson,
  matchOriginals,
  readOriginals,
  rememberRule,
  writeOriginals,
  type OriginalRule,
} from './original.ts';
import { baseOf, currentPercent, namesPair, refsAt, type PoolPair } from './rule.ts';

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
  percent: number,
): RouteChange {
  const namespace = route.metadata.namespace ?? '';
  const originals = readOriginals(route);
  if (originals.state === 'unreadable')
    return unchanged(route, [unreadableAnnotation(route, originals.message)]);
  const remembered =
    originals.state === 'ok' ? matchOriginals(route, originals.rules) : new Map<number, OriginalRule>();

  const findings: Finding[] = [];
  let raisesV1 = false;
  const plans = rulesOf(route).map((rule, index): RulePlan => {
    const current = rule.backendRefs ?? [];
    const here = pairs.filter((pair) => namesPair(current, pair, namespace));
    if (!here.some((pair) => isSelected(pair, selected)))
      return { refs: current, original: remembered.get(index) ?? null };

    const base = baseOf(current, remembered.get(index)?.backendRefs, here, namespace);
    const wanted = here.map((pair) => ({
      pair,
      percent: isSelected(pair, selected)
        ? percent
        : Math.round(currentPercent(current, pair, namespace) ?? 0),
    }));
    const result = refsAt(base.refs, wanted, namespace);
    if ('problem' in result) {
      findings.push(cannotExpress(route, index, result.problem, percent));
      return { refs: current, original: remembered.get(index) ?? null };
    }
    raisesV1 ||= wanted.some(({ pair, percent: to }) => to > (currentPercent(current, pair, namespace) ?? 0));
    const back = canonicalJson(result.refs) === canonicalJson(base.refs);
    return { refs: result.refs, original: back ? null : rememberRule(rule, index, base.refs) };
  });
  return { ...withRules(route, plans), raisesV1, findings };
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
    if (!here) {
      findings.push(cannotTell(route, index));
      return { refs: current, original };
    }
    const base = baseOf(current, original.backendRefs, here, namespace);
    if (base.rebased) findings.push(changedSince(route, index));
    return { refs: base.refs, original: null };
  });
  return { ...withRules(route, plans), raisesV1: false, findings };
}

/**
 * The pairs of a rule, by the known ones and by the rule itself: the one alpha pool that it had and the one v1 pool that it
 * has now. So a rollback needs nothing but the route. Null when it can't be told.
 */
function pairsOfRule(
  current: readonly BackendRef[],
  original: readonly BackendRef[],
  known: readonly PoolPair[],
  namespace: string,
): readonly PoolPair[] | null {
  const here = known.filter((pair) => namesPair([...current, ...original], pair, namespace));
  const targets = (refs: readonly BackendRef[], group: string) =>
    refs.flatMap((backend) => poolTarget(backend, namespace) ?? []).filter((pool) => pool.group === group);
  const paired = (pool: Ref) => here.some((pair) => sameRef(pair.alpha, pool) || sameRef(pair.v1, pool));
  const alphas = targets(original, ALPHA_GROUP).filter((pool) => !paired(pool));
  const before = targets(original, V1_GROUP);
  const v1s = targets(current, V1_GROUP).filter(
    (pool) => !paired(pool) && !before.some((other) => sameRef(other, pool)),
  );
  if (alphas.length === 0 || v1s.length === 0) return here;
  if (alphas.length > 1 || v1s.length > 1) return null;
  return [...here, { alpha: alphas[0]!, v1: v1s[0]! }];
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

function cannotExpress(route: KubeObject, index: number, problem: string, percent: number): Finding {
  return {
    id: 'weights-not-expressible',
    severity: 'error',
    ref: refOf(route),
    field: `spec.rules[${index}].backendRefs`,
    message: `The rule can't be split at ${percent} percent: ${problem}.`,
    hint: `Change the rule's weights first, or split at 0 or 100: ${get(route)}`,
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

function cannotTell(route: KubeObject, index: number): Finding {
  return {
    id: 'rollback-unclear',
    severity: 'error',
    ref: refOf(route),
    field: `spec.rules[${index}].backendRefs`,
    message:
      'Which v1 pool took over from which alpha pool of this rule can not be told any more; the rule was left alone.',
    hint: `The original backendRefs are in the annotation ${ORIGINAL_REFS_ANNOTATION}; put them back by hand: ${get(route)}`,
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
