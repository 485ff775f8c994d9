import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import { isUnread, listOf, type Unread } from '../api/read.ts';
import { ALPHA_POOL, HTTP_ROUTE, qualifiedName, V1_POOL, type Resource } from '../api/resource.ts';
import { RequestFailure } from '../cluster/failures.ts';
import type { Args } from './command.ts';
import { givenPairs } from './pairs.ts';
import { readWorld, type World } from './session.ts';

/** Without one of these it is not known where the traffic goes. */
export const ROUTED = [HTTP_ROUTE, ALPHA_POOL, V1_POOL];

/** All namespaces, by which is decided where traffic goes next. @throws UserError, see requireRead */
export async function readWhole(cluster: Cluster, args: Args): Promise<World> {
  const world = await readWorld(cluster, '', [], givenPairs(args));
  requireRead(world, ROUTED);
  return world;
}

/**
 * A connection that breaks in the middle leaves some lists read and others not: what was lost must not look as if there
 * were none.
 * @throws UserError for a list that was lost, by which `patiently` asks again; one that is forbidden is for others to judge
 */
export function requireRead({ snapshot }: Pick<World, 'snapshot'>, kinds: readonly Resource[]): void {
  for (const kind of kinds) {
    const read = listOf(snapshot, kind);
    if (isUnread(read) && read.state === 'failed') throw couldNotRead(qualifiedName(kind), read);
  }
}

export function couldNotRead(what: string, { state, message }: Unread): UserError {
  return new UserError(`${what} could not be read: ${message}`, {
    exitCode: EXIT.incomplete,
    ...(state === 'failed' ? { cause: new RequestFailure('lost', message, { sent: true }) } : {}),
  });
}
