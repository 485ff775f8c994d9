import { canonicalJson } from '../api/json.ts';
import { WriteRefused, type ClusterReader, type ClusterWriter, type DryRun } from '../api/cluster.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation, PatchStep } from '../api/plan.ts';

const ATTEMPTS = 5;
const CONFLICT = { outcome: 'conflict', detail: 'changed by someone else meanwhile' } as const;

type Result = { readonly outcome: 'done' | 'conflict'; readonly detail: string };

/**
 * Writes the patch if the object still is what it was planned on. A status update moves the resourceVersion too; only a
 * change of the spec or of our annotation is a conflict, and then nothing is written: the caller plans again.
 */
export async function patchObject(
  step: PatchStep,
  cluster: ClusterReader & ClusterWriter,
  dryRun: DryRun,
): Promise<Result> {
  let resourceVersion = step.resourceVersion;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (resourceVersion !== '') {
      try {
        await cluster.patch(step.ref, withVersion(step.patch, resourceVersion), { dryRun });
        return { outcome: 'done', detail: '' };
      } catch (error) {
        if (!(error instanceof WriteRefused) || error.reason !== 'conflict') throw error;
      }
    }
    const live = await cluster.get(step.ref);
    if (live.state !== 'ok' || meant(live.object) !== meant(step.before)) return CONFLICT;
    resourceVersion = live.object.metadata.resourceVersion ?? '';
  }
  return CONFLICT;
}

function withVersion(patch: readonly JsonPatchOperation[], resourceVersion: string): JsonPatchOperation[] {
  const others = patch.filter((operation) => operation.path !== '/metadata/resourceVersion');
  return [{ op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }, ...others];
}

// All annotations would be too much: controllers keep notes there. All of the spec is right: we decided on all of it.
function meant(object: KubeObject): string {
  const annotations = object.metadata.annotations;
  // Whether there are annotations at all decides how ours is added.
  return canonicalJson([
    object['spec'],
    annotations?.[ORIGINAL_REFS_ANNOTATION] ?? null,
    annotations !== undefined,
  ]);
}
