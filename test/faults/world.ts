// Namespaces in which nothing moves but what a command moves: objects as controllers leave them, and no controllers. So
// a state is a list of objects, and can be put back in a moment.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { V1, wanted } from '../e2e/support.ts';
import { fixture, fixtureNames } from '../lab/scenarios/fixtures.ts';
import { installGkeCrds } from '../lab/scenarios/building-blocks.ts';
import { collectionPath } from '../lab/control-plane/objects.ts';
import { parseManifests, type Json, type Kube, type KubeObject } from '../lab/kube.ts';
import type { Lab } from '../lab/lab.ts';
import { playControllers } from './controllers.ts';

/** Everything that a command may write in a namespace, or that decides on what it writes. */
const KINDS = [
  ['v1', 'services'],
  ['v1', 'pods'],
  ['v1', 'configmaps'],
  ['apps/v1', 'deployments'],
  ['discovery.k8s.io/v1', 'endpointslices'],
  ['gateway.networking.k8s.io/v1', 'gateways'],
  ['gateway.networking.k8s.io/v1', 'httproutes'],
  ['inference.networking.k8s.io/v1', 'inferencepools'],
  ['inference.networking.x-k8s.io/v1alpha2', 'inferencepools'],
  ['inference.networking.x-k8s.io/v1alpha2', 'inferencemodels'],
  ['inference.networking.x-k8s.io/v1alpha2', 'inferenceobjectives'],
  ['networking.gke.io/v1', 'healthcheckpolicies'],
  ['networking.gke.io/v1', 'gcpbackendpolicies'],
] as const;

/** By `apiVersion kind name`, as it is to be. */
export type State = ReadonlyMap<string, KubeObject>;

/** The words in `stack.yaml` that become a namespace of their own; all of one length, so that tables are as wide. */
const TOKEN = 'faults';

export async function prepare(lab: Lab): Promise<() => void> {
  await lab.installCrds(['gateway-api', 'gie-v0.3.0', 'gie-v1.0.0']);
  await installGkeCrds(lab.admin);
  for (const object of parseManifests(fixture('gateway-class', fixtureNames))) await lab.admin.apply(object);
  return playControllers(lab.admin);
}

/** The fixture's objects in a namespace of that name. With or without the v1 side; its endpoint picker runs anyway. */
export function stack(namespace: string, { v1 }: { v1: boolean }): State {
  const text = readFileSync(new URL('stack.yaml', import.meta.url), 'utf8').replaceAll(TOKEN, namespace);
  const objects = parseManifests(text).filter((object) => v1 || !isV1(object));
  return stateOf(objects);
}

function isV1({ apiVersion, kind, metadata }: KubeObject): boolean {
  const policy = apiVersion.startsWith('networking.gke.io/') && metadata.name.endsWith('-ga');
  return policy || kind === 'InferenceObjective' || apiVersion === V1;
}

export function stateOf(objects: readonly KubeObject[]): State {
  return new Map(objects.map((object) => [keyOf(object), object]));
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.name}`;
}

/** What is there now. A kind that is not installed has no objects. */
export async function read(kube: Kube, namespace: string): Promise<State> {
  const lists = await Promise.all(
    KINDS.map(([apiVersion, plural]) => listed(kube, apiVersion, plural, namespace)),
  );
  return stateOf(lists.flat().filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt'));
}

async function listed(
  kube: Kube,
  apiVersion: string,
  plural: string,
  namespace: string,
): Promise<KubeObject[]> {
  for (;;) {
    try {
      return await kube.list(apiVersion, plural, namespace);
    } catch (error) {
      const { status } = error as { status?: number };
      if (status === 404) return [];
      // A CRD that was just installed: "storage is (re)initializing".
      if (status !== 429) throw error;
      await sleep(25);
    }
  }
}

/** What somebody wants of each object, as text, for comparing. */
export function meaning(state: State): Map<string, string> {
  return new Map([...state].map(([key, object]) => [key, JSON.stringify(sorted(wanted(clean(object))))]));
}

/** Makes what is there the state that is wanted, writing only what differs; a state that was read differs in nothing. */
export async function put(kube: Kube, namespace: string, state: State): Promise<void> {
  const [now, then] = [await read(kube, namespace), meaning(state)];
  const is = meaning(now);
  await Promise.all([
    ...[...now].filter(([key]) => !state.has(key)).map(([, object]) => remove(kube, object)),
    ...[...state].map(([key, object]) => {
      const there = now.get(key);
      if (!there) return create(kube, object);
      const same = is.get(key) === then.get(key) && there.metadata['deletionTimestamp'] === undefined;
      return same ? undefined : replace(kube, object, there);
    }),
  ]);
}

async function remove(kube: Kube, object: KubeObject): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const ref = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace ?? '' };
  // No kubelet ends the pods.
  const options = { propagationPolicy: 'Background', gracePeriodSeconds: 0 };
  if (kind === 'Pod')
    await kube.request('DELETE', `${await collection(kube, object)}/${metadata.name}`, options);
  else await kube.delete(ref);
}

async function collection(kube: Kube, { apiVersion, kind, metadata }: KubeObject): Promise<string> {
  const { plural } = await kube.resources.find(apiVersion, kind);
  return collectionPath(apiVersion, plural, metadata.namespace);
}

async function replace(kube: Kube, object: KubeObject, there: KubeObject): Promise<void> {
  await remove(kube, there);
  await create(kube, object);
}

async function create(kube: Kube, object: KubeObject): Promise<void> {
  const path = await collection(kube, object);
  const { status, ...manifest } = clean(object);
  await kube.request('POST', `${path}?fieldManager=kubectl-create`, manifest);
  if (status === undefined || object.kind === 'Service') return;
  const headers = { 'content-type': 'application/merge-patch+json' };
  await kube.request('PATCH', `${path}/${object.metadata.name}/status`, { status }, headers);
}

/** Without what the server gives: it takes none of that back. */
function clean(object: KubeObject): KubeObject {
  const { name, namespace, labels, annotations } = object.metadata;
  const metadata: Json = {
    name,
    namespace,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  if (object.kind !== 'Service') return { ...object, metadata };
  const { clusterIP: _, clusterIPs: __, ...spec } = object['spec'] as Json;
  return { ...object, metadata, spec };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}
