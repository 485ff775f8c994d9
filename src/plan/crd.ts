import { WriteRefused, type ClusterReader, type ClusterWriter, type DryRun } from '../api/cluster.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import type { CrdStep } from '../api/plan.ts';

interface Options {
  readonly cluster: ClusterReader & ClusterWriter;
  readonly dryRun: DryRun;
  readonly timeoutMs: number;
}

/** Installs or updates a CRD and waits until its kind is served. */
export async function applyCrd(
  step: CrdStep,
  { cluster, dryRun, timeoutMs }: Options,
): Promise<{ outcome: 'done' | 'unchanged'; detail: string }> {
  const kept = step.onlyIfAbsent === true && !(await created(step, cluster, dryRun));
  // Forced: a CRD installed by kubectl's client-side apply is owned field by field, and a bundle comes whole or not at all.
  if (step.onlyIfAbsent !== true) await cluster.apply(step.manifest, { dryRun, force: true });
  if (dryRun === 'none')
    await cluster.waitFor(step.ref, isEstablished, {
      timeoutMs,
      what: `the CRD ${step.ref.name} to be established`,
    });
  return kept ? { outcome: 'unchanged', detail: 'kept: it is there' } : { outcome: 'done', detail: '' };
}

async function created(step: CrdStep, cluster: ClusterWriter, dryRun: DryRun): Promise<boolean> {
  try {
    await cluster.create(step.manifest, { dryRun });
    return true;
  } catch (error) {
    if (error instanceof WriteRefused && error.reason === 'exists') return false;
    throw error;
  }
}

function isEstablished(crd: KubeObject | null): boolean {
  const conditions = (crd?.['status']?.conditions ?? []) as Condition[];
  return conditions.some((condition) => condition.type === 'Established' && condition.status === 'True');
}
