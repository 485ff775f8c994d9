// Puts a whole cluster back to how it was: so that one lab can die a hundred times.
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeError, type Json, type Kube, type KubeObject, type KubeRef } from '../lab/kube.ts';
import { install } from '../lab/control-plane/crds.ts';
import { differences, everything } from '../e2e/everything.ts';
import { wanted } from '../e2e/support.ts';

const PATIENCE_MS = 120_000;
const BETWEEN_ROUNDS_MS = 100;

/** Every object of the cluster that is somebody's, as it is. */
export async function record(kube: Kube): Promise<KubeObject[]> {
  const objects = (await everything(kube)).filter((object) => !isKept(object));
  // Leases are the controllers' own; but not those that we claim pools by.
  const leases = await kube.list('coordination.k8s.io/v1', 'leases');
  return [...objects, ...leases.filter(({ metadata }) => metadata.name.startsWith('kubectl-infpool'))];
}

/** What controllers make by themselves comes and goes by itself. */
function isKept({ kind, metadata }: KubeObject): boolean {
  const owned = (metadata['ownerReferences'] as unknown[] | undefined)?.length;
  const made =
    (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') ||
    (kind === 'ServiceAccount' && metadata.name === 'default') ||
    (kind === 'Service' && metadata.name === 'kubernetes');
  return made || !!owned || KEPT.has(kind);
}

const KEPT = new Set([
  'ReplicaSet',
  'ControllerRevision',
  'ComponentStatus',
  'FlowSchema',
  'PriorityLevelConfiguration',
]);

/** Deletes what was not there, makes what is gone, and puts back what is different. Statuses are the controllers' affair. */
export async function rewind(kube: Kube, to: readonly KubeObject[]): Promise<void> {
  // A kind that has just come or gone is not everywhere at once: once more, until there is nothing left to do.
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const left = await once(kube, to).catch((error: unknown) => {
      bearable(error); // a kind that went while it was listed
      return NaN;
    });
    if (left === 0) return;
    if (left > 0) await sleep(BETWEEN_ROUNDS_MS);
    if (Date.now() > end)
      throw new Error(`the cluster does not get back to how it was: ${left} objects differ`);
  }
}

async function once(kube: Kube, to: readonly KubeObject[]): Promise<number> {
  const now = new Map((await record(kube)).map((object) => [keyOf(object), object]));
  const then = new Map(to.map((object) => [keyOf(object), object]));
  const extra = [...now].filter(([key]) => !then.has(key)).map(([, object]) => object);
  // Objects of a kind before the kind.
  await inTurn(
    [extra.filter(({ kind }) => !isCrd(kind)), extra.filter(({ kind }) => isCrd(kind))],
    (object) => remove(kube, object),
  );
  const missing = to.filter((object) => !now.has(keyOf(object)));
  const changed = to.filter((object) => {
    const live = now.get(keyOf(object));
    return live && differences(meant(live), meant(object)).length > 0;
  });
  await inTurn(
    [changed.filter(({ kind }) => isCrd(kind)), missing.filter(({ kind }) => isCrd(kind))],
    (object) => put(kube, object, now.get(keyOf(object))),
  );
  await inTurn([[...changed, ...missing].filter(({ kind }) => !isCrd(kind))], (object) =>
    put(kube, object, now.get(keyOf(object))),
  );
  return extra.length + missing.length + changed.length;
}

const isCrd = (kind: string) => kind === 'CustomResourceDefinition';

async function inTurn(groups: KubeObject[][], work: (object: KubeObject) => Promise<void>): Promise<void> {
  for (const group of groups) await Promise.all(group.map(work));
}

async function remove(kube: Kube, object: KubeObject): Promise<void> {
  await kube.delete(refOf(object)).catch(bearable);
}

async function put(kube: Kube, object: KubeObject, live: KubeObject | undefined): Promise<void> {
  const { metadata, status: _, ...rest } = object;
  const {
    uid: _u,
    resourceVersion: _r,
    creationTimestamp: _c,
    generation: _g,
    managedFields: _m,
    ...kept
  } = metadata;
  const { name: __, ...ref } = refOf(object);
  const collection = await collectionOf(kube, ref);
  const spec = object.kind === 'Service' ? { spec: addressed(rest['spec'] as Json, live) } : {};
  try {
    if (live)
      await kube.request('PUT', `${collection}/${encodeURIComponent(metadata.name)}`, {
        ...rest,
        ...spec,
        metadata: { ...kept, resourceVersion: live.metadata['resourceVersion'] as string },
      });
    else await kube.request('POST', collection, { ...rest, ...spec, metadata: kept });
    if (isCrd(object.kind))
      await install(kube, { ...rest, metadata: { ...kept, name: metadata.name } } as KubeObject);
  } catch (error) {
    bearable(error);
  }
}

// A Service keeps its address; a new one gets one.
function addressed(spec: Json, live: KubeObject | undefined): Json {
  const { clusterIP, clusterIPs: _, ...rest } = spec as Record<string, Json>;
  if (clusterIP === 'None') return { ...rest, clusterIP };
  const now = live?.['spec'] as Record<string, Json> | undefined;
  return now ? { ...rest, clusterIP: now['clusterIP'], clusterIPs: now['clusterIPs'] } : rest;
}

async function collectionOf(
  kube: Kube,
  { apiVersion, kind, namespace }: Omit<KubeRef, 'name'>,
): Promise<string> {
  const { plural, namespaced } = await kube.resources.find(apiVersion, kind);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${namespaced ? `/namespaces/${namespace ?? 'default'}` : ''}/${plural}`;
}

/** Gone already, there already, changed meanwhile, not served yet: the next round sees. */
function bearable(error: unknown): void {
  if (!(error instanceof KubeError) || ![404, 405, 409, 429, 503].includes(error.status)) throw error;
}

function meant(object: KubeObject): unknown {
  const { labels, annotations, rest } = wanted(object);
  if (object.kind !== 'Service') return { labels, annotations, rest };
  const { clusterIP: _, clusterIPs: __, ...spec } = rest.spec as Record<string, Json>;
  return { labels, annotations, rest: { ...(rest as Record<string, Json>), spec } };
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}
