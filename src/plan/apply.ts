import {
  WriteRefused,
  type ClusterReader,
  type ClusterWriter,
  type DryRun,
  type Helm,
} from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import { kubectl } from '../api/kubectl.ts';
import type { HelmStep, Plan, Step, WaitStep } from '../api/plan.ts';
import { refKey, type Ref } from '../api/ref.ts';
import { asOften, untilKnown } from './again.ts';
import { applyCrd } from './crd.ts';
import { create } from './create.ts';
import { deleteObject } from './delete.ts';
import { runHelm } from './helm.ts';
import { patchObject } from './patchObject.ts';

/**
 * What became of a step. `conflict`: someone changed the object since it was read; nothing was written. `notChecked`, in a
 * dry run: whether the API server would take it is not known.
 */
export type Outcome = 'done' | 'unchanged' | 'conflict' | 'notChecked';

export interface StepReport {
  readonly step: Step;
  readonly outcome: Outcome;
  /** A few words where there is something to say: "already gone", "kept: it exists". */
  readonly detail: string;
}

export interface ApplyOptions {
  readonly cluster: ClusterReader & ClusterWriter;
  readonly helm: Helm;
  readonly dryRun: DryRun;
  /** For each wait. Milliseconds. */
  readonly timeoutMs: number;
  /** Waits for conditions that only those who know the kinds can judge. */
  readonly waitFor: (step: WaitStep) => Promise<void>;
  readonly onStart: (step: Step) => void;
  readonly onEnd: (report: StepReport) => void;
  /** What comes after a step that met someone's change is not done, but for a dry run: for who does not plan again. */
  readonly stopAtConflict?: boolean | undefined;
}

/** Carries out a plan, in order; stops at the first step that fails. The only function of ours that writes. */
export async function applyPlan(plan: Plan, options: ApplyOptions): Promise<{ conflicts: Ref[] }> {
  const conflicts: Ref[] = [];
  const missing = new Missing();
  const dry = options.dryRun === 'server';
  for (const step of plan.steps) {
    options.onStart(step);
    const report =
      dry && missing.needs(step)
        ? { step, outcome: 'notChecked' as const, detail: 'an earlier step would make what it needs' }
        : await applyStep(step, options);
    if (report.outcome === 'conflict') conflicts.push(step.ref);
    if (dry) missing.note(report);
    options.onEnd(report);
    if (options.stopAtConflict && !dry && conflicts.length > 0) break;
  }
  return { conflicts };
}

// What the steps of a dry run would have made: the server can't check what builds on it.
class Missing {
  readonly #kinds = new Set<string>();
  readonly #objects = new Set<string>();

  note({ step, outcome }: StepReport): void {
    if (step.action === 'crd' && !step.live && outcome === 'done') {
      const spec = step.manifest['spec'] as { group?: string; names?: { kind?: string } } | undefined;
      this.#kinds.add(`${spec?.group}/${spec?.names?.kind}`);
    }
    if (step.action === 'helm' && step.verb === 'install' && outcome !== 'unchanged')
      this.#objects.add(refKey(step.ref));
  }

  needs(step: Step): boolean {
    if (step.action === 'patch' || step.action === 'patchRoute') return step.resourceVersion === '';
    if (step.action !== 'apply' && step.action !== 'create' && step.action !== 'helm') return false;
    if (this.#kinds.has(`${step.ref.group}/${step.ref.kind}`)) return true;
    return step.action === 'apply' && !step.live && this.#objects.has(refKey(step.ref));
  }
}

async function applyStep(step: Step, options: ApplyOptions): Promise<StepReport> {
  try {
    return { step, ...(await carryOut(step, options)) };
  } catch (error) {
    if (error instanceof WriteRefused) refused(step, error);
    throw error;
  }
}

type Result = Pick<StepReport, 'outcome' | 'detail'>;

async function carryOut(step: Step, options: ApplyOptions): Promise<Result> {
  const { cluster, dryRun } = options;
  switch (step.action) {
    case 'apply': {
      const how = { dryRun, ...(step.force ? { force: true } : {}) };
      const after = await untilKnown(() => cluster.apply(step.manifest, how), asOften);
      const same =
        step.live !== null && after.metadata.resourceVersion === step.live.metadata.resourceVersion;
      return { outcome: same ? 'unchanged' : 'done', detail: '' };
    }
    case 'crd':
      return applyCrd(step, options);
    case 'patchRoute':
    case 'patch':
      return patchObject(step, cluster, dryRun);
    case 'helm':
      return rendered(await runHelm(step, options.helm, dryRun), step, dryRun);
    case 'wait':
      if (dryRun === 'server') return { outcome: 'unchanged', detail: 'not waited for in a dry run' };
      await options.waitFor(step);
      return { outcome: 'done', detail: '' };
    case 'delete':
      return deleteObject(step, options);
    case 'create':
      return create(step.manifest, step.ref, options);
  }
}

// What helm does in its own dry run of an install.
function rendered(result: Result, { verb }: HelmStep, dryRun: DryRun): Result {
  if (dryRun === 'none' || verb === 'uninstall' || result.outcome === 'unchanged') return result;
  const detail = 'helm could render the chart; the API server has not seen what is in it';
  return { outcome: 'notChecked', detail };
}

function refused(step: Step, error: WriteRefused): never {
  const where = step.ref.namespace === '' ? '' : ` in namespace ${step.ref.namespace}`;
  const what = `${step.ref.kind} ${step.ref.name}${where}`;
  if (error.reason === 'conflict')
    throw new UserError(`${what} was not written: ${error.message}`, {
      exitCode: 3,
      hint: `Someone else holds or changed it. Look at it: ${kubectl('get', step.ref as Ref)} -o yaml --show-managed-fields; then run this again: it goes on where it stopped.`,
      cause: error,
    });
  throw new UserError(
    `The API server refused to ${step.action === 'delete' ? 'delete' : 'write'} ${what}: ${error.message}`,
    {
      hint: `${admissionAdvice(error.message)}What was done before this step stays; run this again when the cause is cured: it goes on where it stopped.`,
      cause: error,
    },
  );
}

// Who refused is in the server's message; where to look for it is not.
function admissionAdvice(message: string): string {
  if (/\b(admission|calling) webhook "/.test(message))
    return 'A webhook of this cluster decides on it: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o wide. ';
  if (/\bValidatingAdmissionPolicy '/.test(message))
    return 'A policy of this cluster decides on it: kubectl get validatingadmissionpolicies,validatingadmissionpolicybindings -o wide. ';
  return '';
}
