// Everything the controller has to say about a World: only what differs from what already stands there.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../kube.ts';
import { attachments, ownClasses, ownGateways } from './attach.ts';
import { classStatus, gatewayStatus } from './gateway-status.ts';
import { policyStatus } from './policy-status.ts';
import { poolStatus } from './pool-status.ts';
import { routeStatus } from './route-status.ts';
import { GKE_CONTROLLER, keyOf, type Behaviour, type Kind, type World } from './world.ts';

export interface StatusWrite {
  kind: Kind;
  object: KubeObject;
  status: object;
}

/**
 * @param addresses of the Gateways' data planes, by `namespace/name`
 * @param now RFC 3339, for conditions that change
 */
export function statuses(
  world: World,
  played: Behaviour,
  addresses: ReadonlyMap<string, string>,
  now: string,
): StatusWrite[] {
  const attached = attachments(world, played);
  const gateways = ownGateways(world, played);
  const own = (objects: KubeObject[], kind: Kind, say: (object: KubeObject) => object): StatusWrite[] =>
    objects.map((object) => ({ kind, object, status: say(object) }));
  const pool = (object: KubeObject) => poolStatus(world, played, object, attached, gateways, now);
  const policy = (object: KubeObject) => policyStatus(world, object, now);

  const all = [
    ...own(ownClasses(world, played), 'gatewayClasses', (object) => classStatus(object, now)),
    ...own(gateways, 'gateways', (object) => {
      const routes = attached.filter(({ gateway }) => gateway === object);
      return gatewayStatus(object, routes, addresses.get(keyOf(object)), played, now);
    }),
    ...own(world.routes, 'routes', (object) => {
      const parents = attached.filter(({ route }) => route === object);
      return routeStatus(world, played, object, parents, now);
    }),
    ...own(played.serves === 'v1' ? [] : world.alphaPools, 'alphaPools', pool),
    ...own(played.serves === 'alpha' ? [] : world.v1Pools, 'v1Pools', pool),
    ...(played.controllerName === GKE_CONTROLLER
      ? [
          ...own(world.healthCheckPolicies, 'healthCheckPolicies', policy),
          ...own(world.backendPolicies, 'backendPolicies', policy),
          ...own(world.trafficPolicies, 'trafficPolicies', policy),
        ]
      : []),
  ];
  return all.filter(({ object, status }) => differs(object['status'] ?? {}, status));
}

/** Whether merging would change anything: fields that others write are no difference. */
function differs(before: Record<string, unknown>, wanted: object): boolean {
  return Object.entries(wanted).some(([field, value]) => {
    const old = before[field] ?? null;
    if (isEmpty(old) && isEmpty(value)) return false;
    return !isDeepStrictEqual(old, value);
  });
}

const isEmpty = (value: unknown) => value === null || (Array.isArray(value) && value.length === 0);
