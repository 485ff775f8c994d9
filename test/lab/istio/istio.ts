// Istio's own controller, which decides and writes every status. Its proxies aren't there: the lab's data plane
// serves the Gateways in their place, and each gets the Service that Istio's own deployer would have made.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installCrds } from '../control-plane/crds.ts';
import { freePort } from '../control-plane/ports.ts';
import { hold } from '../control-plane/protocol.ts';
import { kubeconfigFile } from '../control-plane/users.ts';
import { dirOf } from '../data-plane/pickers.ts';
import { listenersOf } from '../gateway/attach.ts';
import type { GatewayOptions } from '../gateway/controller.ts';
import { parseManifests, type Kube, type KubeObject } from '../kube.ts';
import { moduleDir } from '../parts/modules.ts';
import { ensureParts } from '../parts/parts.ts';
import { istio } from '../parts/versions.ts';
import { until } from '../scenarios/wait.ts';

export const ISTIO_CONTROLLER = 'istio.io/gateway-controller';
/** The GatewayClass that Istio makes by itself. */
export const ISTIO_CLASS = 'istio';
const NAMESPACE = 'istio-system';

export interface Istio {
  stop(): Promise<void>;
}

/** Returns when its GatewayClass is accepted. Brings the Gateway API's CRDs where they are missing. */
export async function startIstio(kube: Kube): Promise<Istio> {
  const { 'pilot-discovery': program } = await ensureParts(['pilot-discovery']);
  const name = 'gatewayclasses.gateway.networking.k8s.io';
  const crds = 'apiextensions.k8s.io/v1';
  if (!(await kube.get({ apiVersion: crds, kind: 'CustomResourceDefinition', name })))
    await installCrds(kube, ['gateway-api']);
  await installIstioCrds(kube);
  await kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const dir = dirOf(kube);
  const folder = join(dir, 'istio');
  mkdirSync(folder, { recursive: true });
  const mesh = join(folder, 'mesh');
  writeFileSync(mesh, '{}\n');
  const loopback = async () => `127.0.0.1:${await freePort()}`;
  const listens = ['--httpAddr', '--grpcAddr', '--secureGRPCAddr', '--httpsAddr', '--monitoringAddr'];
  const args = ['discovery', '--kubeconfig', kubeconfigFile(dir, 'admin'), '--meshConfig', mesh];
  for (const flag of listens) args.push(flag, await loopback());
  args.push('--ctrlz_address', '127.0.0.1', '--ctrlz_port', String(await freePort()));
  args.push('--shutdownDuration', '100ms');
  const held = await hold(dir, { name: 'istiod', program, args, env: environment(folder) });
  let running = true;
  void held.exited.then(() => (running = false));
  await until('Istio to accept its GatewayClass', async () => {
    if (!running) throw new Error('istiod has ended; see istiod.log');
    const apiVersion = 'gateway.networking.k8s.io/v1';
    const found = await kube.get({ apiVersion, kind: 'GatewayClass', name: ISTIO_CLASS });
    const conditions = (found?.['status']?.conditions ?? []) as { type: string; status: string }[];
    return conditions.some(({ type, status }) => type === 'Accepted' && status === 'True');
  });
  return { stop: () => held.stop() };
}

function environment(home: string): Record<string, string> {
  return {
    HOME: home,
    PATH: process.env['PATH'] ?? '',
    POD_NAMESPACE: NAMESPACE,
    POD_NAME: 'istiod-1',
    ENABLE_GATEWAY_API_INFERENCE_EXTENSION: 'true',
    PILOT_ENABLE_GATEWAY_API: 'true',
    PILOT_ENABLE_GATEWAY_API_STATUS: 'true',
    PILOT_CERT_PROVIDER: 'istiod',
    // No webhooks: nothing could reach them.
    INJECTION_WEBHOOK_CONFIG_NAME: '',
    VALIDATION_WEBHOOK_CONFIG_NAME: '',
  };
}

async function installIstioCrds(kube: Kube): Promise<void> {
  const file = join(await moduleDir(istio), 'manifests/charts/base/files/crd-all.gen.yaml');
  await Promise.all(parseManifests(readFileSync(file, 'utf8')).map((crd) => install(kube, crd)));
}

/** The lab's gateway as Istio's proxies: serves what Istio serves, and leaves the talking to Istio. */
export function istioProxies(kube: Kube): Partial<GatewayOptions> {
  return {
    controllerName: ISTIO_CONTROLLER,
    serves: 'v1',
    healthChecks: false,
    writesStatuses: false,
    onServed: (gateway, address) => announce(kube, gateway, address),
  };
}

/** Istio says a Gateway is programmed, and where, by the Service `<gateway>-istio` and its endpoints. */
async function announce(kube: Kube, gateway: KubeObject, address: string): Promise<void> {
  const { name, namespace, uid } = gateway.metadata;
  const service = `${name}-istio`;
  const ref = { apiVersion: 'v1', kind: 'Service', name: service, namespace: namespace ?? 'default' };
  const before = await kube.get(ref);
  if (before?.['status']?.loadBalancer?.ingress?.[0]?.ip === address) return;
  const ownerReferences = [
    { apiVersion: gateway.apiVersion, kind: 'Gateway', name, uid: uid as string, controller: true },
  ];
  const metadata = { name: service, namespace: namespace ?? 'default', ownerReferences };
  const ports = [...new Set(listenersOf(gateway).map(({ port }) => port))];
  const made = await kube.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'LoadBalancer', ports: ports.map((port) => ({ name: `http-${port}`, port })) },
  });
  await kube.apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    // Endpoints refuse loopback addresses; nobody goes there.
    endpoints: [{ addresses: [address.replace(/^127\./, '10.')], conditions: { ready: true } }],
    ports: ports.map((port) => ({ name: `http-${port}`, port })),
  });
  await kube.applyStatus({ ...made, status: { loadBalancer: { ingress: [{ ip: address }] } } });
}
