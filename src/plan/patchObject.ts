import { canonicalJson } from '../api/json.ts';
import { covers } from '../api/covers.ts';
import { EXIT, UserError } from '../api/errors.ts';
import {
  WriteRefused,
  WriteUnknown,
  type ClusterReader,
  type ClusterWriter,
  type DryRun,
} from '../api/cluster.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation, PatchStep } from '../api/plan.ts';
import { isUnread } from '../api/read.ts';
import { describeRef } from '../api/ref.ts';
import { pause, TRIES } from './again.ts';

const ATTEMPTS = 5;
const DONE = { outcome: 'done', detail: '' } as const;
const CONFLICT = { outcome: 'conflict', detail: 'changed by someone else meanwhile' } as const;

type Result = { readonly outcome: 'done' | 'conflict'; readonly detail: string };

/**
 * Writes the patch if the object still is what it was planned on. A status update moves the resourceVersion too; only a
 * change of the spec or of our annotation is a conflict, and then nothing is written: the caller plans again. A write whose
 * answer was lost is looked for before it is made again.
 */
export async function patchObject(
  step: PatchStep,
  cluster: ClusterReader & ClusterWriter,
  dryRun: DryRun,
): Promise<Result> {
  let resourceVersion = step.resourceVersion;
  let doubts = 0;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const failed = resourceVersion === '' ? null : await write(step, resourceVersion, cluster, dryRun);
    if (failed === DONE) return DONE;
    const live = await cluster.get(step.ref);
    if (failed instanceof WriteUnknown) {
      if (isUnread(live)) throw failed;
      if (live.state === 'ok' && meant(live.object) === meant(step.after)) return DONE;
      if (++doubts === TRIES) throw failed;
      await pause(doubts);
    }
    if (live.state !== 'ok' || meant(live.object) !== meant(step.before)) return CONFLICT;
    if (failed instanceof WriteRefused && failed.reason === 'invalid') throw failed;
    resourceVersion = live.object.metadata.resourceVersion ?? '';
  }
  return CONFLICT;
}

/** @returns what the next look has to explain */
async function write(
  step: PatchStep,
  resourceVersion: string,
  cluster: ClusterWriter,
  dryRun: DryRun,
): Promise<typeof DONE | WriteUnknown | WriteRefused> {
  try {
    const stored = await cluster.patch(step.ref, withVersion(step.patch, resourceVersion), { dryRun });
    refuseOtherThanSent(step, stored);
    return DONE;
  } catch (error) {
    if (error instanceof WriteUnknown) return error;
    // The API server applies a patch before it compares versions: a path that someone took away is a 422.
    if (error instanceof WriteRefused && ['conflict', 'invalid'].includes(error.reason)) return error;
    throw error;
  }
}

/**
 * A webhook or policy of the cluster may change what is written before it is stored, and the server answers with success.
 * What it adds is its own affair; what it changes was not done.
 */
function refuseOtherThanSent(step: PatchStep, stored: KubeObject): void {
  const other = otherwise(stored['spec'], step.after['spec'], 'spec');
  if (other === null) return;
  throw new UserError(
    `${describeRef(step.ref)} was written, but the API server stored something else than it was sent: ${other}. An admission webhook or policy of the cluster changes it.`,
    {
      exitCode: EXIT.refused,
      hint: 'Look which: kubectl get mutatingwebhookconfigurations,mutatingadmissionpolicies -o wide; when it leaves this object alone, run this again: it goes on where it stopped.',
    },
  );
}

/** The first field that was sent and is not what is stored, in words; null where there is none. */
function otherwise(stored: unknown, sent: unknown, path: string): string | null {
  if (covers(stored, sent)) return null;
  if (sent !== null && typeof sent === 'object' && stored !== null && typeof stored === 'object') {
    const sameLength = !Array.isArray(sent) || (Array.isArray(stored) && stored.length === sent.length);
    for (const [key, value] of sameLength ? Object.entries(sent) : []) {
      const inner = Array.isArray(sent) ? `${path}[${key}]` : `${path}.${key}`;
      const found = otherwise((stored as Record<string, unknown>)[key], value, inner);
      if (found !== null) return found;
    }
  }
  const words = [sent, stored].map((value) => (JSON.stringify(value) ?? 'nothing').slice(0, MOST_SHOWN));
  return `${path} is ${words[1]}, not ${words[0]}`;
}

const MOST_SHOWN = 200;

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
