import type { Cluster } from '../api/cluster.ts';
import { isUnread, listOf } from '../api/read.ts';
import { ALPHA_POOL, HTTP_ROUTE, MODEL, V1_POOL, type Resource } from '../api/resource.ts';
import type { GivenPair } from '../inventory/pairs.ts';
import type { Context } from './context.ts';
import { requireNamespace } from './namespaces.ts';
import { readWorld, type World } from './session.ts';

/**
 * What a command that writes plans on: all namespaces, because a route of another one may name a pool of this one. A user
 * who may only look into one namespace gets that one, and is told.
 */
export async function readForWriting(
  cluster: Cluster,
  namespace: string,
  context: Context,
  given: readonly GivenPair[],
  more: readonly Resource[] = [],
): Promise<World> {
  const world = await readWorld(cluster, '', more, given);
  const refused = ({ snapshot }: World) =>
    [ALPHA_POOL, V1_POOL, MODEL, HTTP_ROUTE].filter((kind) => isUnread(listOf(snapshot, kind))).length;
  if (refused(world) === 0) await requireNamespace(namespace, world.inventory, cluster);
  if (refused(world) === 0 || namespace === '') return world;
  const confined = await readWorld(cluster, namespace, more, given);
  // Refused there too: it is the kind that the user may not see, not the other namespaces.
  if (refused(confined) === refused(world)) return world;
  context.stderr.write(
    `Only namespace ${namespace} could be read: routes of other namespaces that name its pools are not known.\n`,
  );
  return confined;
}
