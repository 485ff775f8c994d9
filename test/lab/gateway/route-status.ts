// Statuses of HTTPRoutes: one entry for each parent of ours, those of other controllers left as they are.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kube.ts';
import type { Attachment, ParentRef } from './attach.ts';
import { resolveBackend } from './backends.ts';
import { conditions, no, yes, type Condition, type Verdict } from './conditions.ts';
import { backendRefs, GKE_CONTROLLER, type Behaviour, type World } from './world.ts';

interface RouteParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions: Condition[];
}

/** @param own the attachments of this route */
export function routeStatus(
  world: World,
  played: Behaviour,
  route: KubeObject,
  own: Attachment[],
  now: string,
): object {
  const before = (route['status']?.parents ?? []) as RouteParentStatus[];
  const { controllerName } = played;
  const verdict = resolvedRefs(world, played, route);
  const ours = own.map(({ parentRef, refused }) => {
    const accepted = refused
      ? no('Accepted', refused, `not accepted by Gateway ${parentRef.name}: ${refused}`)
      : yes('Accepted');
    const old = before.find(
      (entry) => entry.controllerName === controllerName && isDeepStrictEqual(entry.parentRef, parentRef),
    );
    const verdicts = [accepted, verdict, ...(controllerName === GKE_CONTROLLER ? [reconciled(refused)] : [])];
    return { parentRef, controllerName, conditions: conditions(verdicts, route, old?.conditions, now) };
  });
  return { parents: [...before.filter((entry) => entry.controllerName !== controllerName), ...ours] };
}

function reconciled(refused: Attachment['refused']): Verdict {
  return refused
    ? no('Reconciled', 'ReconciliationFailed', refused)
    : yes('Reconciled', 'ReconciliationSucceeded');
}

function resolvedRefs(world: World, played: Behaviour, route: KubeObject): Verdict {
  for (const ref of backendRefs(route)) {
    const resolved = resolveBackend(world, played, route, ref);
    if ('reason' in resolved) return no('ResolvedRefs', resolved.reason, resolved.message);
  }
  return yes('ResolvedRefs');
}
