import type { Owner } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation, PatchStep } from '../api/plan.ts';
import { refKey, refOf } from '../api/ref.ts';
import { ALPHA_POOL, SHARED_COMPANIONS } from '../api/resource.ts';
import { dueWith, entryRemovals } from '../cleanup/entries.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { ownerOf } from '../inventory/owner.ts';
import type { ScriptBeside, ScriptPatch } from '../report/script.ts';
import { patchStep } from '../traffic/patch.ts';
import type { Prepared } from './conversion.ts';

/** Rules are known by their place, which others may have changed by then: what is to be replaced must still be there. */
export function tested(patch: readonly JsonPatchOperation[], before: KubeObject): JsonPatchOperation[] {
  return patch.flatMap((operation) => {
    const value = operation.path.endsWith('/-') ? undefined : valueAt(before, operation.path);
    const isSpec = operation.path.startsWith('/spec/') && value !== undefined;
    return isSpec ? [{ op: 'test', path: operation.path, value }, operation] : [operation];
  });
}

// A path as our own patches have it: no escapes below spec.
function valueAt(object: KubeObject, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

/** What stands beside the pools, for the runbook. */
export function besideFor({ inventory, conversion, headers }: Prepared): ScriptBeside {
  const steps = conversion.companions.map(({ step }) => step);
  const applied = steps.flatMap((step) => (step.action === 'apply' ? [step] : []));
  const patched = steps.flatMap((step) => (step.action === 'patch' ? [step] : []));
  const operationsOf = (step: Pick<PatchStep, 'patch' | 'before'>) =>
    tested(step.patch, step.before).filter(isInSpec);
  return {
    created: applied.filter(({ force }) => !force).map(({ manifest }) => manifest),
    carriedOver: applied.filter(({ force }) => force).map(({ manifest }) => manifest),
    patched: [
      ...patched.map((step) => ({ ref: step.ref, operations: operationsOf(step) })),
      ...headers.map((change) => ({
        ref: refOf(change.route),
        operations: tested(patchStep(change, '').patch, change.route).filter(isInSpec),
      })),
    ],
    removed: removedBeside({ inventory, conversion }, patched),
  };
}

// As `cleanup` would do it, on the objects as they will be by then.
function removedBeside(
  { inventory, conversion }: Pick<Prepared, 'inventory' | 'conversion'>,
  patched: readonly PatchStep[],
): ScriptPatch[] {
  const after = new Map(patched.map((step) => [refKey(step.ref), step.after]));
  const going = conversion.units.filter(({ pool }) => pool).map(({ alpha }) => alpha);
  const lists = SHARED_COMPANIONS.flatMap((kind) => objectsOf(inventory, kind)).map(
    (object) => after.get(refKey(refOf(object))) ?? object,
  );
  const entries = entryRemovals(lists, dueWith(going, objectsOf(inventory, ALPHA_POOL), false)).map(
    ({ step }): ScriptPatch => ({
      ref: step.ref,
      operations: step.action === 'delete' ? [] : tested(step.patch, step.before).filter(isInSpec),
    }),
  );
  const keys = new Set(going.map((pool) => refKey(refOf(pool))));
  const whole = inventory.pools
    .filter(({ ref }) => keys.has(refKey(ref)))
    .flatMap(({ references, owner }) =>
      references.filter(({ from, relation, path }) => {
        const policy = relation === 'policyTarget' && path === 'spec.targetRef';
        const object = objectOf(inventory, from);
        // helm uninstall takes its own along.
        return (policy || relation === 'destinationRule') && !(owner && object && sameOwner(object, owner));
      }),
    );
  const unique = new Map(whole.map(({ from }) => [refKey(from), { ref: from, operations: [] }]));
  return [...unique.values(), ...entries];
}

function isInSpec({ path }: JsonPatchOperation): boolean {
  return path.startsWith('/spec/');
}

function sameOwner(object: KubeObject, owner: Owner): boolean {
  const other = ownerOf(object);
  return other?.kind === owner.kind && other.name === owner.name;
}
