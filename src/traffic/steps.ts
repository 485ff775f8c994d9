import type { Step } from '../api/plan.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import { canonicalJson } from '../api/json.ts';
import { rulesOf, weightOf } from '../inventory/backendRefs.ts';
import { mirrorsOf, type Mirror } from '../inventory/mirrors.ts';
import { patchStep } from './patch.ts';
import type { PoolPair } from './pair.ts';
import { namesPair } from './rule.ts';
import { splitRoute, type RouteChange } from './split.ts';
import type { Strategy } from './strategy.ts';

export interface ShiftSteps {
  readonly changes: readonly RouteChange[];
  readonly steps: readonly Step[];
}

/**
 * The steps that bring `routes` to `percent`. Where a rule doesn't name the v1 pool yet, it is named at weight 0 first,
 * and no request moves before the controller has accepted it; without `prewarm` (a diff, a dry run, nobody waits) not.
 */
export function shiftSteps(
  routes: readonly KubeObject[],
  pairs: readonly PoolPair[],
  selected: readonly PoolPair[],
  percent: number,
  strategy: Strategy,
  prewarm: boolean,
): ShiftSteps {
  const changes = routes.map((route) => splitRoute(route, pairs, selected, percent));
  const warming: Step[] = [];
  const waits = new Map<string, Step>();
  const moving: Step[] = [];
  const reason =
    strategy === 'swap' && percent === 100
      ? 'the v1 pool in the place of the alpha one'
      : `${percent} percent to v1`;
  for (const change of changes.filter((candidate) => candidate.changed)) {
    const warm = splitRoute(change.route, pairs, selected, 'warm');
    if (!prewarm || percent === 0 || sameRules(change.route, warm.after)) {
      moving.push(patchStep(change, `${reason}: ${weightsText(change)}`));
      continue;
    }
    warming.push(patchStep(warm, 'pre-warm: the v1 pool at weight 0, no request moves'));
    // A route whose alpha ref the controller doesn't know never resolves; there the pool alone can tell.
    if (strategy === 'weighted')
      add(waits, {
        action: 'wait',
        ref: refOf(change.route),
        reason: 'the controller must resolve both pools',
        condition: 'routeAccepted',
      });
    for (const pair of newPairs(change.route, warm.after, selected))
      add(waits, {
        action: 'wait',
        ref: pair.v1,
        reason: 'the controller must have it ready',
        condition: 'poolReady',
      });
    // Decided on what the warming step makes of the route, so without a resourceVersion of its own.
    moving.push({
      ...patchStep(splitRoute(warm.after, pairs, selected, percent), `${reason}: ${weightsText(change)}`),
      resourceVersion: '',
    });
  }
  return { changes, steps: [...warming, ...waits.values(), ...moving] };
}

// Somebody's change of a rule's matches or timeouts is noted in our annotation at the next write; it is no reason for one.
function sameRules(before: KubeObject, after: KubeObject): boolean {
  return canonicalJson(rulesOf(before)) === canonicalJson(rulesOf(after));
}

// `rule 0: food 50, food-ga 50`, for the rules that change: what a person says yes to.
function weightsText({ route, after }: RouteChange): string {
  const before = rulesOf(route);
  const namespace = route.metadata.namespace ?? '';
  return rulesOf(after)
    .flatMap((rule, index) => {
      const was = before[index];
      const refs =
        canonicalJson(rule.backendRefs) === canonicalJson(was?.backendRefs)
          ? []
          : (rule.backendRefs ?? []).map((backend) => `${backend.name} ${weightOf(backend)}`);
      const mirrors = namesOf(mirrorsOf(rule, namespace));
      const were = namesOf(was ? mirrorsOf(was, namespace) : []);
      const moved = canonicalJson(mirrors) === canonicalJson(were) ? [] : [`mirror to ${mirrors.join(', ')}`];
      const words = [...refs, ...moved];
      return words.length === 0 ? [] : [`rule ${index}: ${words.join(', ')}`];
    })
    .join('; ');
}

function add(waits: Map<string, Step>, step: Step): void {
  waits.set(`${step.action} ${refKey(step.ref as Ref)}`, step);
}

function newPairs(before: KubeObject, after: KubeObject, selected: readonly PoolPair[]): PoolPair[] {
  const namespace = before.metadata.namespace ?? '';
  const namesV1 = (route: KubeObject, pair: PoolPair) =>
    rulesOf(route).some((rule) =>
      namesPair(rule.backendRefs ?? [], { alpha: pair.v1, v1: pair.v1 }, namespace),
    );
  return selected.filter((pair) => namesV1(after, pair) && !namesV1(before, pair));
}

// Both refs of a pair carry the mirror of the one that they were.
function namesOf(mirrors: readonly Mirror[]): string[] {
  return [...new Set(mirrors.map(({ pool }) => pool.name))];
}
