import type { DryRun, Helm } from '../api/cluster.ts';
import { shellWord } from '../api/shellWord.ts';
import { UserError } from '../api/errors.ts';
import type { HelmStep } from '../api/plan.ts';

/** Installs or uninstalls a release; a release that is as wanted already is left alone, a failed install is taken up again. */
export async function runHelm(
  step: HelmStep,
  helm: Helm,
  dryRun: DryRun,
  pauseMs = 1000,
): Promise<{ outcome: 'done' | 'unchanged'; detail: string }> {
  const existing = (await helm.list(step.namespace)).find((release) => release.name === step.release);
  if (step.verb === 'uninstall')
    return existing ? uninstall(step, helm, dryRun) : { outcome: 'unchanged', detail: 'already uninstalled' };
  if (existing?.status === 'deployed')
    return { outcome: 'unchanged', detail: `release ${existing.name} is deployed (${existing.chart})` };
  if (existing?.status === 'pending-install' && dryRun === 'none') return takeUpInstall(step, helm, pauseMs);
  if (existing?.status.startsWith('pending'))
    throw new UserError(
      `Helm release ${existing.name} in namespace ${existing.namespace} is in state "${existing.status}".`,
      {
        hint: `Another helm is at work, or one was killed. If none runs: helm rollback ${shellWord(existing.name)} -n ${shellWord(existing.namespace)}, or helm uninstall it, then run this again.`,
      },
    );
  const again = existing ? ['upgrade', '--install', ...step.args.slice(1)] : step.args;
  await helm.run([...again, ...(dryRun === 'server' ? ['--dry-run=server'] : [])], {});
  return { outcome: 'done', detail: existing ? `release was in state "${existing.status}"` : '' };
}

async function uninstall(
  { args, release, namespace }: HelmStep,
  helm: Helm,
  dryRun: DryRun,
): Promise<{ outcome: 'done'; detail: string }> {
  try {
    await helm.run([...args, ...(dryRun === 'server' ? ['--dry-run'] : [])], {});
    return { outcome: 'done', detail: '' };
  } catch (error) {
    // A helm that was left behind when we were killed may have been at it all the while, and have got there first.
    const left = await helm.list(namespace);
    if (left.some(({ name }) => name === release)) throw error;
    return { outcome: 'done', detail: 'another helm was at it, too' };
  }
}

/** A helm that is still at work is given so many pauses to end: an install of this chart takes it a few seconds. */
const PAUSES = 20;

/**
 * A first install that never ended: the helm that was at it is waited for; one that was killed (with us, most likely) left
 * a release that was never deployed, which nothing but beginning anew gets out of that state.
 */
async function takeUpInstall(
  step: HelmStep,
  helm: Helm,
  pauseMs: number,
): Promise<{ outcome: 'done' | 'unchanged'; detail: string }> {
  for (let pause = 0; pause < PAUSES; pause++) {
    const now = (await helm.list(step.namespace)).find((release) => release.name === step.release);
    if (now?.status === 'deployed')
      return { outcome: 'unchanged', detail: 'another helm has just installed it' };
    if (now?.status !== 'pending-install') break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await helm.run(['uninstall', step.release, '--namespace', step.namespace, '--wait'], {});
  await helm.run(step.args, {});
  return { outcome: 'done', detail: 'an install that had been interrupted was begun anew' };
}
