// Credential plugins (`user.exec`), run as kubectl runs them. client-node's own runner gives them neither
// KUBERNETES_EXEC_INFO, which gke-gcloud-auth-plugin and `aws eks get-token` read, nor a terminal to ask on.
import { spawn } from 'node:child_process';
import { isatty } from 'node:tty';
import { UserError } from '../api/errors.ts';
import type { ClusterEntry, ExecEntry } from './kubeconfig-entries.ts';

export interface ExecCredential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  /** RFC 3339 */
  readonly expirationTimestamp?: string;
}

export interface ExecPlugin {
  readonly exec: ExecEntry;
  /** Handed to the plugin where it asks for it (`provideClusterInfo`). */
  readonly cluster: ClusterEntry;
  readonly env: Record<string, string | undefined>;
  /** Nobody is there: the plugin can't ask, is not heard, and is ended with the signal. */
  readonly unattended?: AbortSignal | undefined;
  /** What it says on stderr, where it does not speak with the terminal itself. */
  onSaid?(text: string): void;
}

/** An ExecCredential has some kilobytes. */
const MOST_PRINTED = 1024 * 1024;
/** What it has started may hold its stderr open: nobody waits longer for last words. */
const LAST_WORDS_MS = 200;
const CLUSTER_EXTENSION = 'client.authentication.k8s.io/exec';

/** @throws UserError when the plugin is missing, fails, or prints no ExecCredential */
export async function runExecPlugin(plugin: ExecPlugin): Promise<ExecCredential> {
  const { exec, cluster, env, unattended } = plugin;
  const command = exec.command ?? '';
  const apiVersion = exec.apiVersion ?? ''; // required: usable.ts
  const interactive = isInteractive(exec, command, unattended === undefined && isatty(0));
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  const settings = {
    ...env,
    ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
  const onSaid = (text: string) => plugin.onSaid?.(text);
  const how = { interactive, unattended, env: settings, onSaid };
  const ran = await run(command, exec.args ?? [], how).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`Cannot run the credential plugin ${command}: ${startFailure(error)}`, {
      hint: hintOf(exec),
      cause: error,
    });
  });
  if (ran.code !== 0) {
    throw new UserError(`The credential plugin ${command} failed (${howItEnded(ran.code)})`, {
      hint: hintOf(exec),
    });
  }
  return parseCredential(command, apiVersion, ran.stdout);
}

function isInteractive(exec: ExecEntry, command: string, terminal: boolean): boolean {
  if (exec.interactiveMode === 'Always' && !terminal) {
    throw new UserError(
      `The credential plugin ${command} wants to ask you something, and there is no terminal`,
      {
        hint: 'Run from a terminal, or use other credentials.',
      },
    );
  }
  return terminal && exec.interactiveMode !== 'Never';
}

interface RunOptions {
  readonly interactive: boolean;
  readonly unattended: AbortSignal | undefined;
  readonly env: NodeJS.ProcessEnv;
  onSaid(text: string): void;
}

function run(command: string, args: readonly string[], { interactive, unattended, env, onSaid }: RunOptions) {
  return new Promise<{ code: number | string; stdout: string }>((resolve, reject) => {
    // What it says goes to the user at once, as under kubectl: it may be a code to enter in a browser. Only one that may
    // ask speaks with the terminal itself.
    const child = spawn(command, args, {
      env,
      stdio: [
        interactive ? 'inherit' : 'ignore',
        'pipe',
        unattended ? 'ignore' : interactive ? 'inherit' : 'pipe',
      ],
      windowsHide: true,
    });
    let stdout = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length <= MOST_PRINTED) stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', onSaid);
    child.on('error', reject);
    child.on('exit', () => setTimeout(() => child.stderr?.destroy(), LAST_WORDS_MS).unref());
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 1, stdout }));
    const end = () => {
      child.kill('SIGKILL');
      // What it has started may hold the pipe open; nobody waits for that.
      child.stdout!.destroy();
      child.unref();
      reject(new Error('it was not finished in time'));
    };
    if (unattended?.aborted) end();
    unattended?.addEventListener('abort', end, { once: true });
  });
}

function howItEnded(code: number | string): string {
  return typeof code === 'number' ? `exit code ${code}` : code;
}

function parseCredential(command: string, apiVersion: string, stdout: string): ExecCredential {
  const wrong = (what: string) =>
    new UserError(`The credential plugin ${command} printed no usable ExecCredential: ${what}`, {
      hint: 'Run the command of the kubeconfig (`users[].user.exec`) by hand to see what it prints.',
    });
  if (stdout.length > MOST_PRINTED) throw wrong('it is longer than a megabyte');
  let printed: { apiVersion?: string; kind?: string; status?: ExecCredential } | null;
  try {
    printed = JSON.parse(stdout) as typeof printed;
  } catch {
    throw wrong('it is not JSON');
  }
  if (printed?.kind !== 'ExecCredential') throw wrong(`kind ${printed?.kind ?? 'missing'}`);
  if (printed.apiVersion !== apiVersion) {
    throw wrong(`apiVersion ${printed.apiVersion ?? 'missing'}, where the kubeconfig says ${apiVersion}`);
  }
  const { status } = printed;
  if (!status?.token && !(status?.clientCertificateData && status.clientKeyData)) {
    throw wrong('neither a token nor a client certificate with its key');
  }
  return status;
}

// client.authentication.k8s.io Cluster: the kubeconfig's cluster, CA inlined by whoever resolved the files.
function clusterInfo(cluster: ClusterEntry): Record<string, unknown> {
  const config = cluster.extensions?.find((extension) => extension.name === CLUSTER_EXTENSION)?.extension;
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config,
  };
}

function startFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'it was not found on PATH';
  return error.code === 'EACCES' ? 'it is not executable' : error.message;
}

function hintOf(exec: ExecEntry): string {
  return (
    exec.installHint?.trim() ||
    'It is named in the kubeconfig (`users[].user.exec`). Does kubectl work with it?'
  );
}
