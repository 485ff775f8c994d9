import type { ClusterReader, ClusterWriter, DryRun } from '../api/cluster.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import type { CrdStep } from '../api/plan.ts';
import { asOften, untilKnown } from './again.ts';
import { create } from './create.ts';

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
  const kept =
    step.onlyIfAbsent === true &&
    (await create(step.manifest, step.ref, { cluster, dryRun })).outcome === 'unchanged';
  // Forced: a CRD installed by kubectl's client-side apply is owned field by field, and a bundle comes whole or not at all.
  if (step.onlyIfAbsent !== true)
    await untilKnown(() => cluster.apply(step.manifest, { dryRun, force: true }), asOften);
  if (dryRun === 'none')
    await cluster.waitFor(step.ref, isEstablished, {
      timeoutMs,
      what: `the CRD ${step.ref.name} to be established`,
    });
  return kept ? { outcome: 'unchanged', detail: 'kept: it is there' } : { outcome: 'done', detail: '' };
}

function isEstablished(crd: KubeObject | null): boolean {
  const conditions = (crd?.['status']?.conditions ?? []) as Condition[];
  return conditions.some((condition) => condition.type === 'Established' && condition.status === 'True');
}
