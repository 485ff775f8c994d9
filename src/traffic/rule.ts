import { V1_GROUP, V1_POOL } from '../api/resource.ts';
import { sameRef, type Ref } from '../api/ref.ts';
import { weightOf, type BackendRef } from '../inventory/backendRefs.ts';
import { canonicalJson } from '../api/json.ts';
import { mirroredPools, originalRefMirrors, refMirrorsToV1 } from './mirrors.ts';
import type { OriginalRule } from './original.ts';
import type { PoolPair } from './pair.ts';
import { shareOf, sideOf, sum, type Side } from './sides.ts';
import { MAX_WEIGHT, pairWeights, TOLERANCE, type PairWeights } from './weights.ts';

/**
 * Percent of a pair's traffic for v1; `warm` names the v1 pool at weight 0 beside an untouched alpha ref, so that the
 * controller gets it ready before its first request (Istio makes its shadow Service only then). `drained` is the reverse,
 * which only people make: all of it for v1, and the alpha pool still named, at weight 0.
 */
export type Share = number | 'warm' | 'drained';

/** The refs of a rule, or why no refs can express what was asked. */
export type SplitResult = { readonly refs: readonly BackendRef[] } | { readonly problem: string };

/**
 * `original` as it has to be so that `percent` of what goes to the pair goes to its v1 pool. An original that is there
 * already comes back as it is; at 100 the alpha pool is gone, because some controllers pick a pool of weight 0 too.
 */
export function splitRefs(
  original: readonly BackendRef[],
  pair: PoolPair,
  percent: Share,
  routeNamespace: string,
): SplitResult {
  const side = sideOf(pair, routeNamespace);
  const alphas = original.filter((backend) => side(backend) === 'alpha');
  const v1s = original.filter((backend) => side(backend) === 'v1');
  const mine = [...alphas, ...v1s];
  if (mine.length === 0) return { refs: original };
  if (alphas.length > 1 || v1s.length > 1)
    return {
      problem: `it names ${alphas.length > 1 ? pair.alpha.name : pair.v1.name} more than once in one rule`,
    };

  if (percent === 'warm') return withRoom(warmed(original, alphas[0], v1s[0], pair));
  if (percent === 'drained') return drained(original, alphas[0], pair, routeNamespace);
  const share = shareOf(mine, side);
  if ((percent === share || share === null) && !(percent === 100 && alphas.length > 0))
    return { refs: original };
  const others = original.filter((backend) => side(backend) === null).map(weightOf);
  const weights = decideWeights(sum(mine), others, percent);
  if (!weights)
    return {
      problem: `its weights leave no whole number for ${percent} percent below Gateway API's 1000000`,
    };

  return withRoom(placed(original, [alphas[0], v1s[0]], pair, { ...weights, percent }));
}

/** Gateway API's limit of a rule's backendRefs. */
const MAX_REFS = 16;

function withRoom(refs: readonly BackendRef[]): SplitResult {
  if (refs.length <= MAX_REFS) return { refs };
  return {
    problem: `it would have ${refs.length} backendRefs, and Gateway API allows ${MAX_REFS}`,
  };
}

function placed(
  original: readonly BackendRef[],
  [alpha, v1]: readonly [BackendRef | undefined, BackendRef | undefined],
  pair: PoolPair,
  weights: PairWeights & { percent: number },
): BackendRef[] {
  const alphaRef = alpha ?? asAlpha(v1!, pair.alpha);
  const both = [
    ...(weights.percent < 100 ? [withWeight(alphaRef, weights.alpha)] : []),
    ...(weights.percent > 0 ? [withWeight(v1 ?? asV1(alphaRef, pair.v1), weights.v1)] : []),
  ];
  return original.flatMap((backend) => {
    if (backend === (alpha ?? v1)) return both;
    if (backend === alpha || backend === v1) return [];
    return [weights.factor === 1 ? backend : withWeight(backend, weightOf(backend) * weights.factor)];
  });
}

