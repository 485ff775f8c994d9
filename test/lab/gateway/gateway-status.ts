// Statuses of GatewayClasses and Gateways.
import type { KubeObject } from '../kube.ts';
import { listenersOf, type Attachment } from './attach.ts';
import { conditions, no, yes, type Condition } from './conditions.ts';
import { GATEWAY_API, GKE_CONTROLLER, type Behaviour } from './world.ts';

export function classStatus(object: KubeObject, now: string): object {
  return { conditions: conditions([yes('Accepted')], object, object['status']?.conditions, now) };
}

/**
 * @param attached the attachments to this Gateway
 * @param address where its data plane listens; undefined while there is none
 */
export function gatewayStatus(
  gateway: KubeObject,
  attached: Attachment[],
  address: string | undefined,
  played: Behaviour,
  now: string,
): object {
  const before = gateway['status'] ?? {};
  const programmed =
    played.programmed && address !== undefined
      ? yes('Programmed')
      : no('Programmed', 'Pending', 'the data plane is not ready');
  // GKE says of a whole Gateway whether its load balancer works, under a type of its own.
  const healthy = { ...programmed, type: 'networking.gke.io/GatewayHealthy' };
  const verdicts = [
    yes('Accepted'),
    programmed,
    ...(played.controllerName === GKE_CONTROLLER
      ? [programmed.status === 'True' ? { ...healthy, reason: 'GatewayHealthy' } : healthy]
      : []),
  ];
  return {
    addresses: address === undefined ? [] : [{ type: 'IPAddress', value: address }],
    conditions: conditions(verdicts, gateway, before.conditions, now),
    listeners: listenersOf(gateway).map(({ name }) => {
      const old = (before.listeners ?? []).find((listener: { name: string }) => listener.name === name) as
        { conditions: Condition[] } | undefined;
      return {
        name,
        attachedRoutes: attached.filter(({ listeners }) => listeners.some((one) => one.name === name)).length,
        supportedKinds: [{ group: GATEWAY_API, kind: 'HTTPRoute' }],
        conditions: conditions(
          [yes('Accepted'), programmed, yes('ResolvedRefs'), no('Conflicted', 'NoConflicts', '')],
          gateway,
          old?.conditions,
          now,
        ),
      };
    }),
  };
}
