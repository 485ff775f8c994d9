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
        `No controller has reported on it for Gateway ${name}`,
        `Check that the Gateway is there and allows routes of this namespace: ${look}`,
      );
      continue;
    }
    const generation = route.metadata.generation;
    const accepted = conditionOf(parent.conditions, 'Accepted', generation);
    const resolved = conditionOf(parent.conditions, 'ResolvedRefs', generation);
    const reconciled = conditionOf(parent.conditions, 'Reconciled', generation);
    list.add('route-accepted', accepted.status === 'True', `${accepted.text} by ${name}`, look);
    list.add(
      'route-refs-resolved',
      resolved.status === 'True',
      `${resolved.text} by ${name}`,
      refsHint(resolved.text, look),
    );
    if (reconciled.status !== 'missing')
      list.add('route-reconciled', reconciled.status === 'True', `${reconciled.text} by ${name}`, look);
    const stale = [accepted, resolved, reconciled].find((condition) => condition.stale);
    list.add(
      'route-current',
      !stale,
      stale
        ? `The status by ${name} is older than the spec: ${stale.text}`
        : `The status by ${name} is for the current generation`,
      'Wait for the controller; if it stays so, it is not running or not looking at this route.',
    );
  }
  if (wanted.length === 0)
    list.add('route-accepted', false, 'It has no parentRefs, so no Gateway serves it', look);
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
    return `The controller does not serve InferencePools of this group. ${look}`;
  if (text.includes('RefNotPermitted'))
    return `A ReferenceGrant for the pool's group is missing in its namespace. ${look}`;
  if (text.includes('BackendNotFound')) return `A backend that it names is not there. ${look}`;
  return look;
}
