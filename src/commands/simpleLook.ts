// What there is for a migration with downtime to go on from. The cluster is read twice, and the backup in between: what goes
// away meanwhile (a helm that a killed run left behind still uninstalls) would be neither recalled nor converted.
import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Inventory } from '../api/inventory.ts';
import { describeRef, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_POOL, COMPANIONS, MODEL, qualifiedName } from '../api/resource.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import { conversionOf, type Prepared } from './conversion.ts';
import { givenPairs } from './pairs.ts';
import { recall, withRecalled, type Recalled } from './recalled.ts';
import { readWorld, writeScope, type World } from './session.ts';
import { ATTEMPTS } from './shift.ts';

export interface Look {
  readonly world: World;
  /** What the cluster has no more, by the backups. */
  readonly recalled: Recalled;
  /** Of the cluster, and of what was recalled. */
  readonly prepared: Prepared;
}

/** @throws UserError (exit 3) where what it reads does not stay for as long as that takes */
export async function lookWhole(cluster: Cluster, args: Args, context: Context): Promise<Look> {
  for (let attempt = 1; ; attempt++) {
    const world = await readWorld(cluster, '', VERIFY_RESOURCES, givenPairs(args));
    const recalled = await recall(cluster, world.inventory, args, context);
    const prepared = await conversionOf(withRecalled(cluster, recalled.objects), args, context);
    const [gone] = goneBetween(world.inventory, prepared.inventory, writeScope(args, cluster));
    if (!gone) return { world, recalled, prepared };
    if (attempt === ATTEMPTS)
      throw new UserError(
        `Something deletes what is to be migrated: ${describeRef(gone)} went away while it was read. Nothing was written.`,
        {
          exitCode: EXIT.refused,
          hint: 'A helm that an interrupted run left behind may still be at work: helm list -A --uninstalling. Run this again when it has ended.',
        },
      );
  }
}

/** The kinds that v1 objects are made of. */
const SOURCES = [ALPHA_POOL, MODEL, ...COMPANIONS];

function goneBetween(first: Inventory, second: Inventory, namespace: string): Ref[] {
  const unread = new Set(second.unread.map(({ resource }) => resource));
  const kinds = new Set(
    SOURCES.filter((one) => !unread.has(qualifiedName(one))).map(({ group, kind }) => `${group}/${kind}`),
  );
  return [...first.objects.values()]
    .map(refOf)
    .filter((ref) => kinds.has(`${ref.group}/${ref.kind}`))
    .filter((ref) => namespace === '' || ref.namespace === namespace)
    .filter((ref) => !second.objects.has(refKey(ref)));
}
