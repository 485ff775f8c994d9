// Objects as an API server returns them, small enough to read in a test. All are in the namespace `llm` unless told.
import type { Condition, KubeObject, ObjectMeta } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import type { BackendRef, RouteRule } from '../../src/inventory/backendRefs.ts';

export const NS = 'llm';

type Meta = Partial<ObjectMeta>;
type Fields = Record<string, unknown>;

export function object(resource: r.Resource, name: string, fields: Fields = {}, meta: Meta = {}): KubeObject {
  return {
    apiVersion: r.apiVersionOf(resource),
    kind: resource.kind,
    metadata: { name, ...(resource.namespaced ? { namespace: NS } : {}), ...meta },
    ...fields,
  };
}

export function alphaPool(name = 'food', spec: Fields = {}, meta: Meta = {}): KubeObject {
  const extensionRef = { kind: 'Service', name: `${name}-epp`, portNumber: 9002, failureMode: 'FailClose' };
  const usual = { selector: { app: 'vllm' }, targetPortNumber: 8000, extensionRef };
  return object(r.ALPHA_POOL, name, { spec: { ...usual, ...spec } }, meta);
}

export function v1Pool(name = 'food-ga', spec: Fields = {}, meta: Meta = {}): KubeObject {
  const endpointPickerRef = {
    group: '',
    kind: 'Service',
    name: `${name}-epp`,
    port: { number: 9002 },
    failureMode: 'FailClose',
  };
  const usual = {
    selector: { matchLabels: { app: 'vllm' } },
    targetPorts: [{ number: 8000 }],
    endpointPickerRef,
  };
  return object(r.V1_POOL, name, { spec: { ...usual, ...spec } }, meta);
}

/** An InferenceModel of the pool `food`. */
export function model(name = 'review', spec: Fields = {}, meta: Meta = {}): KubeObject {
  return object(r.MODEL, name, { spec: { modelName: name, poolRef: { name: 'food' }, ...spec } }, meta);
}

/** An InferenceObjective of the v1 pool `food-ga`. */
export function objective(name = 'review', spec: Fields = {}, meta: Meta = {}): KubeObject {
  const poolRef = { group: r.V1_GROUP, kind: 'InferencePool', name: 'food-ga' };
  return object(r.OBJECTIVE, name, { spec: { priority: 0, poolRef, ...spec } }, meta);
}

export function toAlpha(name = 'food', more: Partial<BackendRef> = {}): BackendRef {
  return { group: r.ALPHA_GROUP, kind: 'InferencePool', name, ...more };
}

export function toV1(name = 'food-ga', more: Partial<BackendRef> = {}): BackendRef {
  return { group: r.V1_GROUP, kind: 'InferencePool', name, ...more };
}

export function toService(name = 'other', more: Partial<BackendRef> = {}): BackendRef {
  return { group: '', kind: 'Service', name, port: 80, ...more };
}

export function rule(backendRefs: readonly BackendRef[], more: Fields = {}): RouteRule {
  return { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [...backendRefs], ...more };
}

/** An HTTPRoute of the Gateway `gw`: a rule as it is, or the backendRefs of a rule. */
export function route(
  rules: readonly (RouteRule | readonly BackendRef[])[] = [[toAlpha()]],
  meta: Meta = {},
  more: Fields = {},
): KubeObject {
  const spec = {
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gw' }],
    rules: rules.map((one) => (isRefs(one) ? rule(one) : one)),
  };
  return object(
    r.HTTP_ROUTE,
    meta.name ?? 'llm-route',
    { spec, ...more },
    { resourceVersion: '7', generation: 1, ...meta },
  );
}

function isRefs(one: RouteRule | readonly BackendRef[]): one is readonly BackendRef[] {
  return Array.isArray(one);
}

export function condition(type: string, status = 'True', more: Partial<Condition> = {}): Condition {
  return { type, status: status as Condition['status'], observedGeneration: 1, ...more };
}

/** `status` of a route, as a controller writes it for each Gateway. */
export function parents(conditions: readonly Condition[], gateways: readonly string[] = ['gw']): Fields {
  return { status: { parents: gateways.map((name) => ({ parentRef: { name }, conditions })) } };
}

export function gateway(name = 'gw', fields: Fields = {}, meta: Meta = {}): KubeObject {
  const status = {
    conditions: [condition('Accepted'), condition('Programmed')],
    addresses: [{ type: 'IPAddress', value: '10.0.0.1' }],
  };
  const spec = { gatewayClassName: 'gke', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] };
  return object(r.GATEWAY, name, { spec, status, ...fields }, { generation: 1, ...meta });
}

export function gatewayClass(controllerName = 'networking.gke.io/gateway', name = 'gke'): KubeObject {
  return object(r.GATEWAY_CLASS, name, { spec: { controllerName } });
}

/** A ReferenceGrant for HTTPRoutes of the namespace `web`. */
export function grant(to: readonly Fields[], name = 'grant'): KubeObject {
  const from = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'web' }];
  return object(r.REFERENCE_GRANT, name, { spec: { from, to } });
}

/** A GKE policy for a pool. */
export function policy(
  resource: r.Resource,
  target: BackendRef,
  fields: Fields = {},
  meta: Meta = {},
): KubeObject {
  return object(
    resource,
    meta.name ?? target.name,
    { spec: { targetRef: target }, ...fields },
    { generation: 1, ...meta },
  );
}

export function crd(resource: r.Resource, bundle?: string, fields: Fields = {}): KubeObject {
  const annotations = { 'inference.networking.k8s.io/bundle-version': bundle ?? '' };
  const spec = { group: resource.group, names: { kind: resource.kind, plural: resource.plural } };
  return object(
    r.CRD,
    r.qualifiedName(resource),
    { spec, ...fields },
    bundle === undefined ? {} : { annotations },
  );
}

/** Metadata as Helm leaves it on what it installs. */
export function byHelm(release: string, meta: Meta = {}): Meta {
  return {
    ...meta,
    labels: { 'app.kubernetes.io/managed-by': 'Helm', ...meta.labels },
    annotations: {
      'meta.helm.sh/release-name': release,
      'meta.helm.sh/release-namespace': NS,
      ...meta.annotations,
    },
  };
}
