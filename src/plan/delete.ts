import { canonicalJson } from '../api/json.ts';
import { WriteRefused, type ClusterReader, type ClusterWriter, type DryRun } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { DeleteStep } from '../api/plan.ts';
import { describeRef } from '../api/ref.ts';
import { CRD, groupOf, resourceOf } from '../api/resource.ts';

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
  for (let attempt = 1; ; attempt++) {
    const live = await cluster.get(step.ref);
    if (live.state === 'absent') return { outcome: 'unchanged', detail: 'already gone' };
    if (live.state !== 'ok')
      throw new UserError(
        `${describeRef(step.ref)} was not deleted: it could not be read (${live.message}).`,
        {
          exitCode: EXIT.refused,
        },
      );
    const { uid, resourceVersion } = live.object.metadata;
    if (!sameIntent(live.object, step.before))
      throw new UserError(
        `${describeRef(step.ref)} was not deleted: someone changed it after the plan was made.`,
        {
          exitCode: EXIT.refused,
          hint: 'Run this again to look at it as it is now; the backup then holds the change too.',
        },
      );
    try {
      await cluster.delete(step.ref, {
        dryRun,
        ...(uid === undefined ? {} : { uid }),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      });
      break;
    } catch (error) {
      // A status update moves resourceVersion too: look again, and go on only if nothing else changed.
      if (!(error instanceof WriteRefused)) throw error;
      if (error.reason === 'absent') return { outcome: 'unchanged', detail: 'already gone' };
      if (error.reason !== 'conflict' || attempt === ATTEMPTS) throw error;
    }
  }
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

// The last look before what can't be taken back: a CRD takes every object of it along, in every namespace.
async function refuseWhileInUse(step: DeleteStep, cluster: ClusterReader): Promise<void> {
  const spec = step.before['spec'] as { group?: string; names?: { kind?: string } } | undefined;
  const resource = resourceOf(spec?.group ?? '', spec?.names?.kind ?? '');
  const list = resource
    ? await cluster.list(resource, '')
    : { state: 'failed' as const, message: 'unknown kind' };
  if (list.state === 'notInstalled') return;
  if (list.state === 'ok' && list.items.length === 0) return;
  const why =
    list.state === 'ok'
      ? `${list.items.length} object${list.items.length === 1 ? ' is' : 's are'} left`
      : `its objects could not be listed (${list.message})`;
  throw new UserError(`The CRD ${step.ref.name} was not deleted: ${why}.`, {
    exitCode: EXIT.refused,
    hint: `kubectl get ${step.ref.name} --all-namespaces`,
  });
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
