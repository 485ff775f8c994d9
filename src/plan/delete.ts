import { canonicalJson } from '../api/json.ts';
import { shellWord } from '../api/shellWord.ts';
import {
  WriteRefused,
  WriteUnknown,
  type ClusterReader,
  type ClusterWriter,
  type DryRun,
} from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { DeleteStep } from '../api/plan.ts';
import type { ListRead } from '../api/read.ts';
import { describeRef } from '../api/ref.ts';
import { CRD, groupOf, resourceOf } from '../api/resource.ts';
import { pause, TRIES } from './again.ts';

interface Options {
  readonly cluster: ClusterReader & ClusterWriter;
  readonly dryRun: DryRun;
  readonly timeoutMs: number;
}

const ATTEMPTS = 5;

/** Deletes an object exactly as it was when it was decided on, and waits until it is gone. Gone already is success. */
export async function deleteObject(
  step: DeleteStep,
  { cluster, dryRun, timeoutMs }: Options,
): Promise<{ outcome: 'done' | 'unchanged'; detail: string }> {
  // In a dry run the objects whose deletion was tried before are still there.
  if (step.ref.kind === CRD.kind && dryRun === 'none') await refuseWhileInUse(step, cluster);
  const gone = await send(step, cluster, dryRun);
  if (gone) return gone;
  if (dryRun === 'none')
    await cluster.waitFor(
      step.ref,
      (object) => object === null || object.metadata.uid !== step.before.metadata.uid,
      {
        timeoutMs,
        what: `${describeRef(step.ref)} to be gone`,
      },
    );
  return { outcome: 'done', detail: '' };
}

type Gone = { readonly outcome: 'done' | 'unchanged'; readonly detail: string };

const ALREADY: Gone = { outcome: 'unchanged', detail: 'already gone' };

/** Null once the server has it: the object is on its way out. */
async function send(
  step: DeleteStep,
  cluster: ClusterReader & ClusterWriter,
  dryRun: DryRun,
): Promise<Gone | null> {
  let doubt: WriteUnknown | null = null;
  for (let attempt = 1; ; attempt++) {
    const live = await cluster.get(step.ref);
    if (live.state === 'absent') return doubt ? { outcome: 'done', detail: '' } : ALREADY;
    if (live.state !== 'ok') throw doubt ?? unread(step, live.message);
    if (doubt && isLeaving(live.object, step.before)) return null;
    if (!sameIntent(live.object, step.before)) throw changed(step);
    try {
      await cluster.delete(step.ref, { dryRun, ...preconditions(live.object) });
      return null;
    } catch (error) {
      if (!mayLookAgain(error, attempt)) throw error;
      if (!(error instanceof WriteUnknown)) continue;
      doubt = error;
      await pause(attempt);
    }
  }
}

function mayLookAgain(error: unknown, attempt: number): boolean {
  if (error instanceof WriteUnknown) return attempt < TRIES;
  if (!(error instanceof WriteRefused) || attempt === ATTEMPTS) return false;
  // A status update moves resourceVersion too: go on only if nothing else changed. And one 404, which may be of something in
  // between, does not say that it is gone: the next look does.
  return error.reason === 'conflict' || error.reason === 'absent';
}

// Deleted, or another one has its name already.
function isLeaving({ metadata }: KubeObject, before: KubeObject): boolean {
  return metadata.uid !== before.metadata.uid || metadata['deletionTimestamp'] !== undefined;
}

function preconditions({ metadata: { uid, resourceVersion } }: KubeObject) {
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function unread(step: DeleteStep, why: string): UserError {
  return new UserError(`${describeRef(step.ref)} was not deleted: it could not be read (${why}).`, {
    exitCode: EXIT.refused,
  });
}

function changed(step: DeleteStep): UserError {
  return new UserError(
    `${describeRef(step.ref)} was not deleted: someone changed it after the plan was made.`,
    {
      exitCode: EXIT.refused,
      hint: 'Run this again to look at it as it is now; the backup then holds the change too.',
    },
  );
}

interface CrdSpec {
  readonly group?: string;
  readonly names?: { readonly kind?: string };
  readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
}

// The last look before what can't be taken back: a CRD takes every object of it along, in every namespace.
async function refuseWhileInUse(step: DeleteStep, cluster: ClusterReader): Promise<void> {
  const list = await objectsOf((step.before['spec'] ?? {}) as CrdSpec, cluster);
  if (list.state === 'ok' && list.items.length === 0) return;
  if (list.state === 'notInstalled' && (await isGone(step, cluster))) return;
  const why =
    list.state === 'ok'
      ? `${list.items.length} object${list.items.length === 1 ? ' is' : 's are'} left`
      : `its objects could not be listed (${list.state === 'notInstalled' ? 'the API server does not serve them' : list.message})`;
  throw new UserError(`The CRD ${step.ref.name} was not deleted: ${why}.`, {
    exitCode: EXIT.refused,
    hint: `kubectl get ${shellWord(step.ref.name)} --all-namespaces`,
  });
}

/** Of a CRD from another release under a version that it serves: any of them lists all objects. */
function objectsOf({ group = '', names, versions }: CrdSpec, cluster: ClusterReader): Promise<ListRead> {
  const resource = resourceOf(group, names?.kind ?? '');
  if (!resource) return Promise.resolve({ state: 'failed', message: 'unknown kind' });
  const served = versions?.filter(({ served }) => served !== false).map(({ name }) => name ?? '');
  if (served === undefined || served.includes(resource.version)) return cluster.list(resource, '');
  const [version] = served;
  return version === undefined
    ? Promise.resolve({ state: 'failed', message: 'it serves no version' })
    : cluster.list({ ...resource, version }, '');
}

// Where a kind is not served, its CRD may be gone by now; while it is there, its objects may be.
async function isGone(step: DeleteStep, cluster: ClusterReader): Promise<boolean> {
  const live = await cluster.get(step.ref);
  return live.state === 'absent' || (live.state === 'ok' && isLeaving(live.object, step.before));
}

// Status and bookkeeping move by themselves; everything else is what somebody wants.
function sameIntent(live: KubeObject, before: KubeObject): boolean {
  return live.metadata.uid === before.metadata.uid && intent(live) === intent(before);
}

function intent(object: KubeObject): string {
  const { status: _status, metadata, ...rest } = object;
  const isDeployment = groupOf(object.apiVersion) === 'apps';
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    // Written by the deployment controller, not by anyone who wants something.
    ([key]) => !(isDeployment && key === 'deployment.kubernetes.io/revision'),
  );
  return canonicalJson([rest, metadata.labels ?? {}, Object.fromEntries(annotations)]);
}
