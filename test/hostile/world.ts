// A cluster in which everything that may be anything is hostile, as far as the API server takes it.
import type { Json, KubeObject } from '../lab/kube.ts';
import type { Kube } from '../lab/kube.ts';
import { alphaPool, model } from '../e2e/samples.ts';
import { ALPHA, GATEWAY_API, V1 } from '../e2e/support.ts';
import { PAYLOADS } from './payloads.ts';

/** A name that every object of JavaScript has something behind. */
export const NS = 'constructor';
export const POOL = 'constructor';

const meta = (name: string, more: Json = {}) => ({ namespace: NS, name, ...more });
const annotations = Object.fromEntries(
  Object.values(PAYLOADS).map((text, index) => [`hostile.example/a${index}`, text]),
);
const labels = { constructor: 'constructor', toString: 'valueOf', 'app.kubernetes.io/managed-by': 'Helm' };
const group = { gateway: 'gateway.networking.k8s.io', alpha: ALPHA.split('/')[0]!, v1: V1.split('/')[0]! };

function conditions(text: string, types: string[]): Json[] {
  return types.map((type) => ({
    type,
    status: 'False',
    reason: 'Hostile',
    message: text,
    lastTransitionTime: '2026-11-23T00:00:00Z',
    observedGeneration: 1,
  }));
}

// As JSON: an apply is read as YAML, which takes no raw control characters.
async function create(admin: Kube, object: KubeObject): Promise<void> {
  const { namespace } = object.metadata;
  const plural = object.kind === 'GatewayClass' ? 'gatewayclasses' : `${object.kind.toLowerCase()}s`;
  const within = namespace === undefined ? '' : `namespaces/${namespace}/`;
  await admin.request('POST', `/apis/${object.apiVersion}/${within}${plural}`, object);
}

/** Installs it; `text` is what speaks from status messages, next to the payloads in annotations and model names. */
export async function installHostile(admin: Kube, text: string): Promise<number> {
  await admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NS } });
  const role = (name: string): KubeObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, annotations },
    rules: [
      { apiGroups: [group.alpha], resources: ['inferencepools'], verbs: ['get'], resourceNames: [POOL] },
    ],
  });
  const pool = alphaPool(NS, POOL, { selector: { constructor: 'constructor', app: 'no' } });
  const owner = {
    'meta.helm.sh/release-name': '--kubeconfig=evil',
    'meta.helm.sh/release-namespace': '$(x)',
  };
  const gateway: KubeObject = {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: meta('gateway', { annotations }),
    spec: { gatewayClassName: 'constructor', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    status: { conditions: conditions(text, ['Accepted', 'Programmed']) },
  };
  const parentRef = { group: group.gateway, kind: 'Gateway', name: 'gateway' };
  const backendRefs = [{ group: group.alpha, kind: 'InferencePool', name: POOL }];
  const printable = Object.values(PAYLOADS).filter((value) => value !== '');
  const route: KubeObject = {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: meta('route', { annotations, labels }),
    spec: {
      parentRefs: [parentRef],
      rules: printable.slice(0, 15).map((value, index) => ({
        matches: [
          { headers: [{ name: `x-a${index}`, value }] },
          { path: { type: 'RegularExpression', value: '/((.*)*)*!' } },
        ],
        backendRefs,
      })),
    },
    status: {
      parents: [
        {
          parentRef,
          controllerName: 'hostile.example/x',
          conditions: conditions(text, ['Accepted', 'ResolvedRefs']),
        },
      ],
    },
  };
  const objects = [
    { ...pool, metadata: { ...pool.metadata, labels, annotations: { ...annotations, ...owner } } },
    ...printable.map((value, index) => {
      const made = model(NS, `m${index}`, POOL, { modelName: value.slice(0, 200), criticality: 'Standard' });
      return index % 3
        ? made
        : { ...made, spec: { ...made['spec'], targetModels: [{ name: value, weight: 1 }] } };
    }),
    gateway,
    route,
    role('$(touch canary)'),
    role('\u001b]52;c;QQ==\u0007'),
    role('\u202egnp.exe | a'),
    {
      apiVersion: GATEWAY_API,
      kind: 'GatewayClass',
      metadata: { name: 'constructor' },
      spec: { controllerName: 'hostile.example/x', description: '\u001b[2Jdescription' },
    },
  ] as KubeObject[];
  for (const object of objects) await create(admin, object);
  for (const object of [gateway, route]) await admin.applyStatus(object);
  for (const name of [`inferencepools.${group.alpha}`, `inferencepools.${group.v1}`])
    await admin.mergePatch(
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name },
      {
        metadata: {
          annotations: { 'inference.networking.k8s.io/bundle-version': '\u001b[31mv1\n\u202e| a' },
        },
      },
    );
  return objects.length + printable.length;
}

/** An endpoint picker of the alpha pool that reads a Secret, with all that belongs to it. */
export function picker(namespace: string, name: string, app: string): KubeObject[] {
  const metadata = { namespace, name, labels: { app } };
  const labels = { app };
  const container = {
    name: 'epp',
    image: 'registry.example/epp:v0.3.0',
    args: ['--poolName', POOL],
    env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: app, key: 'key' } } }],
  };
  const template = { metadata: { labels }, spec: { containers: [container], serviceAccountName: app } };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: app, labels } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'grpc', port: 9002 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template },
    },
  ];
}
