import type { Interlock } from '../api/interlock.ts';
import type { Owner } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { describeOwner, ownerAdvice } from '../api/owner.ts';
import { isUnread, itemsOf, listOf, type Snapshot } from '../api/read.ts';
import { refKey, refOf } from '../api/ref.ts';
import { CANARY, HTTP_ROUTE, qualifiedName, ROLLOUT } from '../api/resource.ts';
import { ownerOf } from '../inventory/owner.ts';
import { DRIVER_RESOURCES, routeDrivers } from '../inventory/owners/drivers.ts';
import { gitPatch } from '../report/gitPatch.ts';
import { on, text, type Args } from './command.ts';

/** A change of an object that was there before us. */
export interface Change {
  readonly before: KubeObject;
  readonly after: KubeObject;
}

/**
 * What Git, Helm or a controller looks after is put back by them: the change has to be made at its source. Each owner is
 * a reason of its own; the patch for the source comes once an object. `snapshot` tells who drives a route without a sign on it.
 */
export function ownedChanges(
  changes: readonly Change[],
  args: Args,
  snapshot: Snapshot | null = null,
): Interlock[] {
  if (on(args, 'ignore-owner')) return [];
  const drivers = snapshot ? driversOf(snapshot) : new Map<string, Owner>();
  const routes = changes.some(({ before }) => before.kind === HTTP_ROUTE.kind);
  const unread = snapshot && routes ? unreadDrivers(snapshot) : [];
  const owned = changes.flatMap(({ before, after }) => {
    const driver = drivers.get(refKey(refOf(before)));
    const owner = ownerOf(before, text(args, 'field-manager'));
    const both = [driver, owner].filter((one) => one !== undefined && one !== null);
    const owners = [...new Map(both.map((one) => [describeOwner(one), one])).values()];
    const isRoute = before.kind === HTTP_ROUTE.kind;
    return owners.map((one, index) => ({
      forceable: true,
      finding: {
        id: isRoute ? ('route-owned' as const) : ('owned' as const),
        severity: 'error' as const,
        ref: refOf(before),
        field: '',
        message: `It belongs to ${describeOwner(one)}, which puts back ${isRoute ? 'its own weights' : 'what is changed by hand'}.`,
        hint: `What to change is shown below; --ignore-owner changes it here all the same. ${ownerAdvice(one)}`,
      },
      ...(index === owners.length - 1 ? { patch: gitPatch(before, after) } : {}),
    }));
  });
  return [...owned, ...unread];
}

// A rollout leaves no sign on the route that it drives: who may not look can't say that there is none.
function unreadDrivers(snapshot: Snapshot): Interlock[] {
  return DRIVER_RESOURCES.flatMap((resource) => {
    const read = listOf(snapshot, resource);
    if (!isUnread(read)) return [];
    return [
      {
        forceable: true,
        finding: {
          id: 'could-not-read',
          severity: 'error',
          ref: null,
          field: qualifiedName(resource),
          message: `It could not be read (${read.message}), so it is not known whether one of them writes the weights of these routes.`,
          hint: `Allow "list" on ${qualifiedName(resource)} for your user; --ignore-owner goes on without.`,
        },
      },
    ];
  });
}

function driversOf(snapshot: Snapshot): Map<string, Owner> {
  return routeDrivers(itemsOf(snapshot, ROLLOUT), itemsOf(snapshot, CANARY), itemsOf(snapshot, HTTP_ROUTE));
}
