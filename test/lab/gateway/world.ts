// What a gateway controller knows: every object of the kinds it watches, at one moment.
import type { KubeObject } from '../kube.ts';

export const ALPHA = 'inference.networking.x-k8s.io';
export const V1 = 'inference.networking.k8s.io';
export const GATEWAY_API = 'gateway.networking.k8s.io';
export const GKE_CONTROLLER = 'networking.gke.io/gateway';

/** What is watched: the key in `World`, then apiVersion and plural. */
export const kinds = {
  gatewayClasses: [`${GATEWAY_API}/v1`, 'gatewayclasses'],
  gateways: [`${GATEWAY_API}/v1`, 'gateways'],
  routes: [`${GATEWAY_API}/v1`, 'httproutes'],
  grants: [`${GATEWAY_API}/v1beta1`, 'referencegrants'],
  alphaPools: [`${ALPHA}/v1alpha2`, 'inferencepools'],
  v1Pools: [`${V1}/v1`, 'inferencepools'],
  models: [`${ALPHA}/v1alpha2`, 'inferencemodels'],
  rewrites: [`${ALPHA}/v1alpha2`, 'inferencemodelrewrites'],
  namespaces: ['v1', 'namespaces'],
  services: ['v1', 'services'],
  endpointSlices: ['discovery.k8s.io/v1', 'endpointslices'],
  pods: ['v1', 'pods'],
  healthCheckPolicies: ['networking.gke.io/v1', 'healthcheckpolicies'],
  backendPolicies: ['networking.gke.io/v1', 'gcpbackendpolicies'],
  trafficPolicies: ['networking.gke.io/v1', 'gcptrafficdistributionpolicies'],
} as const satisfies Record<string, readonly [apiVersion: string, plural: string]>;

export type Kind = keyof typeof kinds;
export type World = Record<Kind, KubeObject[]>;

export function emptyWorld(): World {
  return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []])) as unknown as World;
}

/** Which controller is played, and what is wrong with it. */
export interface Behaviour {
  controllerName: string;
  /** Which group's InferencePools it can serve. */
  serves: 'both' | 'alpha' | 'v1';
  /** GKE's: a pool without a HealthCheckPolicy is probed at `/`, which model servers answer with 404. */
  healthChecks: boolean;
  /** Whether endpoint pickers are processes, which find out by themselves what would be wrong with them. */
  pickers: 'played' | 'real';
  /** False: Gateways are said not to be programmed. */
  programmed: boolean;
  /** Routes, as `namespace/name`, that are said not to be accepted. */
  refusedRoutes: ReadonlySet<string>;
}

export function behaviour(some: Partial<Behaviour> = {}): Behaviour {
  const controllerName = some.controllerName ?? GKE_CONTROLLER;
  return {
    controllerName,
    serves: 'both',
    healthChecks: controllerName === GKE_CONTROLLER,
    pickers: 'played',
    programmed: true,
    refusedRoutes: new Set(),
    ...some,
  };
}

export interface BackendRef {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
  port?: number;
  weight?: number;
  filters?: Filter[];
}

export interface Filter {
  type: string;
  requestHeaderModifier?: HeaderModifier;
  responseHeaderModifier?: HeaderModifier;
  requestMirror?: { backendRef: BackendRef };
}

export interface HeaderModifier {
  set?: { name: string; value: string }[];
  add?: { name: string; value: string }[];
  remove?: string[];
}

export interface RouteRule {
  matches?: RouteMatch[];
  filters?: Filter[];
  backendRefs?: BackendRef[];
}

export interface RouteMatch {
  path?: { type?: string; value?: string };
  headers?: { type?: string; name: string; value: string }[];
  queryParams?: { type?: string; name: string; value: string }[];
  method?: string;
}

export const named = (objects: KubeObject[], namespace: string | undefined, name: string) =>
  objects.find((object) => object.metadata.name === name && object.metadata.namespace === namespace);

export const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`;

export const groupOf = ({ apiVersion }: KubeObject) =>
  apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';

/** Whether an object's labels hold all of these. */
export function hasLabels(object: KubeObject, wanted: Record<string, string>): boolean {
  const labels = (object.metadata['labels'] ?? {}) as Record<string, string>;
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Every reference of a route to a backend, mirrors included. */
export function backendRefs(route: KubeObject): BackendRef[] {
  const mirrors = (filters: Filter[] = []) =>
    filters.flatMap(({ requestMirror }) => (requestMirror ? [requestMirror.backendRef] : []));
  return ((route['spec'].rules ?? []) as RouteRule[]).flatMap((rule) => [
    ...mirrors(rule.filters),
    ...(rule.backendRefs ?? []).flatMap((ref) => [ref, ...mirrors(ref.filters)]),
  ]);
}
