import type { Helm } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { HelmStep, Step } from '../api/plan.ts';

/** Since then helm installs charts from a registry without being asked to by an experimental switch. */
const FROM_REGISTRIES = [3, 8] as const;

/**
 * A plan that needs helm does not begin without: what comes before helm's step would stand there half done.
 * @throws UserError where there is none, or where it is too old for what the plan wants of it
 */
export async function requireHelm(helm: Pick<Helm, 'run'>, steps: readonly Step[]): Promise<void> {
  const wanted = steps.filter((step): step is HelmStep => step.action === 'helm');
  if (wanted.length === 0) return;
  const version = await helm.run(['version', '--template', '{{.Version}}'], {}).catch(notStarted);
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version.trim()) ?? [];
  // One that says something else of itself may still do: it says why when it does not.
  if (major === undefined) return;
  const old =
    Number(major) < FROM_REGISTRIES[0] ||
    (Number(major) === FROM_REGISTRIES[0] && Number(minor) < FROM_REGISTRIES[1]);
  const remote = wanted.some(({ args }) => args.some((arg) => arg.startsWith('oci://')));
  if (!old || (Number(major) >= 3 && !remote)) return;
  throw new UserError(
    `The helm on PATH is ${version.trim()}, and this needs ${FROM_REGISTRIES.join('.')} or newer. Nothing of this plan was written.`,
    { hint: 'Install a newer one (https://helm.sh), then run this again.' },
  );
}

function notStarted(error: unknown): never {
  if (!(error instanceof UserError)) throw error;
  throw new UserError(`${error.message.replace(/\.?$/, '.')} Nothing of this plan was written.`, {
    hint: error.hint,
    exitCode: error.exitCode,
    cause: error,
  });
}
