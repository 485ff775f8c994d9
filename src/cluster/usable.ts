// What kubectl refuses before it connects (client-go tools/clientcmd/validation.go and rest/plugin.go). Where we were
// more lenient, a half-written user would go as nobody: a cluster then answers, and what it answers is not the user's.
import { accessSync, constants } from 'node:fs';
import { UserError } from '../api/errors.ts';
import type { ClusterEntry, ExecEntry, UserEntry } from './kubeconfig-entries.ts';

/** @throws UserError naming the cluster and the field */
export function requireUsableCluster(name: string, cluster: ClusterEntry): void {
  const of = `cluster "${name}"`;
  onlyOne(of, cluster, 'certificate-authority', 'certificate-authority-data');
  readable(of, cluster, 'certificate-authority');
  base64(of, cluster, 'certificate-authority-data');
}

/** @throws UserError naming the user and the field */
export function requireUsableUser(name: string, user: UserEntry): void {
  const of = `user "${name}"`;
  if (user.token && (user.username || user.password))
    throw broken(of, 'has a token and a password, and only one of the two can be meant');
  if (user['client-certificate'] || user['client-certificate-data']) {
    onlyOne(of, user, 'client-certificate', 'client-certificate-data');
    onlyOne(of, user, 'client-key', 'client-key-data');
    if (!user['client-key'] && !user['client-key-data'])
      throw broken(of, 'has a client certificate without its client-key or client-key-data');
    for (const file of ['client-certificate', 'client-key'] as const) readable(of, user, file);
    for (const data of ['client-certificate-data', 'client-key-data'] as const) base64(of, user, data);
  }
  if (user.exec && user['auth-provider'])
    throw broken(of, 'has an exec plugin and an auth-provider, and only one of the two can be meant');
  if (user.exec) requireUsablePlugin(of, user.exec);
}

const VERSIONS = ['v1', 'v1beta1'].map((version) => `client.authentication.k8s.io/${version}`);
const MODES = ['Never', 'IfAvailable', 'Always'];

function requireUsablePlugin(of: string, exec: ExecEntry): void {
  const { command, apiVersion, interactiveMode } = exec;
  if (!command) throw broken(of, 'has an exec plugin without a command');
  if (!apiVersion) throw broken(of, `has an exec plugin without an apiVersion (${VERSIONS.join(' or ')})`);
  if (!VERSIONS.includes(apiVersion)) {
    throw broken(
      of,
      `has an exec plugin of apiVersion ${apiVersion}, which is no longer spoken; there is ${VERSIONS.join(' and ')}`,
    );
  }
  if ((exec.env ?? []).some(({ name }) => !name))
    throw broken(of, 'has an exec plugin with an environment variable without a name');
  // v1beta1 had a default.
  if (interactiveMode === undefined && apiVersion === VERSIONS[1]) return;
  if (!MODES.includes(interactiveMode ?? ''))
    throw broken(of, `has an exec plugin whose interactiveMode is not one of ${MODES.join(', ')}`);
}

const REMOVED: Readonly<Record<string, string>> = {
  gcp: 'Use gke-gcloud-auth-plugin: `gcloud container clusters get-credentials` writes such a user.',
  azure: 'Use kubelogin: `kubelogin convert-kubeconfig` rewrites the user.',
  openstack: 'Use client-keystone-auth as an exec plugin.',
};

/** @throws UserError for an auth-provider that kubectl has no more, or never had */
export function requireKnownProvider({ 'auth-provider': provider }: UserEntry): void {
  if (!provider || provider.name === 'oidc') return;
  const replacement = Object.hasOwn(REMOVED, provider.name) ? REMOVED[provider.name] : undefined;
  throw new UserError(
    replacement
      ? `The auth-provider "${provider.name}" was removed from kubectl in 1.26, and is not here either`
      : `There is no auth-provider "${provider.name}"`,
    { hint: replacement ?? 'Credential plugins go under `users[].user.exec` of the kubeconfig.' },
  );
}

function onlyOne<T extends object>(of: string, entry: T, file: keyof T & string, data: keyof T & string) {
  if (entry[file] && entry[data])
    throw broken(of, `has both ${file} and ${data}, and only one of the two can be meant`);
}

function readable<T extends object>(of: string, entry: T, key: keyof T & string): void {
  const file = entry[key];
  if (typeof file !== 'string' || file === '') return;
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : message;
    throw new UserError(`Cannot read ${file}, the ${key} of ${of}: ${why}`, {
      hint: 'Relative paths in a kubeconfig are relative to it. See `kubectl config view --minify`.',
      cause: error,
    });
  }
}

/** Node decodes what it can and passes over the rest. */
function base64<T extends object>(of: string, entry: T, key: keyof T & string): void {
  const data = entry[key];
  if (data === undefined || data === '') return;
  const text = typeof data === 'string' ? data.replaceAll(/[\r\n]/g, '') : '';
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw broken(of, `has ${key} that is no base64`);
}

function broken(of: string, what: string): UserError {
  return new UserError(`The kubeconfig's ${of} ${what}`, {
    hint: 'Fetch the kubeconfig anew, or mend it; `kubectl config view --minify --raw` shows it.',
  });
}
