// Everything at once that can point at an alpha pool, in three namespaces, and what only looks as if it did.
import { readFileSync } from 'node:fs';
import { install } from '../control-plane/crds.ts';
import type { Lab } from '../lab.ts';
import { parseManifests, type KubeObject } from '../kube.ts';
import { chartDir } from '../parts/modules.ts';
import { ensurePreviewCrds, gatewayUrl, ready, serving } from './building-blocks.ts';
import { apply, helm, kubectl } from './commands.ts';
import { fixture, fixtureObjects, toYaml } from './fixtures.ts';
import { until } from './wait.ts';

export interface References {
  /** base URL of the Gateway, through which all routes go */
  url: string;
}

const folder = new URL('../../fixtures/scenarios/', import.meta.url);
const text = (name: string) => readFileSync(new URL(`references/${name}.yaml`, folder), 'utf8');

/** The YAML of a part of it: `stays`, `reported`, … */
export const referencesFixture = (name: string): KubeObject[] => parseManifests(text(name));

/** Stand-ins for CRDs of others, beyond GKE's. */
const OTHERS = ['aigateway.envoyproxy.io', 'keda.sh', 'monitoring.coreos.com', 'networking.istio.io'];

/** Needs the players; returns when every route is served. */
export async function references(lab: Lab): Promise<References> {
  await ensurePreviewCrds(lab);
  // A team that runs v1 already has brought a later release, over which the alpha kinds are as they were.
  await lab.installCrds(['gie-v1.3.1']);
  const crds = OTHERS.map((group) => readFileSync(new URL(`crds/${group}.yaml`, folder), 'utf8'));
  await Promise.all(crds.flatMap(parseManifests).map((crd) => install(lab.admin, crd)));
  await apply(lab, text('namespaces'));
  const parts = ['code-pool', 'chat-models', 'beside', 'routes', 'reported', 'stays'].map(text);
  const servers = [serversOf('models', 'chat-vllm', 2), serversOf('models', 'code-vllm', 1)];
  servers.push(serversOf('edge', 'classic-vllm', 1));
  await Promise.all([
    chart(lab),
    apply(lab, [fixture('gateway-class'), toYaml(servers), ...parts].join('---\n')),
  ]);
  // The user's own value in what the chart made.
  const patch = JSON.stringify({ spec: { default: { timeoutSec: 999 } } });
  const policy = 'gcpbackendpolicies.networking.gke.io/chat-preview';
  await kubectl(lab, ['patch', policy, '-n', 'models', '--type=merge', '-p', patch]);

  const deployments = ['chat-vllm', 'code-vllm', 'chat-preview-epp', 'code-pool-epp'];
  await Promise.all([
    ready(lab, 'models', { deployments }),
    ready(lab, 'edge', { deployments: ['classic-vllm'], gateway: 'shared-gateway', route: 'llm' }),
    ready(lab, 'web', { route: 'assistant' }),
  ]);
  await endpointsOf(lab, 'edge', 'classic', 'classic-vllm');
  const url = await gatewayUrl(lab, 'edge', 'shared-gateway');
  await serving(url, 'food-review');
  await until('the classic servers to be asked', async () => {
    const headers = { 'x-use': 'copied', 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'food-review', prompt: 'hi' });
    return (await fetch(`${url}/v1/completions`, { method: 'POST', headers, body })).ok;
  });
  return { url };
}

// The lab's model servers have loopback addresses, which endpoints refuse: by its targetRef the pod is found all the same.
async function endpointsOf(lab: Lab, namespace: string, service: string, app: string): Promise<void> {
  const pods = await lab.admin.list('v1', 'pods', namespace);
  const behind = pods.filter(({ metadata }) => metadata['labels']?.app === app);
  await lab.admin.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: service, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: behind.map(({ metadata: { name }, status }) => ({
      addresses: [(status.podIP as string).replace(/^127\./, '10.')],
      conditions: { ready: true },
      targetRef: { kind: 'Pod', namespace, name },
    })),
    ports: [{ name: 'http', port: 8000 }],
  });
}

function serversOf(namespace: string, app: string, replicas: number): KubeObject {
  const [deployment] = fixtureObjects('model-servers', { release: app, app });
  const { metadata, spec } = deployment!;
  return { ...deployment!, metadata: { ...metadata, namespace }, spec: { ...spec, replicas } };
}

async function chart(lab: Lab): Promise<void> {
  const values = ['inferencePool.modelServers.matchLabels.app=chat-vllm', 'provider.name=gke'];
  const sets = values.flatMap((value) => ['--set', value]);
  const name = ['upgrade', '--install', 'chat-preview', await chartDir('v0.3.0')];
  await helm(lab, [...name, '--namespace', 'models', ...sets]);
}
