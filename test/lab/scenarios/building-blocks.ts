// What scenarios and specs are put together from.
import { readFileSync } from 'node:fs';
import { install } from '../control-plane/crds.ts';
import { PORT_ANNOTATION } from '../gateway/planes.ts';
import type { Kube } from '../kube.ts';
import type { CrdSet, Lab } from '../lab.ts';
import { parseManifests } from '../kube.ts';
import { kubectl } from './commands.ts';
import { deploymentReady, gatewayProgrammed, routeAccepted, until, waitFor } from './wait.ts';

/** The stand-ins for GKE's and Managed Prometheus' CRDs. */
export async function installGkeCrds(kube: Kube): Promise<void> {
  const folder = new URL('../../fixtures/scenarios/crds/', import.meta.url);
  const texts = ['networking.gke.io', 'monitoring.googleapis.com'].map((group) =>
    readFileSync(new URL(`${group}.yaml`, folder), 'utf8'),
  );
  await Promise.all(texts.flatMap(parseManifests).map((crd) => install(kube, crd)));
}

/** The CRDs of a preview on GKE, left alone where any of their kind is installed (a later release's, say). */
export async function ensurePreviewCrds(lab: Lab): Promise<void> {
  const has = async (name: string) =>
    (await lab.admin.get({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name,
    })) !== undefined;
  const [gatewayApi, pools, models, gke] = await Promise.all([
    has('httproutes.gateway.networking.k8s.io'),
    has('inferencepools.inference.networking.x-k8s.io'),
    has('inferencemodels.inference.networking.x-k8s.io'),
    has('healthcheckpolicies.networking.gke.io'),
  ]);
  const sets: CrdSet[] = [];
  if (!gatewayApi) sets.push('gateway-api');
  if (!pools || !models) sets.push('gie-v0.3.0');
  await Promise.all([lab.installCrds(sets), ...(gke ? [] : [installGkeCrds(lab.admin)])]);
}

export async function ensureNamespace(lab: Lab, name: string): Promise<void> {
  await lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Waits until Deployments, a Gateway and a route say that they work. */
export async function ready(
  lab: Lab,
  namespace: string,
  what: { deployments?: string[]; gateway?: string; route?: string },
): Promise<void> {
  const { deployments = [], gateway, route } = what;
  const ref = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, name, namespace });
  const gatewayApi = 'gateway.networking.k8s.io/v1';
  await Promise.all([
    ...deployments.map((name) => waitFor(lab.admin, ref('apps/v1', 'Deployment', name), deploymentReady)),
    gateway && waitFor(lab.admin, ref(gatewayApi, 'Gateway', gateway), gatewayProgrammed),
    route && waitFor(lab.admin, ref(gatewayApi, 'HTTPRoute', route), routeAccepted),
  ]);
}

/** The base URL of a Gateway, from its status (and the lab's annotation where the port is another). */
export async function gatewayUrl(lab: Lab, namespace: string, name: string): Promise<string> {
  const ref = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', name, namespace };
  const gateway = await waitFor(lab.admin, ref, gatewayProgrammed);
  const port = (gateway.metadata['annotations']?.[PORT_ANNOTATION] ??
    gateway['spec'].listeners[0].port) as string;
  return `http://${gateway['status'].addresses[0].value}:${port}`;
}

export interface Completion {
  status: number;
  /** `group/namespace/name` of the pool that served */
  pool: string | null;
  pod: string | null;
  body: string;
}

/** The manual's own probe: `POST /v1/completions`. */
export async function complete(url: string, model: string, path = '/v1/completions'): Promise<Completion> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, prompt: 'What is the best pizza?', max_tokens: 100, temperature: 0 }),
  });
  const { status, headers } = response;
  return {
    status,
    pool: headers.get('x-served-pool'),
    pod: headers.get('x-pod'),
    body: await response.text(),
  };
}

/** Waits until a request is served: endpoints come a moment after everything says that it is ready. */
export function serving(url: string, model: string, path?: string): Promise<Completion> {
  return until(`a completion of ${model} from ${url}`, async () => {
    const completion = await complete(url, model, path);
    if (completion.status !== 200) throw new Error(`${completion.status}: ${completion.body.trim()}`);
    return completion;
  });
}

/** Every object of some kinds, as `kubectl get -o json` shows them, for comparing clusters. */
export async function snapshot(lab: Lab, kinds: string[], namespace: string): Promise<unknown[]> {
  const out = await kubectl(lab, ['get', kinds.join(','), '--namespace', namespace, '-o', 'json']);
  return (JSON.parse(out) as { items: unknown[] }).items;
}
