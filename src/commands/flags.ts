import { EXIT, UserError } from '../api/errors.ts';
import { inNamespace } from '../api/kubectl.ts';
import { shellWord } from '../api/shellWord.ts';
import type { ConnectionFlags } from '../cluster/connect.ts';
import type { Repeated } from '../report/commands.ts';
import { on, text, texts, type Args, type Flags } from './command.ts';

/** As in kubectl. Hidden in help, where one line names them all. */
export const connectionFlags: Flags = {
  kubeconfig: { type: 'string', describe: 'Path of the kubeconfig file', hidden: true },
  context: { type: 'string', describe: 'Context of the kubeconfig to use', hidden: true },
  cluster: { type: 'string', describe: 'Cluster of the kubeconfig to use', hidden: true },
  user: { type: 'string', describe: 'User of the kubeconfig to use', hidden: true },
  server: { type: 'string', alias: 's', describe: 'Address of the API server', hidden: true },
  token: { type: 'string', describe: 'Bearer token', hidden: true },
  as: { type: 'string', describe: 'User to impersonate', hidden: true },
  'as-group': {
    type: 'array',
    string: true,
    describe: 'Group to impersonate; repeatable',
    hidden: true,
  },
  'as-uid': { type: 'string', describe: 'UID to impersonate', hidden: true },
  'certificate-authority': { type: 'string', describe: 'File of the CA certificate', hidden: true },
  'client-certificate': { type: 'string', describe: 'File of the client certificate', hidden: true },
  'client-key': { type: 'string', describe: 'File of the client key', hidden: true },
  'insecure-skip-tls-verify': {
    type: 'boolean',
    describe: "Do not check the server's certificate",
    hidden: true,
  },
  'tls-server-name': {
    type: 'string',
    describe: "Name expected in the server's certificate",
    hidden: true,
  },
  'request-timeout': { type: 'string', describe: 'For one request: 10s, 1m; 0 for none', hidden: true },
};

export const namespaceFlag: Flags = {
  namespace: { type: 'string', alias: 'n', describe: 'Namespace to work in' },
};

export const scopeFlags: Flags = {
  ...namespaceFlag,
  'all-namespaces': { type: 'boolean', alias: 'A', describe: 'Work in all namespaces' },
  selector: { type: 'string', alias: 'l', describe: 'Label selector for the pools (key=value,…)' },
  // For v1 pools made by hand, which nothing but their maker can tell from others.
  pair: {
    type: 'array',
    string: true,
    describe: 'OLD=NEW: the v1 pool NEW takes over from the alpha pool OLD; repeatable',
  },
};

export function outputFlag(choices: readonly string[], fallback = 'table'): Flags {
  return {
    output: {
      type: 'string',
      alias: 'o',
      describe: 'Format',
      default: fallback,
      choices,
    },
  };
}

export const writeFlags: Flags = {
  'dry-run': {
    type: 'string',
    choices: ['none', 'client', 'server'],
    default: 'none',
    describe: 'client: show the plan; server: let the API server check it; write nothing',
  },
  yes: { type: 'boolean', alias: 'y', describe: 'Do not ask before writing' },
  force: { type: 'boolean', describe: 'Go past the interlocks that are yours to judge; each is named' },
  'field-manager': {
    type: 'string',
    default: 'kubectl-infpool',
    describe: 'Name of the field manager that the writes are noted under',
  },
  wait: { type: 'boolean', default: true, describe: 'Wait for what a step needs (--no-wait: do not)' },
  timeout: { type: 'string', default: '5m', describe: 'For each wait: 30s, 5m' },
  'exit-code': { type: 'boolean', describe: 'With -o diff: exit 2 if there are differences' },
};