function warmed(
  original: readonly BackendRef[],
  alpha: BackendRef | undefined,
  v1: BackendRef | undefined,
  pair: PoolPair,
): readonly BackendRef[] {
  if (v1 || !alpha) return original;
  return original.flatMap((backend) =>
    backend === alpha ? [backend, withWeight(asV1(alpha, pair.v1), 0)] : [backend],
  );
}

function drained(
  original: readonly BackendRef[],
  alpha: BackendRef | undefined,
  pair: PoolPair,
  routeNamespace: string,
): SplitResult {
  if (alpha && currentPercent(original, pair, routeNamespace) === 100) return { refs: original };
  const all = splitRefs(original, pair, 100, routeNamespace);
  if ('problem' in all || !alpha) return all;
  const side = sideOf(pair, routeNamespace);
  const at = all.refs.findIndex((backend) => side(backend) === 'v1');
  return withRoom(all.refs.toSpliced(at, 0, withWeight(alpha, 0)));
}

function decideWeights(total: number, others: readonly number[], percent: number): PairWeights | null {
  if (percent > 0 && percent < 100) return pairWeights(total, others, percent);
  const alone = others.every((other) => other === 0) && total > 0;
  const weight = alone ? 100 : total;
  if (weight > MAX_WEIGHT) return null;
  return { alpha: percent === 0 ? weight : 0, v1: percent === 100 ? weight : 0, factor: 1 };
}

// Port, filters and an explicit namespace travel along: a port is ignored for pools, but somebody wrote it.
function asV1(alpha: BackendRef, v1: Ref): BackendRef {
  return { ...alpha, group: V1_GROUP, kind: V1_POOL.kind, name: v1.name };
}

function withWeight(backend: BackendRef, weight: number): BackendRef {
  return { ...backend, weight };
}

/** The percent that the rule's pair is at now, or null when it names neither pool or all its weights are 0. */
export function currentPercent(
  refs: readonly BackendRef[],
  pair: PoolPair,
  routeNamespace: string,
): number | null {
  const side = sideOf(pair, routeNamespace);
  return shareOf(
    refs.filter((backend) => side(backend) !== null),
    side,
  );
}

/**
 * The percent to keep a pair at: the whole one that was asked for where only rounding keeps the weights from it, else
 * what somebody set by hand.
 */
function settledPercent(refs: readonly BackendRef[], pair: PoolPair, routeNamespace: string): number {
  const percent = currentPercent(refs, pair, routeNamespace) ?? 0;
  const whole = Math.round(percent);
  // At the ends nothing is rounded: a weight of 1 beside a million is somebody's.
  const isEnd = whole === 0 || whole === 100;
  return !isEnd && Math.abs(percent - whole) <= TOLERANCE ? whole : percent;
}

/** Does the rule send or mirror requests to a pool of the pair? */
export function touchesPair(
  refs: readonly BackendRef[],
  filters: unknown,
  pair: PoolPair,
  routeNamespace: string,
): boolean {
  if (namesPair(refs, pair, routeNamespace)) return true;
  return mirroredPools(refs, filters, routeNamespace).some(
    (pool) => sameRef(pool, pair.alpha) || sameRef(pool, pair.v1),
  );
}

export function namesPair(refs: readonly BackendRef[], pair: PoolPair, routeNamespace: string): boolean {
  const side = sideOf(pair, routeNamespace);
  return refs.some((backend) => side(backend) !== null);
}

/** A pair and the percent that it is wanted at. */
export interface Wanted {
  readonly pair: PoolPair;
  readonly percent: Share;
  /** Its mirrors stay where they are, also at 100: somebody wants them so, and did not ask for this pair. */
  readonly keepsMirrors?: boolean;
}

/** How a pair of this rule is now, so that asking for it changes nothing. */
export function currentWanted(
  refs: readonly BackendRef[],
  pair: PoolPair,
  routeNamespace: string,
  filters: unknown,
): Wanted {
  const percent = currentShare(refs, pair, routeNamespace, filters);
  const pools = mirroredPools(refs, filters, routeNamespace);
  return { pair, percent, keepsMirrors: pools.some((pool) => sameRef(pool, pair.alpha)) };
}

