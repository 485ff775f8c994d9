import type { KubeObject } from '../api/object.ts';
import { groupOf } from '../api/resource.ts';

// An API server checks an object against its schema before anybody sees it; nobody has checked a file. These are the fields
// that are walked into, for any kind: with another shape there they would be no object that a cluster could hold.

type Shape = 'text' | 'mapping' | 'list' | { readonly each: Shapes } | { readonly texts: true } | Shapes;
interface Shapes {
  readonly [field: string]: Shape;
}

const texts = { texts: true } as const;
const backendRef: Shapes = { name: 'text', namespace: 'text', group: 'text', kind: 'text' };
const filters: Shape = {
  each: {
    requestMirror: { backendRef },
    requestHeaderModifier: { set: { each: {} }, add: { each: {} }, remove: 'list' },
  },
};
const condition: Shape = { each: { type: 'text', status: 'text', reason: 'text', message: 'text' } };
const parents: Shape = { each: { parentRef: backendRef, conditions: condition } };

const OBJECT: Shapes = {
  metadata: {
    name: 'text',
    namespace: 'text',
    labels: texts,
    annotations: texts,
    finalizers: 'list',
    managedFields: 'list',
    ownerReferences: { each: { apiVersion: 'text', kind: 'text', name: 'text', uid: 'text' } },
  },
  spec: {
    extensionRef: backendRef,
    endpointPickerRef: backendRef,
    targetPorts: { each: {} },
    modelName: 'text',
    criticality: 'text',
    targetModels: { each: { name: 'text' } },
    poolRef: backendRef,
    hostnames: 'list',
    listeners: { each: { name: 'text' } },
    addresses: { each: {} },
    gatewayClassName: 'text',
    controllerName: 'text',
    parentRefs: { each: backendRef },
    targetRef: backendRef,
    targetRefs: { each: backendRef },
    from: { each: backendRef },
    to: { each: backendRef },
    rules: {
      each: {
        name: 'text',
        matches: { each: { headers: { each: {} }, path: 'mapping' } },
        filters,
        backendRefs: { each: { ...backendRef, filters } },
      },
    },
  },
  status: { conditions: condition, parents, parent: parents, addresses: { each: {} }, ancestors: parents },
};

const TERMS: Shape = { each: { key: 'text', operator: 'text', values: 'list' } };
const SELECTOR: Shapes = { matchLabels: texts, matchExpressions: TERMS, matchNames: 'list' };
const METRIC: Shapes = { metric: { name: 'text', selector: SELECTOR }, describedObject: backendRef };
const MONITOR: Shapes = {
  spec: {
    selector: SELECTOR,
    namespaceSelector: SELECTOR,
    endpoints: { each: {} },
    podMetricsEndpoints: { each: {} },
  },
};
const ROLE: Shapes = {
  rules: { each: { apiGroups: 'list', resources: 'list', verbs: 'list', resourceNames: 'list' } },
};

// Fields that mean one thing in one kind and another in the next.
const BY_KIND: Readonly<Record<string, Shapes>> = {
  'inference.networking.x-k8s.io/InferencePool': { spec: { selector: texts } },
  'inference.networking.k8s.io/InferencePool': { spec: { selector: { matchLabels: texts } } },
  'rbac.authorization.k8s.io/Role': ROLE,
  'rbac.authorization.k8s.io/ClusterRole': ROLE,
  'monitoring.coreos.com/ServiceMonitor': MONITOR,
  'monitoring.coreos.com/PodMonitor': MONITOR,
  'monitoring.googleapis.com/PodMonitoring': MONITOR,
  'monitoring.googleapis.com/ClusterPodMonitoring': MONITOR,
  'monitoring.coreos.com/PrometheusRule': {
    spec: {
      groups: { each: { name: 'text', rules: { each: { record: 'text', alert: 'text', labels: texts } } } },
    },
  },
  'autoscaling/HorizontalPodAutoscaler': {
    spec: {
      metrics: { each: { type: 'text', external: METRIC, pods: METRIC, object: METRIC } },
      scaleTargetRef: backendRef,
    },
  },
  'keda.sh/ScaledObject': {
    spec: { triggers: { each: { type: 'text', metadata: texts } }, scaleTargetRef: backendRef },
  },
  'networking.istio.io/DestinationRule': {
    spec: { host: 'text', exportTo: 'list', subsets: { each: { name: 'text' } }, trafficPolicy: 'mapping' },
  },
};

/** Which field has a value that it can't have, in words; null where all is well. Fields that are not there are. */
export function misshapen(object: KubeObject): string | null {
  const more = BY_KIND[`${groupOf(object.apiVersion)}/${object.kind}`];
  return wrongIn(object, OBJECT, '') ?? (more ? wrongIn(object, more, '') : null);
}

function wrongIn(value: unknown, shapes: Shapes, path: string): string | null {
  for (const [field, shape] of Object.entries(shapes)) {
    const inner: unknown = Object.hasOwn(value as object, field)
      ? (value as Record<string, unknown>)[field]
      : undefined;
    if (inner === undefined || inner === null) continue;
    const wrong = wrongValue(inner, shape, path === '' ? field : `${path}.${field}`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function wrongValue(value: unknown, shape: Shape, path: string): string | null {
  if (shape === 'text') return typeof value === 'string' ? null : `${path} is not a string`;
  if (shape === 'mapping') return isMapping(value) ? null : `${path} is not a mapping`;
  if (shape === 'list') return Array.isArray(value) ? null : `${path} is not a list`;
  if ('each' in shape) return wrongList(value, shape.each as Shapes, path);
  if (!isMapping(value)) return `${path} is not a mapping`;
  if ('texts' in shape && shape.texts === true) {
    const odd = Object.entries(value).find(([, text]) => typeof text !== 'string');
    return odd ? `${path}[${JSON.stringify(odd[0])}] is not a string` : null;
  }
  return wrongIn(value, shape as Shapes, path);
}

function wrongList(value: unknown, each: Shapes, path: string): string | null {
  if (!Array.isArray(value)) return `${path} is not a list`;
  for (const [index, item] of value.entries()) {
    if (!isMapping(item)) return `${path}[${index}] is not a mapping`;
    const wrong = wrongIn(item, each, `${path}[${index}]`);
    if (wrong !== null) return wrong;
  }
  return null;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