export function readConnection(args: Args): ConnectionFlags {
  const flags: Record<string, unknown> = {};
  const copy = (key: keyof ConnectionFlags, name: string) => {
    const value = text(args, name);
    if (value !== undefined) flags[key] = value;
  };
  copy('kubeconfig', 'kubeconfig');
  copy('context', 'context');
  copy('cluster', 'cluster');
  copy('user', 'user');
  copy('server', 'server');
  copy('token', 'token');
  copy('as', 'as');
  copy('asUid', 'as-uid');
  copy('certificateAuthority', 'certificate-authority');
  copy('clientCertificate', 'client-certificate');
  copy('clientKey', 'client-key');
  copy('tlsServerName', 'tls-server-name');
  copy('requestTimeout', 'request-timeout');
  copy('namespace', 'namespace');
  if (texts(args, 'as-group').length > 0) flags['asGroup'] = texts(args, 'as-group');
  if (on(args, 'insecure-skip-tls-verify')) flags['insecureSkipTlsVerify'] = true;
  return flags as ConnectionFlags;
}

/** Flags of a connection as they were given, but for a token, which is not for a screen; helm has other names for some. */
const REPEATED: readonly (readonly [name: string, helm: string | null])[] = [
  ['kubeconfig', 'kubeconfig'],
  ['context', 'kube-context'],
  ['cluster', null],
  ['user', null],
  ['server', 'kube-apiserver'],
  ['as', 'kube-as-user'],
  ['as-group', 'kube-as-group'],
  ['as-uid', null],
  ['certificate-authority', 'kube-ca-file'],
  ['client-certificate', null],
  ['client-key', null],
  ['insecure-skip-tls-verify', 'kube-insecure-skip-tls-verify'],
  ['tls-server-name', 'kube-tls-server-name'],
];

/** The connection that was asked for, for the commands that are printed; '' where it was not by flags. */
export function repeatedConnection(args: Args, command: string): Repeated {
  const given = REPEATED.flatMap(([name, helm]) =>
    valuesOf(args, name).map((value) => ({ name, helm, value })),
  );
  const ours = given.map(({ name, value }) => ` --${name}${value}`).join('');
  const helms = given.flatMap(({ helm, value }) => (helm === null ? [] : [` --${helm}${value}`]));
  const file = given.find(({ name }) => name === 'kubeconfig');
  return {
    ours,
    kubectl: ours,
    config: file ? ` --kubeconfig${file.value}` : '',
    helm: helms.join(''),
    scope: scopeToRepeat(args),
    rights: ` ${command}`,
  };
}

function scopeToRepeat(args: Args): string {
  if (on(args, 'all-namespaces')) return ' -A';
  return inNamespace(text(args, 'namespace'));
}

function valuesOf(args: Args, name: string): string[] {
  if (name === 'insecure-skip-tls-verify') return on(args, name) ? [''] : [];
  if (name === 'as-group') return texts(args, name).map((group) => ` ${shellWord(group)}`);
  const value = text(args, name);
  return value === undefined ? [] : [` ${shellWord(value)}`];
}

/** The flags that decide which cluster and which pairs, as they were given: for the next command to print. */
export function flagsToRepeat(args: Args, quote = shellWord): string {
  const pairs = texts(args, 'pair').map((pair) => ` --pair ${quote(pair)}`);
  return [repeatedConnection(args, '').ours, ...pairs].join('');
}

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `30s`, `5m`, `1h30m`; a bare number is seconds. Milliseconds. */
export function durationMs(flag: string, value: string): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== value)
    throw new UserError(`--${flag} ${JSON.stringify(value)} is not a duration.`, {
      hint: 'Write it as 30s, 5m or 1h30m.',
    });
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit!]!, 0);
}

/** A whole number from 0 to 100. */
export function percentage(value: string): number {
  const percent = Number(value);
  if (!/^\d+$/.test(value) || percent > 100)
    throw new UserError(`${JSON.stringify(value)} is not a percentage.`, {
      hint: 'Give a whole number from 0 to 100, as in: kubectl infpool split 50',
      exitCode: EXIT.error,
    });
  return percent;
}
