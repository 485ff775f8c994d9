import type { Interlock } from '../api/interlock.ts';
import type { Inventory } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { PatchStep, Plan, Step } from '../api/plan.ts';
import { refKey, refOf } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { planCleanup, type CleanupOptions, type CleanupTarget } from '../cleanup/plan.ts';
import { objectsOf } from '../inventory/build.ts';
import { ALPHA_CRDS } from '../inventory/wanted.ts';
import { patchStep } from '../traffic/patch.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { splitRoute } from '../traffic/split.ts';

export interface SimplePlan extends Plan {
  /** Of the steps those that move the routes. */
  readonly moves: readonly PatchStep[];
  readonly interlocks: readonly Interlock[];
  /** What will be gone afterwards, as it is now. */
  readonly backup: readonly KubeObject[];
}

interface Around {
  readonly targets: readonly CleanupTarget[];
  readonly options: CleanupOptions;
  readonly pairs: readonly PoolPair[];
  /** What is there, and nothing that is not. */
  readonly inventory: Inventory;
}

/**
 * Alpha goes, v1 comes, the routes follow: one plan. What two of these change is changed once, or the second would find the
 * first one's work and take it for somebody else's.
 */
export function planSimple(arrival: Plan, around: Around): SimplePlan {
  const { targets, pairs, inventory, options } = around;
  const patches = arrival.steps.filter(isPatch);
  const changes = new Map(patches.map((step) => [refKey(step.ref), step]));
  const objects = new Map([...inventory.objects].map(([key, one]) => [key, changes.get(key)?.after ?? one]));
  const ahead = { ...inventory, objects };

  const removal = planCleanup(targets, ahead, options);
  const changed = objectsOf(ahead, HTTP_ROUTE).map((route) => splitRoute(route, pairs, pairs, 100));
  const merged = new Set<string>();
  const merge = <S extends Step>(step: S): S | PatchStep => {
    const first = changes.get(refKey(step.ref));
    if (!first || !isPatch(step)) return step;
    merged.add(refKey(step.ref));
    return both(first, step);
  };
  const removals = removal.steps.map(merge);
  const moves = changed
    .filter((change) => change.changed)
    .map((change) => merge(patchStep(change, 'to the v1 pool only')));
  const coming = arrival.steps.filter(
    (step) =>
      !merged.has(refKey(step.ref)) &&
      // The alpha CRDs that go here must not come back with the release's own copy of them.
      !(options.crds && step.action === 'crd' && ALPHA_CRDS.includes(step.ref.name)),
  );
  const steps = [...removals, ...coming, ...moves];
  const said = changed.flatMap(({ findings }) => findings);
  const stuck = said.filter(({ severity }) => severity === 'error');
  return {
    objects: arrival.objects,
    steps: steps.every(({ action }) => action === 'wait') ? [] : steps,
    moves,
    findings: [...removal.findings, ...arrival.findings, ...said.filter((one) => !stuck.includes(one))],
    // A route that can't follow would lead nowhere.
    interlocks: [...removal.interlocks, ...stuck.map((finding) => ({ finding, forceable: false }))],
    backup: removal.backup.map((object) => changes.get(refKey(refOf(object)))?.before ?? object),
  };
}

function isPatch(step: Step): step is PatchStep {
  return step.action === 'patch' || step.action === 'patchRoute';
}

/** Two changes of one object, the second on what the first one makes, as one. */
function both(first: PatchStep, second: PatchStep): PatchStep {
  const isVersion = ({ path }: PatchStep['patch'][number]) => path === '/metadata/resourceVersion';
  return {
    ...second,
    reason: `${first.reason}; ${second.reason}`,
    patch: [...first.patch, ...second.patch.filter((operation) => !isVersion(operation))],
    before: first.before,
  };
}
