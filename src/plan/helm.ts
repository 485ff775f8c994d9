import type { DryRun, Helm, HelmRelease } from '../api/cluster.ts';
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
  if (existing && UNFINISHED.has(existing.status) && dryRun === 'none')
    return beginAnew(step, helm, existing.status, pauseMs);
  if (existing?.status.startsWith('pending'))
    throw new UserError(
      `Helm release ${existing.name} in namespace ${existing.namespace} is in state "${existing.status}".`,
      {
        hint: `Another helm is at work, or one was killed. If none runs: helm rollback ${shellWord(existing.name)} -n ${shellWord(existing.namespace)}, or helm uninstall it, then run this again.`,
      },
    );
  const again =
    existing && existing.status !== UNINSTALLING
      ? ['upgrade', '--install', ...step.args.slice(1)]
      : step.args;
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

const UNINSTALLING = 'uninstalling';
/** Helm goes on with none of these. Source: helm, pkg/action/upgrade.go (prepareUpgrade). */
const UNFINISHED = new Set(['pending-install', UNINSTALLING]);

/** A helm that is still at work is given so many pauses to end: an install of this chart takes it a few seconds. */
const PAUSES = 20;

/**
 * A first install, or an uninstall, that never ended: the helm that was at it is waited for; one that was killed (with us,
 * most likely) left a release that nothing but beginning anew gets out of that state.
 */
async function beginAnew(
  step: HelmStep,
  helm: Helm,
  status: string,
  pauseMs: number,
): Promise<{ outcome: 'done' | 'unchanged'; detail: string }> {
  let now: HelmRelease | undefined;
  for (let pause = 0; pause < PAUSES; pause++) {
    now = (await helm.list(step.namespace)).find((release) => release.name === step.release);
    if (now?.status !== status) break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (now?.status === 'deployed')
    return { outcome: 'unchanged', detail: 'another helm has just installed it' };
  if (now) {
    const args = ['uninstall', step.release, '--namespace', step.namespace, '--wait'];
    await uninstall({ ...step, args }, helm, 'none');
  }
  await helm.run(step.args, {});
  const what = status === UNINSTALLING ? 'uninstall' : 'install';
  return { outcome: 'done', detail: `after an ${what} that had been interrupted it was begun anew` };
}
