import type { KubeObject } from '../api/object.ts';
import type { DeleteStep, JsonPatchOperation, PatchStep } from '../api/plan.ts';
import { refKey, refOf } from '../api/ref.ts';
import { ALPHA_GROUP } from '../api/resource.ts';
import { referencesOf, type PoolReference } from '../inventory/references.ts';

/** An object of which only some entries point at alpha pools: those go, the rest stays; with nothing left it goes too. */
export interface EntryRemoval {
  readonly object: KubeObject;
  readonly step: PatchStep | DeleteStep;
}

/** Is this reference one that nothing needs once the pools that are going are gone? */
export type IsDue = (reference: PoolReference) => boolean;

/**
 * The entries of ReferenceGrants (`spec.to`) and of policies with a list of targets (`spec.targetRefs`) that are due,
 * removed by index, so that what others wrote stays as it is.
 */
export function entryRemovals(objects: readonly KubeObject[], isDue: IsDue): EntryRemoval[] {
  return objects.flatMap((object) => {
    const due = referencesOf(object).filter(
      (reference) => reference.pool.group === ALPHA_GROUP && isDue(reference),
    );
    const entries = due.flatMap(({ path }) => {
      const match = /^spec\.(to|targetRefs)\[(\d+)\]$/.exec(path);
      return match ? [{ field: match[1]!, index: Number(match[2]) }] : [];
    });
    const [first] = entries;
    if (!first) return [];
    const all = object['spec'][first.field] as unknown[];
    const gone = new Set(entries.map(({ index }) => index));
    const kept = all.filter((_, index) => !gone.has(index));
    return [
      { object, step: kept.length === 0 ? removal(object) : patch(object, first.field, [...gone], kept) },
    ];
  });
}

const REASON = 'nothing is left that its entry for the alpha group would be for';

function removal(object: KubeObject): DeleteStep {
  return { action: 'delete', ref: refOf(object), reason: REASON, before: object };
}

function patch(
  object: KubeObject,
  field: string,
  gone: readonly number[],
  kept: readonly unknown[],
): PatchStep {
  const resourceVersion = object.metadata.resourceVersion ?? '';
  // From the back: each removal moves those behind it.
  const removals = gone
    .toSorted((a, b) => b - a)
    .map((index): JsonPatchOperation => ({ op: 'remove', path: `/spec/${field}/${index}` }));
  return {
    action: 'patch',
    ref: refOf(object),
    reason: REASON,
    resourceVersion,
    patch: [{ op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }, ...removals],
    before: object,
    after: { ...object, spec: { ...object['spec'], [field]: kept } },
  };
}

/**
 * Due are entries for pools that go or are gone; an entry for all pools of a namespace only when no alpha pool is left in it.
 * Outside the namespaces of `going` nothing is due, unless `everywhere`.
 */
export function dueWith(
  going: readonly KubeObject[],
  alphaPools: readonly KubeObject[],
  everywhere: boolean,
): IsDue {
  const goes = new Set(going.map(key));
  const left = alphaPools.filter((pool) => !goes.has(key(pool)));
  const leftKeys = new Set(left.map(key));
  const busy = new Set(left.map((pool) => pool.metadata.namespace ?? ''));
  const touched = new Set(going.map((pool) => pool.metadata.namespace ?? ''));
  return ({ pool }) => {
    if (!everywhere && !touched.has(pool.namespace)) return false;
    return pool.name === '' ? !busy.has(pool.namespace) : !leftKeys.has(refKey(pool));
  };
}

function key(pool: KubeObject): string {
  return refKey(refOf(pool));
}
