import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Cluster } from '../api/cluster.ts';
import type { Inventory } from '../api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { Snapshot } from '../api/read.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, HTTP_ROUTE, MODEL, qualifiedName, V1_POOL } from '../api/resource.ts';
import { leaseRef } from '../claim/lease.ts';
import { readBackupHeader } from '../cleanup/backup.ts';
import { objectsOf } from '../inventory/build.ts';
import { modelEntries } from '../inventory/models.ts';
import { referencesOf } from '../inventory/references.ts';
import { INVENTORY_RESOURCES } from '../inventory/wanted.ts';
import { loadManifests } from '../manifests/load.ts';
import { readManifestText } from '../manifests/source.ts';
import { safe } from '../report/text.ts';
import { text, type Args } from './command.ts';
import type { Context } from './context.ts';

/** What a migration with downtime took away before it was interrupted; it is not in the cluster any more. */
export interface Recalled {
  readonly objects: readonly KubeObject[];
  /** The backups that have it. */
  readonly files: readonly string[];
}

/**
 * A migration with downtime takes alpha away before it makes v1 of it. Where it was interrupted in between, only its backup
 * knows what is to be made: of the pools that have not arrived at v1, everything that is gone, as it was.
 */
export async function recall(
  cluster: Cluster,
  inventory: Inventory,
  args: Args,
  context: Context,
): Promise<Recalled> {
  if (isHidden(inventory)) return { objects: [], files: [] };
  const backups = backupsBeside(args, context).filter(({ server }) => server === cluster.server);
  const isOpen = await stillOpen(
    backups.flatMap(({ objects }) => objects.filter(isAlphaPool)),
    inventory,
    cluster,
  );
  const used = backups.filter(({ objects }) => objects.some((one) => isAlphaPool(one) && isOpen(refOf(one))));
  // Of an object that several have the last one has it as it was at the end.
  const known = new Map(used.flatMap(({ objects }) => objects.map((one) => [refKey(refOf(one)), one])));
  const kinds = new Set(INVENTORY_RESOURCES.map(({ group, kind }) => `${group}/${kind}`));
  const objects = [...known.values()].filter((object) => {
    const ref = refOf(object);
    if (inventory.objects.has(refKey(ref)) || !kinds.has(`${ref.group}/${ref.kind}`)) return false;
    const pool = poolOf(object);
    return pool === null || isOpen(pool);
  });
  return { objects, files: objects.length > 0 ? used.map(({ path }) => path) : [] };
}

/** The same cluster, as if these objects were still there; what is written goes to the cluster as it is. */
export function withRecalled(cluster: Cluster, objects: readonly KubeObject[]): Cluster {
  if (objects.length === 0) return cluster;
  return {
    ...cluster,
    snapshot: async (wanted) => {
      const snapshot = await cluster.snapshot(wanted);
      const here = ({ metadata }: KubeObject) =>
        wanted.namespace === '' || metadata.namespace === wanted.namespace;
      return added(snapshot, objects.filter(here));
    },
  };
}

function added(snapshot: Snapshot, objects: readonly KubeObject[]): Snapshot {
  const lists = new Map(snapshot.lists);
  for (const resource of INVENTORY_RESOURCES) {
    const gone = objects.filter((object) => {
      const { group, kind } = refOf(object);
      return group === resource.group && kind === resource.kind;
    });
    const name = qualifiedName(resource);
    const list = lists.get(name);
    if (gone.length === 0 || !list || (list.state !== 'ok' && list.state !== 'notInstalled')) continue;
    lists.set(name, { state: 'ok', items: [...(list.state === 'ok' ? list.items : []), ...gone] });
  }
  return { ...snapshot, lists };
}

interface BackupFile {
  readonly path: string;
  readonly server: string;
  readonly objects: readonly KubeObject[];
}

const NAME = /^infpool-backup-\S+\.yaml$/;

// Those beside which the command is run again, the oldest first; and the one that is named.
function backupsBeside(args: Args, context: Context): BackupFile[] {
  const given = text(args, 'backup');
  const beside = readdirSync(context.cwd)
    .filter((name) => NAME.test(name))
    .sort();
  const paths = [...beside, ...(given === undefined ? [] : [given])].map((name) =>
    resolve(context.cwd, name),
  );
  return [...new Set(paths)].filter(existsSync).flatMap((path) => {
    let content: string;
    try {
      content = readManifestText(path);
    } catch (error) {
      context.stderr.write(`${safe((error as Error).message)} It is passed over.\n`);
      return [];
    }
    const header = readBackupHeader(content);
    if (!header?.underWay) return [];
    const { objects } = loadManifests(path, content);
    return [{ path, server: header.server, objects: objects.map(({ object }) => object) }];
  });
}

/**
 * Which of the pools have not arrived: routes still name them, or no v1 pool says that it took over from them, or the claim
 * of the run that was at it is still there.
 */
async function stillOpen(
  pools: readonly KubeObject[],
  inventory: Inventory,
  cluster: Cluster,
): Promise<(pool: Ref) => boolean> {
  const routed = new Set(danglingRoutes(inventory).map(({ pool }) => refKey(pool)));
  const open = new Set<string>();
  for (const ref of pools.map(refOf)) {
    const arrived = objectsOf(inventory, V1_POOL).some(
      ({ metadata }) =>
        metadata.namespace === ref.namespace && metadata.annotations?.[MIGRATED_FROM_ANNOTATION] === ref.name,
    );
    const isOpen = !arrived || routed.has(refKey(ref)) || (await cluster.get(leaseRef(ref))).state === 'ok';
    if (isOpen) open.add(refKey(ref));
  }
  return (pool) => open.has(refKey(pool));
}

const isAlphaPool = ({ apiVersion, kind }: KubeObject) =>
  kind === ALPHA_POOL.kind && apiVersion.startsWith(`${ALPHA_GROUP}/`);

// The alpha pool that an object is, or is of; null for what may be of several.
function poolOf(object: KubeObject): Ref | null {
  if (isAlphaPool(object)) return refOf(object);
  if (object.kind === MODEL.kind) return modelEntries([object])[0]!.pool;
  const pools = referencesOf(object).map(({ pool }) => pool);
  return pools.length === 1 ? pools[0]! : null;
}

/** Routes whose requests fail because the alpha pool that they name is not there. */
export function danglingRoutes(inventory: Inventory): { route: Ref; pool: Ref }[] {
  if (isHidden(inventory)) return [];
  return objectsOf(inventory, HTTP_ROUTE).flatMap((route) =>
    referencesOf(route)
      .filter(({ pool, relation }) => relation === 'backendRef' && pool.group === ALPHA_GROUP)
      .filter(({ pool }) => !inventory.objects.has(refKey(pool)))
      .map(({ pool }) => ({ route: refOf(route), pool })),
  );
}

// Pools that could not be read are not gone.
function isHidden({ unread }: Inventory): boolean {
  return unread.some(({ resource }) => resource === qualifiedName(ALPHA_POOL));
}