/** What a pair of this rule is at now, as {@link Wanted} would say it. A pair that is only mirrored to is at 0 or at 100. */
export function currentShare(
  refs: readonly BackendRef[],
  pair: PoolPair,
  routeNamespace: string,
  filters?: unknown,
): Share {
  if (!namesPair(refs, pair, routeNamespace)) {
    const pools = mirroredPools(refs, filters, routeNamespace);
    const has = (one: Ref) => pools.some((pool) => sameRef(pool, one));
    return has(pair.v1) && !has(pair.alpha) ? 100 : 0;
  }
  const side = sideOf(pair, routeNamespace);
  const has = (which: Side) => refs.some((backend) => side(backend) === which);
  // Where it gets no request at all, the pool that is named tells.
  const percent =
    currentPercent(refs, pair, routeNamespace) === null
      ? has('alpha')
        ? 0
        : 100
      : settledPercent(refs, pair, routeNamespace);
  if (!has('alpha') || !has('v1')) return percent;
  return percent === 0 ? 'warm' : percent === 100 ? 'drained' : percent;
}

/**
 * {@link splitRefs} for each pair in turn; each sees the others as bystanders whose shares must not move. The mirrors in the
 * backendRefs' own filters go over with the last percent.
 */
export function refsAt(
  original: readonly BackendRef[],
  wanted: readonly Wanted[],
  routeNamespace: string,
): SplitResult {
  let refs = original;
  for (const { pair, percent } of wanted) {
    const result = splitRefs(refs, pair, percent, routeNamespace);
    if ('problem' in result) return result;
    refs = result.refs;
  }
  return { refs: refMirrorsToV1(refs, switched(wanted), routeNamespace) };
}

/** The pairs that are wanted on v1 as a whole, mirrors and all. */
export function switched(wanted: readonly Wanted[]): PoolPair[] {
  return wanted.flatMap(({ pair, percent, keepsMirrors }) =>
    (percent === 100 || percent === 'drained') && !keepsMirrors ? [pair] : [],
  );
}

/**
 * What to take as the rule's original: the remembered refs, as long as the rule is what we made of them, or could have;
 * else (someone changed it since) the rule as it is, with each pair's whole weight back on its alpha pool.
 */
export function baseOf(
  current: readonly BackendRef[],
  original: Pick<OriginalRule, 'backendRefs' | 'made'> | undefined,
  pairs: readonly PoolPair[],
  routeNamespace: string,
  filters?: unknown,
): { refs: readonly BackendRef[]; rebased: boolean } {
  if (original === undefined) return { refs: current, rebased: false };
  const remembered = original.backendRefs;
  const text = canonicalJson(current);
  if (text === canonicalJson(original.made) || text === canonicalJson(remembered))
    return { refs: remembered, rebased: false };
  const wanted = pairs.map((pair) => currentWanted(current, pair, routeNamespace, filters));
  const made = refsAt(remembered, wanted, routeNamespace);
  if ('refs' in made && canonicalJson(made.refs) === text) return { refs: remembered, rebased: false };
  let refs = current;
  for (const pair of pairs) refs = collapse(refs, remembered, pair, routeNamespace);
  refs = originalRefMirrors(refs, remembered, pairs, routeNamespace);
  return { refs, rebased: true };
}

function collapse(
  current: readonly BackendRef[],
  remembered: readonly BackendRef[],
  pair: PoolPair,
  routeNamespace: string,
): readonly BackendRef[] {
  const side = sideOf(pair, routeNamespace);
  const mine = current.filter((backend) => side(backend) !== null);
  if (mine.length === 0) return current;
  const inCurrent = mine.find((backend) => side(backend) === 'alpha');
  const alphaRef =
    inCurrent ?? remembered.find((backend) => side(backend) === 'alpha') ?? asAlpha(mine[0]!, pair.alpha);
  return current.flatMap((backend) => {
    if (side(backend) === null) return [backend];
    return backend === mine[0] ? [withWeight(alphaRef, sum(mine))] : [];
  });
}

function asAlpha(v1: BackendRef, alpha: Ref): BackendRef {
  return { ...v1, group: alpha.group, kind: alpha.kind, name: alpha.name };
}
