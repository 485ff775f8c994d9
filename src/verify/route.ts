import type { Check } from '../api/verification.ts';
import { kubectl } from '../api/kubectl.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import { GATEWAY } from '../api/resource.ts';
import { parentGateway, parentsOf } from '../inventory/gateways.ts';
import { Checklist, conditionOf } from './evidence.ts';

interface ParentRef {
  name: string;
  namespace?: string;
  group?: string;
  kind?: string;
  sectionName?: string;
  port?: number;
}

/** Accepted, ResolvedRefs and, where the controller writes it (GKE), Reconciled, for each parent. */
export function routeChecks(route: KubeObject): Check[] {
  const self = refOf(route);
  const list = new Checklist('HTTPRoute', self);
  const look = kubectl('describe', self);
  const wanted = (route['spec']?.parentRefs ?? []) as ParentRef[];
  const reported = parentsOf(route);
  for (const parentRef of wanted) {
    const gateway = parentGateway({ parentRef }, route);
    const listener = parentRef.sectionName ?? parentRef.port;
    const name = `${gateway.namespace}/${gateway.name}${listener === undefined ? '' : ` (listener ${listener})`}`;
    const parent = reported.find((candidate) => sameParent(candidate.parentRef, parentRef, route));
    if (!parent) {
      list.add(
        'route-accepted',
        false,
        `Gateway ${name}: no controller has reported on this route`,
        `Check that the Gateway is there and allows routes of this namespace: ${look}`,
      );
      continue;
    }
    const generation = route.metadata.generation;
    const accepted = conditionOf(parent.conditions, 'Accepted', generation);
    const resolved = conditionOf(parent.conditions, 'ResolvedRefs', generation);
    const reconciled = conditionOf(parent.conditions, 'Reconciled', generation);
    list.add(
      'route-accepted',
      accepted.status === 'True',
      `Gateway ${name}: ${accepted.text}`,
      `A route that is not accepted serves nothing. Read why: ${look}`,
    );
    list.add(
      'route-refs-resolved',
      resolved.status === 'True',
      `Gateway ${name}: ${resolved.text}`,
      refsHint(resolved.text, look),
    );
    if (reconciled.status !== 'missing')
      list.add(
        'route-reconciled',
        reconciled.status === 'True',
        `Gateway ${name}: ${reconciled.text}`,
        `The load balancer does not have the change yet, which can take minutes. Read why: ${look}`,
      );
    const stale = [accepted, resolved, reconciled].find((condition) => condition.stale);
    list.add(
      'route-current',
      !stale,
      stale
        ? `Gateway ${name}: the status is older than the spec: ${stale.text}`
        : `Gateway ${name}: the status is for the current generation`,
      'Wait for the controller, as the same command does with --wait; if it stays so, it is not running or does not look at this route.',
    );
  }
  if (wanted.length === 0)
    list.add(
      'route-accepted',
      false,
      'It has no parentRefs, so no Gateway serves it',
      `Name its Gateway: ${kubectl('edit', self)}`,
    );
  return list.checks;
}

// Each listener of a Gateway that a route names on its own is a parent of its own, with a status of its own.
function sameParent(a: ParentRef, b: ParentRef, route: KubeObject): boolean {
  const key = (one: ParentRef) => [
    one.group ?? GATEWAY.group,
    one.kind ?? GATEWAY.kind,
    parentGateway({ parentRef: one }, route).namespace,
    one.name,
    one.sectionName ?? null,
    one.port ?? null,
  ];
  return JSON.stringify(key(a)) === JSON.stringify(key(b));
}

function refsHint(text: string, look: string): string {
  if (text.includes('InvalidKind'))
    return `The controller does not serve InferencePools of this group, so requests to them get 500. See what it says: ${look}`;
  if (text.includes('RefNotPermitted'))
    return `A ReferenceGrant for the pool's group is missing in the pool's namespace, so requests to it get 500; convert --apply makes one. Read which: ${look}`;
  if (text.includes('BackendNotFound'))
    return `A backend that it names is not there, so requests to it get 500. Read which: ${look}`;
  return `Requests to what cannot be resolved get 500. Read why: ${look}`;
}
