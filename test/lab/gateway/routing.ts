// Objects → a table that a data plane can serve from without looking at the cluster again.
import type { KubeObject } from '../kube.ts';
import { loopbackOf } from '../kubelet/addresses.ts';
import { attachments, listenersOf, type Attachment } from './attach.ts';
import { resolveBackend } from './backends.ts';
import { byPrecedence } from './match.ts';
import { poolTarget } from './pool-target.ts';
import { readyPods, targetPort } from './picker.ts';
import type { BackendRef, Behaviour, Filter, HeaderModifier, RouteMatch, RouteRule, World } from './world.ts';

export interface RoutingTable {
  listeners: { port: number; entries: Entry[] }[];
}

/** One match of one rule, the most specific first. */
export interface Entry {
  route: string;
  hostnames: string[];
  match: RouteMatch;
  headers: HeaderModifier[];
  responseHeaders?: HeaderModifier[];
  backends: Backend[];
  /** Get a copy of every request, whose answer is thrown away. */
  mirrors?: Target[];
}

export interface Backend {
  weight: number;
  headers: HeaderModifier[];
  responseHeaders?: HeaderModifier[];
  target: Target;
}

/** Where requests go, or what is answered instead. `label` names the pool or Service. */
export type Target = { label: string; status: number; problem: string } | PoolTarget;

export interface PoolTarget {
  label: string;
  endpoints: Endpoint[];
  /** How the picker treats the model that a request names; absent for a plain Service. */
  models?: ModelRules;
  /** The real picker to ask; the data plane does not play one then. */
  picker?: { endpoints: Endpoint[]; failOpen: boolean };
}

export interface Endpoint {
  pod: string;
  address: string;
  port: number;
}

export interface ModelRules {
  /** Public name → what it becomes, by weight. */
  targets: ReadonlyMap<string, { name: string; weight: number }[]>;
  /** Whether a model without an entry is refused with 404, as alpha pickers before v0.5 do. */
  refuseUnknown: boolean;
  /** The request header that sets the model, where the picker knows one. */
  rewriteHeader?: string;
}

export function routingTable(world: World, played: Behaviour, gateway: KubeObject): RoutingTable {
  const attached = attachments(world, played).filter((one) => one.gateway === gateway && !one.refused);
  const ports = [...new Set(listenersOf(gateway).map(({ port }) => port))];
  return {
    listeners: ports.map((port) => {
      const here = attached.filter(({ listeners }) => listeners.some((listener) => listener.port === port));
      return { port, entries: here.flatMap((one) => entries(world, played, one)).sort(byPrecedence) };
    }),
  };
}

function entries(world: World, played: Behaviour, { route }: Attachment): Entry[] {
  return ((route['spec'].rules ?? []) as RouteRule[]).flatMap((rule) => {
    const backends = (rule.backendRefs ?? []).map((ref) => backend(world, played, route, ref));
    return (rule.matches ?? [{}]).map((match) => ({
      route: `${route.metadata.namespace}/${route.metadata.name}`,
      hostnames: (route['spec'].hostnames ?? []) as string[],
      match,
      headers: headerModifiers(rule.filters),
      responseHeaders: responseModifiers(rule.filters),
      backends,
      mirrors: mirrors(rule.filters).map((ref) => backend(world, played, route, ref).target),
    }));
  });
}

const headerModifiers = (filters: Filter[] = []) =>
  filters.flatMap(({ requestHeaderModifier }) => (requestHeaderModifier ? [requestHeaderModifier] : []));

const responseModifiers = (filters: Filter[] = []) =>
  filters.flatMap(({ responseHeaderModifier }) => (responseHeaderModifier ? [responseHeaderModifier] : []));

const mirrors = (filters: Filter[] = []) =>
  filters.flatMap(({ requestMirror }) => (requestMirror ? [requestMirror.backendRef] : []));

function backend(world: World, played: Behaviour, route: KubeObject, ref: BackendRef): Backend {
  const resolved = resolveBackend(world, played, route, ref);
  const label = `${ref.group ?? ''}/${ref.namespace ?? route.metadata.namespace}/${ref.name}`;
  // The share of an invalid ref is answered with 500, says the Gateway API.
  const target: Target =
    'reason' in resolved
      ? { label, status: 500, problem: `${resolved.reason}: ${resolved.message}` }
      : 'pool' in resolved
        ? poolTarget(world, played, resolved.pool, label)
        : serviceTarget(world, resolved.service, resolved.port, label);
  const headers = headerModifiers(ref.filters);
  return { weight: ref.weight ?? 1, headers, responseHeaders: responseModifiers(ref.filters), target };
}

function serviceTarget(world: World, service: KubeObject, port: number, label: string): Target {
  const servicePort = (service['spec'].ports as { port: number }[]).find((one) => one.port === port);
  if (!servicePort) return { label, status: 500, problem: `the Service has no port ${port}` };
  const endpoints = readyPods(world, service).map((pod) => ({
    pod: pod.metadata.name,
    address: loopbackOf(pod['status'].podIP as string),
    port: targetPort(servicePort, pod),
  }));
  if (endpoints.length === 0) return { label, status: 503, problem: 'no ready endpoint' };
  return { label, endpoints };
}
