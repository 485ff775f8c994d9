// A cluster in a few objects, for the runs after which the code cache is made: what there is to read in it decides which
// functions are compiled by then, and nothing else. Tests have the real API server.
import { writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ModelCluster {
  /** path of its file */
  kubeconfig: string;
  stop(): void;
}

const GATEWAY = 'gateway.networking.k8s.io/v1';
const ALPHA = 'inference.networking.x-k8s.io/v1alpha2';
const V1 = 'inference.networking.k8s.io/v1';

/** By API version, resource and kind. What is not here is not installed. */
const LISTS: Record<string, object[]> = {
  [`${ALPHA}/inferencepools/InferencePool`]: [
    object('llm', {
      selector: { app: 'llm' },
      targetPortNumber: 8000,
      extensionRef: { name: 'llm-epp', failureMode: 'FailClose' },
    }),
  ],
  [`${ALPHA}/inferencemodels/InferenceModel`]: [
    object('chat', { modelName: 'chat', criticality: 'Critical', poolRef: { name: 'llm' } }),
    object('code', { modelName: 'code', poolRef: { name: 'llm' }, targetModels: [{ name: 'a', weight: 1 }] }),
  ],
  [`${V1}/inferencepools/InferencePool`]: [
    object('llm-ga', {
      selector: { matchLabels: { app: 'llm' } },
      targetPorts: [{ number: 8000 }],
      endpointPickerRef: { name: 'llm-ga-epp', port: { number: 9002 } },
    }),
  ],
  [`${GATEWAY}/httproutes/HTTPRoute`]: [
    object('llm-route', {
      parentRefs: [{ name: 'gateway' }],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [{ group: 'inference.networking.x-k8s.io', kind: 'InferencePool', name: 'llm' }],
        },
      ],
    }),
  ],
  [`${GATEWAY}/gateways/Gateway`]: [
    object('gateway', {
      gatewayClassName: 'gke-l7-rilb',
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }],
    }),
  ],
  [`${GATEWAY}/gatewayclasses/GatewayClass`]: [
    object('gke-l7-rilb', { controllerName: 'networking.gke.io/gateway' }),
  ],
  [`${GATEWAY}/grpcroutes/GRPCRoute`]: [],
  'gateway.networking.k8s.io/v1beta1/referencegrants/ReferenceGrant': [],
  'apps/v1/deployments/Deployment': [],
  'v1/services/Service': [],
};

function object(name: string, spec: object): object {
  return {
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-of-${name}`,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2025-01-01T00:00:00Z',
      managedFields: [],
    },
    spec,
  };
}

/** Serves it on loopback until `stop`. */
export async function startModelCluster(kubeconfig: string): Promise<ModelCluster> {
  const server = createServer(({ url = '' }, response) =>
    answer(new URL(url, 'http://model').pathname, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'model',
      clusters: [{ name: 'model', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'model', user: {} }],
      contexts: [{ name: 'model', context: { cluster: 'model', user: 'model' } }],
    }),
  );
  return {
    kubeconfig,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

// As an API server answers for what it does not serve: no Status, which is about an object. CRDs it serves.
function answer(path: string, response: ServerResponse): void {
  const found = find(path);
  const body = found ?? (/\/customresourcedefinitions\//.test(path) ? NOT_FOUND : undefined);
  const text = body === undefined ? '404 page not found\n' : JSON.stringify(body);
  response.writeHead(found === undefined ? 404 : 200, {
    'content-type': body === undefined ? 'text/plain; charset=utf-8' : 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const NOT_FOUND = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

function find(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0' };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const crd = /\/customresourcedefinitions\/(.*)$/.exec(path)?.[1];
  if (crd !== undefined) return crdOf(crd);
  const name = path.replace(/^\/apis?\//, '').replace(/\/namespaces\/[^/]+/, '');
  if (Object.keys(LISTS).some((one) => versionOf(one) === name)) return resourcesOf(name);
  const key = Object.keys(LISTS).find((one) => one.slice(0, one.lastIndexOf('/')) === name);
  if (key === undefined) return undefined;
  const [apiVersion, kind] = [versionOf(key), key.slice(key.lastIndexOf('/') + 1)];
  return { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '1' }, items: LISTS[key] };
}

function crdOf(name: string): object | undefined {
  const installed = Object.keys(LISTS).some((key) => {
    const [group, , resource] = key.split('/');
    return `${resource}.${group}` === name;
  });
  if (!installed) return undefined;
  const annotations = { 'inference.networking.k8s.io/bundle-version': 'v1.0.0' };
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata: { name, uid: 'uid-of-crd', resourceVersion: '1', annotations },
  };
}

function resourcesOf(groupVersion: string): object {
  const resources = Object.keys(LISTS)
    .filter((key) => versionOf(key) === groupVersion)
    .map((key) => ({ name: key.split('/').at(-2), namespaced: true, kind: key.split('/').at(-1) }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function versionOf(key: string): string {
  return key.split('/').slice(0, -2).join('/');
}

function groups(): object[] {
  const known = [...new Set(Object.keys(LISTS).map(versionOf))];
  return known
    .filter((groupVersion) => groupVersion.includes('/'))
    .map((groupVersion) => {
      const [name, version] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
}
