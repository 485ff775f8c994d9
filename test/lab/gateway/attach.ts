// Which routes hang on which Gateways of the played controller.
import type { KubeObject } from '../kube.ts';
import { GATEWAY_API, hasLabels, keyOf, named, type Behaviour, type World } from './world.ts';

export interface ParentRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  sectionName?: string;
  port?: number;
}

export interface Listener {
  name: string;
  port: number;
  protocol: string;
  hostname?: string;
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: { matchLabels?: Record<string, string> } };
  };
}

/** One parentRef of a route that names a Gateway of ours. */
export interface Attachment {
  route: KubeObject;
  parentRef: ParentRef;
  gateway: KubeObject;
  listeners: Listener[];
  /** The reason of `Accepted=False`; undefined when accepted. */
  refused?: 'NoMatchingParent' | 'NotAllowedByListeners' | 'NoMatchingListenerHostname' | 'Pending';
}

export function ownClasses(world: World, { controllerName }: Behaviour): KubeObject[] {
  return world.gatewayClasses.filter((object) => object['spec'].controllerName === controllerName);
}

export function ownGateways(world: World, played: Behaviour): KubeObject[] {
  const classes = new Set(ownClasses(world, played).map(({ metadata }) => metadata.name));
  return world.gateways.filter(({ spec }) => classes.has(spec.gatewayClassName));
}

export const listenersOf = (gateway: KubeObject) => gateway['spec'].listeners as Listener[];

export function attachments(world: World, played: Behaviour): Attachment[] {
  const gateways = ownGateways(world, played);
  return world.routes.flatMap((route) =>
    ((route['spec'].parentRefs ?? []) as ParentRef[]).flatMap((parentRef) => {
      if ((parentRef.group ?? GATEWAY_API) !== GATEWAY_API || (parentRef.kind ?? 'Gateway') !== 'Gateway')
        return [];
      const gateway = named(gateways, parentRef.namespace ?? route.metadata.namespace, parentRef.name);
      return gateway ? [attach(world, played, route, parentRef, gateway)] : [];
    }),
  );
}

function attach(
  world: World,
  played: Behaviour,
  route: KubeObject,
  parentRef: ParentRef,
  gateway: KubeObject,
): Attachment {
  const named = listenersOf(gateway).filter(
    ({ name, port }) =>
      (parentRef.sectionName === undefined || parentRef.sectionName === name) &&
      (parentRef.port === undefined || parentRef.port === port),
  );
  const allowing = named.filter((listener) => allows(world, listener, gateway, route));
  const hostnames = (route['spec'].hostnames ?? []) as string[];
  const listeners = allowing.filter((listener) => hostnamesMeet(listener.hostname, hostnames));
  const refused = played.refusedRoutes.has(keyOf(route))
    ? 'Pending'
    : named.length === 0
      ? 'NoMatchingParent'
      : allowing.length === 0
        ? 'NotAllowedByListeners'
        : listeners.length === 0
          ? 'NoMatchingListenerHostname'
          : undefined;
  return { route, parentRef, gateway, listeners: refused ? [] : listeners, ...(refused ? { refused } : {}) };
}

function allows(world: World, listener: Listener, gateway: KubeObject, route: KubeObject): boolean {
  const { from = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {};
  if (from === 'All') return true;
  if (from === 'Same') return route.metadata.namespace === gateway.metadata.namespace;
  const namespace = named(world.namespaces, undefined, route.metadata.namespace ?? '');
  return from === 'Selector' && !!namespace && hasLabels(namespace, selector?.matchLabels ?? {});
}

function hostnamesMeet(listener: string | undefined, route: string[]): boolean {
  if (listener === undefined || route.length === 0) return true;
  return route.some((hostname) => covers(listener, hostname) || covers(hostname, listener));
}

/** Whether a hostname, perhaps a `*.` wildcard, takes in another. */
export function covers(pattern: string, hostname: string): boolean {
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : pattern === hostname;
}
