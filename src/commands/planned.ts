import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { ListRead, Snapshot } from '../api/read.ts';
import { refKey, refOf } from '../api/ref.ts';
import { ALPHA_POOL, MODEL, qualifiedName, resourceOf } from '../api/resource.ts';
import { buildInventory } from '../inventory/build.ts';
import { pictureOf } from '../picture/topology.ts';
import type { Picture } from '../picture/picture.ts';
import type { Prepared } from './conversion.ts';

/**
 * The cluster as it will be when the pools of `prepared` are on v1 and their alpha objects are gone: `made` are the objects that
 * the plan makes or changes, as they will be.
 */
export function plannedSnapshot(
  snapshot: Snapshot,
  { conversion, pools }: Pick<Prepared, 'conversion' | 'pools'>,
  made: readonly KubeObject[],
): Snapshot {
  const moved = new Set(conversion.units.flatMap(({ alpha, pool }) => (pool ? [refKey(refOf(alpha))] : [])));
  const models = pools
    .filter(({ ref }) => moved.has(refKey(ref)))
    .flatMap((entry) => entry.models.map(refKey));
  const gone = new Map([
    [qualifiedName(ALPHA_POOL), moved],
    [qualifiedName(MODEL), new Set(models)],
  ]);
  const byKind = Map.groupBy(made, nameOfKind);
  const lists = [...snapshot.lists].map(([name, read]): [string, ListRead] => [
    name,
    withObjects(read, byKind.get(name) ?? [], gone.get(name) ?? new Set()),
  ]);
  return { ...snapshot, lists: new Map(lists) };
}

/** What is planned, as a picture in which nothing is judged. */
export function plannedPicture(inventory: Inventory, pools: readonly PoolEntry[]): Picture {
  return pictureOf({
    title: 'As planned: all traffic on v1, nothing of v1alpha2 left',
    notes: [],
    inventory,
    pools,
    checks: [],
    lookedFor: () => false,
  });
}

export function plannedInventory(snapshot: Snapshot): Inventory {
  return { ...buildInventory(snapshot), findings: [] };
}

function nameOfKind(object: KubeObject): string {
  const { group, kind } = refOf(object);
  const resource = resourceOf(group, kind);
  return resource ? qualifiedName(resource) : '';
}

function withObjects(read: ListRead, made: readonly KubeObject[], gone: ReadonlySet<string>): ListRead {
  if (read.state !== 'ok' && made.length === 0) return read;
  const items = read.state === 'ok' ? read.items : [];
  const replaced = new Map(made.map((object) => [refKey(refOf(object)), object]));
  const kept = items.filter(
    (object) => !gone.has(refKey(refOf(object))) && !replaced.has(refKey(refOf(object))),
  );
  return { state: 'ok', items: [...kept, ...replaced.values()] };
}
