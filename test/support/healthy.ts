// A v1 pool beside its alpha pool where everything is as it should be; each test breaks one thing.
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import {
  alphaPool,
  condition,
  gateway,
  gatewayClass,
  model,
  object,
  objective,
  parents,
  policy,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from './objects.ts';

export const EPP = 'food-ga-epp';
export const V1_ARGS = ['--pool-name', 'food-ga', '--pool-namespace', 'llm', '--grpc-port', '9002'];

export function service(spec: Record<string, unknown> = {}, name = EPP): KubeObject {
  const usual = {
    selector: { inferencepool: name },
    ports: [{ name: 'grpc-ext-proc', port: 9002, targetPort: 9002 }],
  };
  return object(r.SERVICE, name, { spec: { ...usual, ...spec } });
}

export function deployment(
  args: readonly string[] = V1_ARGS,
  status: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
  name = EPP,
): KubeObject {
  const containers = [
    { name: 'epp', args: [...args], ports: [{ name: 'grpc', containerPort: 9002 }], ...container },
  ];
  const template = { metadata: { labels: { inferencepool: name } }, spec: { containers } };
  return object(
    r.DEPLOYMENT,
    name,
    { spec: { replicas: 1, template }, status: { readyReplicas: 1, observedGeneration: 1, ...status } },
    { generation: 1 },
  );
}

export function endpointSlice(ready: boolean | undefined = true, service = EPP): KubeObject {
  const conditions = ready === undefined ? {} : { ready };
  return object(
    r.ENDPOINT_SLICE,
    `${service}-x`,
    { endpoints: [{ conditions }] },
    { labels: { 'kubernetes.io/service-name': service } },
  );
}

export function pod(
  ready = true,
  labels: Record<string, string> = { app: 'vllm' },
  name = 'vllm-0',
): KubeObject {
  return object(
    r.POD,
    name,
    { status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } },
    { labels },
  );
}

const POOL_STATUS = {
  status: {
    parents: [
      {
        parentRef: { kind: 'Gateway', name: 'gw' },
        conditions: [condition('Accepted'), condition('ResolvedRefs')],
      },
    ],
  },
};

export function healthyPool(): KubeObject {
  return { ...v1Pool('food-ga', {}, { generation: 1 }), ...POOL_STATUS };
}

export function healthyRoute(): KubeObject {
  const conditions = ['Accepted', 'ResolvedRefs', 'Reconciled'].map((type) => condition(type));
  return route([[toAlpha('food', { weight: 50 }), toV1('food-ga', { weight: 50 })]], {}, parents(conditions));
}

export function healthCheck(status = 'True'): KubeObject {
  return policy(r.HEALTH_CHECK_POLICY, toV1(), { status: { conditions: [condition('Attached', status)] } });
}

const HEALTHY = {
  alpha: () => alphaPool(),
  v1: healthyPool,
  model: () => model(),
  objective: () => objective(),
  route: healthyRoute,
  gateway: () => gateway(),
  gatewayClass: () => gatewayClass(),
  service: () => service(),
  deployment: () => deployment(),
  endpointSlice: () => endpointSlice(),
  pod: () => pod(),
  healthCheck: () => healthCheck(),
};

/** All objects, with some replaced, or left out by null. */
export function healthy(
  changed: Partial<Record<keyof typeof HEALTHY, KubeObject | null>> = {},
): KubeObject[] {
  return Object.entries(HEALTHY).flatMap(([key, make]) => {
    const other = changed[key as keyof typeof HEALTHY];
    return other === null ? [] : [other ?? make()];
  });
}
