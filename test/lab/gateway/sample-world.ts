// A World for unit specs: the preview fixture as its pieces stand in a cluster once everything runs.
import { parseManifests, type Json, type KubeObject } from '../kube.ts';
import { fixtureObjects } from '../scenarios/fixtures.ts';
import { ALPHA, emptyWorld, V1, type World } from './world.ts';

export const POOL = 'vllm-llama3-8b-instruct-preview';
export const APP = 'vllm-llama3-8b-instruct';

export function sampleWorld(): World {
  const world = emptyWorld();
  world.gatewayClasses = fixtureObjects('gateway-class');
  world.gateways = fixtureObjects('gateway');
  world.routes = fixtureObjects('route');
  world.models = fixtureObjects('inference-models');
  world.pods = ['0', '1'].map((n, index) =>
    pod(`${APP}-${n}`, { app: APP }, `127.9.9.${101 + index}`, { image: 'vllm:v0.8.5', args: [] }),
  );
  addPool(world, alphaPool(), { image: 'epp:v0.3.0', args: ['-poolName', POOL, '-grpcPort', '9002'] });
  for (const object of Object.values(world).flat()) {
    object.metadata = { generation: 1, namespace: 'default', ...object.metadata };
    if (['GatewayClass', 'Namespace'].includes(object.kind)) delete object.metadata.namespace;
  }
  return world;
}

/** A pool with its Service, its ready picker, and its HealthCheckPolicy. */
export function addPool(world: World, pool: KubeObject, epp: { image: string; args: string[] }): void {
  const alpha = pool.apiVersion.startsWith(`${ALPHA}/`);
  (alpha ? world.alphaPools : world.v1Pools).push(pool);
  const { name, namespace } = pool.metadata;
  const picker = (alpha ? pool['spec'].extensionRef : pool['spec'].endpointPickerRef).name as string;
  world.pods.push(pod(`${picker}-pod`, { inferencepool: picker }, '10.9.9.200', epp));
  const of = (apiVersion: string, kind: string, more: Json): KubeObject => ({
    apiVersion,
    kind,
    ...more,
    metadata: { namespace, generation: 1, ...more.metadata },
  });
  world.services.push(
    of('v1', 'Service', {
      metadata: { name: picker },
      spec: {
        ports: [
          { port: 9002, targetPort: 9002 },
          { port: 9090, targetPort: 9090 },
        ],
      },
    }),
  );
  world.endpointSlices.push(
    of('discovery.k8s.io/v1', 'EndpointSlice', {
      metadata: { name: `${picker}-x`, labels: { 'kubernetes.io/service-name': picker } },
      endpoints: [{ conditions: { ready: true }, targetRef: { kind: 'Pod', name: `${picker}-pod` } }],
    }),
  );
  world.healthCheckPolicies.push(
    of('networking.gke.io/v1', 'HealthCheckPolicy', {
      metadata: { name: `${name}-${alpha ? 'alpha' : 'v1'}` },
      spec: {
        targetRef: { group: alpha ? ALPHA : V1, kind: 'InferencePool', name },
        default: { config: { type: 'HTTP', httpHealthCheck: { requestPath: '/health', port: 8000 } } },
      },
    }),
  );
}

export const alphaPool = (name = POOL, namespace = 'default'): KubeObject => ({
  apiVersion: `${ALPHA}/v1alpha2`,
  kind: 'InferencePool',
  metadata: { name, namespace, generation: 1 },
  spec: { selector: { app: APP }, targetPortNumber: 8000, extensionRef: { name: `${name}-epp` } },
});

export const v1Pool = (name: string, namespace = 'default'): KubeObject => ({
  apiVersion: `${V1}/v1`,
  kind: 'InferencePool',
  metadata: { name, namespace, generation: 1 },
  spec: {
    selector: { matchLabels: { app: APP } },
    targetPorts: [{ number: 8000 }],
    endpointPickerRef: { name: `${name}-v1-epp`, port: { number: 9002 } },
  },
});

export const v1Epp = (name: string, version = 'v1.0.0') => ({
  image: `epp:${version}`,
  args: ['--pool-name', name, '--pool-namespace', 'default'],
});

/** A ReferenceGrant that lets HTTPRoutes of one namespace name alpha pools of another. */
export const grant = (from: string, namespace: string): KubeObject =>
  parseManifests(`
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: ${namespace}}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: ${from}}]
  to: [{group: ${ALPHA}, kind: InferencePool}]
`)[0]!;

function pod(
  name: string,
  labels: Record<string, string>,
  podIP: string,
  container: { image: string; args: string[] },
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels, generation: 1 },
    spec: { containers: [{ name: 'main', ...container }] },
    status: { podIP, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}
