import type { Cluster } from '../api/cluster.ts';
import type { FindingId } from '../api/ids.ts';
import type { Interlock } from '../api/interlock.ts';
import { refKey, type Ref } from '../api/ref.ts';
import { planCleanup } from '../cleanup/plan.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { ownerHandling } from './cleanup.ts';
import { cleanupTarget, liveCrds } from './cleanupReads.ts';
import { on, type Args } from './command.ts';
import { givenPairs } from './pairs.ts';
import { rightsInterlocks } from './preflight.ts';
import { readWorld } from './session.ts';

// What may not be read or deleted, and whose it is: no step of the migration changes any of it.
const LASTING = new Set<FindingId>(['could-not-read', 'owned', 'release-holds-more', 'release-lacks-pool']);

/**
 * What would keep the cleanup at the end of a migration from doing its work and is known before its beginning: hours later is a
 * bad time to find out. Routes, checks and objects of other pools may be otherwise by then.
 */
export async function cleanupLocksAhead(
  cluster: Cluster,
  pools: readonly Ref[],
  args: Args,
): Promise<Interlock[]> {
  const world = await readWorld(cluster, '', VERIFY_RESOURCES, givenPairs(args));
  const wanted = new Set(pools.map(refKey));
  const entries = world.inventory.pools.filter((entry) => wanted.has(refKey(entry.ref)));
  const owners = ownerHandling(args);
  const targets = await Promise.all(entries.map((entry) => cleanupTarget(entry, world, cluster, owners)));
  const crds = on(args, 'crds');
  const crdObjects = crds ? await liveCrds(cluster) : [];
  const { steps, backup, interlocks } = planCleanup(targets, world.inventory, { owners, crds, crdObjects });
  return [
    ...interlocks.filter(({ finding }) => LASTING.has(finding.id)),
    ...(await rightsInterlocks(cluster, steps, [], backup)),
  ];
}
