import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Helm, HelmRelease } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { HelmConnection } from './helm-connection.ts';

/** How much of helm's stderr an error shows. */
const LAST_WORDS = 10;
const LONGEST_LINE = 2000;

/** @param connection called when helm is first needed: it throws for flags that helm can't take */
export function makeHelm(connection: () => HelmConnection): Helm {
  const run: Helm['run'] = async (args, { onLine }) => {
    const { args: connectionArgs, env } = connection();
    const helm = findHelm(env);
    const ran = await execute(helm, [...args, ...connectionArgs], env, onLine ?? (() => undefined));
    if (ran.code === 0) return ran.stdout;
    const said = ran.stderr.join('\n');
    throw new UserError(
      `\`helm ${args.slice(0, 2).join(' ')}\` failed (${ran.code})${said === '' ? '' : `: ${said}`}`,
      {
        hint: 'What helm says is the cause; nothing after this step was done.',
      },
    );
  };
  return {
    run,
    async list(namespace) {
      const where = namespace === '' ? ['--all-namespaces'] : ['--namespace', namespace];
      // Without --max 0 helm stops at 256 releases; without --all it hides failed and pending ones.
      const printed = await run(['list', ...where, '--all', '--max', '0', '--output', 'json'], {});
      return parseReleases(printed);
    },
  };
}

/** @throws UserError when no `helm` is on PATH */
export function findHelm(env: Record<string, string | undefined>): string {
  const windows = platform() === 'win32';
  const path =
    Object.entries(env).find(([name]) => (windows ? name.toUpperCase() : name) === 'PATH')?.[1] ?? '';
  const name = windows ? 'helm.exe' : 'helm';
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // The next folder may have it.
    }
  }
  throw new UserError(
    `helm is needed for this and was not found: no executable \`${name}\` on PATH (${path})`,
    {
      hint: 'Install Helm 3 (https://helm.sh) and run this again: it goes on where it stopped. Or run helm elsewhere: `kubectl infpool convert -o helm` prints the command.',
    },
  );
}

function parseReleases(printed: string): readonly HelmRelease[] {
  let releases: unknown;
  try {
    releases = JSON.parse(printed);
  } catch {
    releases = undefined;
  }
  if (!Array.isArray(releases))
    throw new UserError(`\`helm list\` printed no JSON list: ${printed.slice(0, 120)}`);
  return (releases as HelmRelease[]).map(({ name, namespace, status, chart }) => ({
    name,
    namespace,
    status,
    chart,
  }));
}

interface Ran {
  code: number | string;
  stdout: string;
  stderr: string[];
}

// Never by a shell: names and values come from the cluster.
function execute(
  helm: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(helm, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const stdout: string[] = [];
    const stderr: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      stdout.push(line);
      onLine(line);
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      stderr.push(line.slice(0, LONGEST_LINE));
      if (stderr.length > LAST_WORDS) stderr.shift();
      onLine(line);
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal ?? 1, stdout: stdout.join('\n'), stderr }),
    );
  });
}
