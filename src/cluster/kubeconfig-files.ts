// Finding, reading and merging kubeconfig files as kubectl does (client-go tools/clientcmd, loader.go). client-node's
// own loading throws on a name that two files define and on a missing file; kubectl takes the first and goes on.
import { readFileSync } from 'node:fs';
import { shellWord } from '../api/shellWord.ts';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { UserError } from '../api/errors.ts';
import type { ClusterEntry, ContextEntry, UserEntry } from './kubeconfig-entries.ts';

/** Several kubeconfig files as one; paths in it are absolute. */
export interface Kubeconfig {
  readonly clusters: Map<string, ClusterEntry>;
  readonly users: Map<string, UserEntry>;
  readonly contexts: Map<string, ContextEntry>;
  currentContext: string;
  /** The files that were looked for, for messages. */
  readonly lookedFor: readonly string[];
}

/**
 * `--kubeconfig` alone, else the files of KUBECONFIG, else `~/.kube/config`. The first definition of a name wins as a
 * whole, the first current-context too; files that don't exist are skipped, except the one named by the flag.
 * @throws UserError naming the file and, for bad YAML, the line
 */
export function loadKubeconfig(
  env: Record<string, string | undefined>,
  flag: string | undefined,
  home: string,
): Kubeconfig {
  const files = filesToRead(env, flag, home);
  const merged: Kubeconfig = {
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
    currentContext: '',
    lookedFor: files,
  };
  for (const file of files) {
    const text = read(file, flag !== undefined && flag !== '');
    if (text !== null) mergeFile(merged, file, parse(file, text));
  }
  return merged;
}

function filesToRead(
  env: Record<string, string | undefined>,
  flag: string | undefined,
  home: string,
): string[] {
  if (flag) return [resolve(flag)];
  if (env['KUBECONFIG'])
    return [...new Set(env['KUBECONFIG'].split(delimiter))].filter((file) => file !== '');
  return [join(home, '.kube', 'config')];
}

function read(file: string, mustExist: boolean): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && !mustExist) return null;
    const why = code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UserError(`Cannot read the kubeconfig file ${file}: ${why}`, {
      hint: 'Check --kubeconfig and the environment variable KUBECONFIG.',
      cause: error,
    });
  }
}

function parse(file: string, text: string): Record<string, unknown> {
  let document: unknown;
  try {
    // `json` allows a key twice (the last one wins), as the Go parser does.
    document = text.trim() === '' ? null : load(text, { json: true });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark ? `:${error.mark.line + 1}` : '';
    throw new UserError(
      `The kubeconfig file ${file}${line} is not valid YAML: ${withoutExcerpt(error.reason)}`,
      {
        hint: `Fix that line; \`kubectl config view --kubeconfig ${shellWord(file)}\` says when it is right.`,
      },
    );
  }
  if (document === null || document === undefined) return {};
  if (typeof document !== 'object' || Array.isArray(document)) {
    throw new UserError(`The kubeconfig file ${file} holds no kubeconfig`, {
      hint: 'It should start with `apiVersion: v1` and `kind: Config`.',
    });
  }
  return document as Record<string, unknown>;
}

// `!secret` is a tag to a parser, `*secret` an alias: it names them, and the file holds passwords.
function withoutExcerpt(reason: string): string {
  return reason.replace(/\s*[:(]?\s*["'`<!*&%].*$/s, '');
}

function mergeFile(merged: Kubeconfig, file: string, document: Record<string, unknown>): void {
  const folder = dirname(resolve(file));
  for (const { name, value } of entries(file, document, 'clusters', 'cluster')) {
    if (!merged.clusters.has(name)) merged.clusters.set(name, clusterOf(folder, value as ClusterEntry));
  }
  for (const { name, value } of entries(file, document, 'users', 'user')) {
    if (!merged.users.has(name)) merged.users.set(name, userOf(folder, value as UserEntry));
  }
  for (const { name, value } of entries(file, document, 'contexts', 'context')) {
    if (!merged.contexts.has(name)) merged.contexts.set(name, value as ContextEntry);
  }
  if (merged.currentContext === '' && document['current-context']) {
    merged.currentContext = String(document['current-context']);
  }
}

function entries(file: string, document: Record<string, unknown>, list: string, key: string) {
  const found = document[list] ?? [];
  if (!Array.isArray(found)) throw malformed(file, `\`${list}\` is not a list`);
  const names = new Set<string>();
  return found.map((entry: unknown, index) => {
    const fields = (entry ?? {}) as Record<string, unknown>;
    if (typeof fields['name'] !== 'string') throw malformed(file, `\`${list}[${index}]\` has no name`);
    if (names.has(fields['name'])) throw malformed(file, `\`${list}\` has "${fields['name']}" twice`);
    names.add(fields['name']);
    const value = fields[key] ?? {};
    if (typeof value !== 'object') throw malformed(file, `\`${list}[${index}].${key}\` is not a mapping`);
    return { name: fields['name'], value };
  });
}

function malformed(file: string, what: string): UserError {
  return new UserError(`The kubeconfig file ${file} is malformed: ${what}`, {
    hint: `Compare with \`kubectl config view --kubeconfig ${shellWord(file)}\`.`,
  });
}

// Paths of files are relative to the kubeconfig that names them.

function clusterOf(folder: string, cluster: ClusterEntry): ClusterEntry {
  return absolute(folder, cluster, ['certificate-authority']);
}

function userOf(folder: string, given: UserEntry): UserEntry {
  const user = absolute(folder, given, ['client-certificate', 'client-key', 'tokenFile']);
  // A plugin's command is looked up on PATH unless it holds a separator.
  if (user.exec?.command?.includes(sep)) user.exec = absolute(folder, user.exec, ['command']);
  return user;
}

function absolute<T extends object>(folder: string, entry: T, keys: readonly (keyof T)[]): T {
  const copy = { ...entry };
  for (const key of keys) {
    const path = copy[key];
    if (typeof path === 'string' && path !== '' && !isAbsolute(path))
      copy[key] = join(folder, path) as T[keyof T];
  }
  return copy;
}
