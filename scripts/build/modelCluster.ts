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

/** By API version and resource. What is not here is not installed. */
const LISTS: Record<string, object[]> = {
  [`${ALPHA}/inferencepools`]: [
    object('llm', {
      selector: { app: 'llm' },
      targetPortNumber: 8000,
      extensionRef: { name: 'llm-epp', failureMode: 'FailClose' },
    }),
  ],
  [`${ALPHA}/inferencemodels`]: [
    object('chat', { modelName: 'chat', criticality: 'Critical', poolRef: { name: 'llm' } }),
    object('code', { modelName: 'code', poolRef: { name: 'llm' }, targetModels: [{ name: 'a', weight: 1 }] }),
  ],
  [`${V1}/inferencepools`]: [
    object('llm-ga', {
      selector: { matchLabels: { app: 'llm' } },
      targetPorts: [{ number: 8000 }],
      endpointPickerRef: { name: 'llm-ga-epp', port: { number: 9002 } },
    }),
  ],
  [`${GATEWAY}/httproutes`]: [
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
  [`${GATEWAY}/gateways`]: [
    object('gateway', {
      gatewayClassName: 'gke-l7-rilb',
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }],
    }),
  ],
  [`${GATEWAY}/gatewayclasses`]: [object('gke-l7-rilb', { controllerName: 'networking.gke.io/gateway' })],
  [`${GATEWAY}/grpcroutes`]: [],
  'gateway.networking.k8s.io/v1beta1/referencegrants': [],
  'apps/v1/deployments': [],
  'v1/services': [],
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

function answer(path: string, response: ServerResponse): void {
  const body = find(path);
  const text = JSON.stringify(
    body ?? { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 },
  );
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function find(path: string): object | undefined {
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.0' };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups() };
  const crd = /\/customresourcedefinitions\/(.*)$/.exec(path)?.[1];
  if (crd !== undefined)
    return {
      apiVersion: 'meta.k8s.io/v1',
      kind: 'PartialObjectMetadata',
      metadata: { name: crd, annotations: { 'inference.networking.k8s.io/bundle-version': 'v1.0.0' } },
    };
  const name = path.replace(/^\/apis?\//, '').replace(/\/namespaces\/[^/]+/, '');
  const items = LISTS[name];
  return items && { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items };
}

function groups(): object[] {
  const known = [...new Set(Object.keys(LISTS).map((key) => key.slice(0, key.lastIndexOf('/'))))];
  return known
    .filter((groupVersion) => groupVersion.includes('/'))
    .map((groupVersion) => {
      const [name, version] = groupVersion.split('/');
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
}
