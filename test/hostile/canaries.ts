// What must never be printed, each where somebody keeps one.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { certificate } from '../lab/connect/gate.ts';

export const CANARIES = {
  secret: 'canary-secret-7d1f',
  lastApplied: 'canary-applied-92aa',
  helm: 'canary-release-0c3e',
  env: 'canary-env-55b0',
  proxy: 'canary-proxy-e1d4',
  key: 'canary-key-18f7',
  plugin: 'canary-plugin-6f02',
  password: 'canary-password-aa31',
  flag: 'canary-flag-7b9d',
};

export interface SecretKubeconfig {
  readonly config: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Kubeconfigs with a secret in them, most of them wrong in some way; `plugin` is where their exec plugin is written. */
export function secretKubeconfigs(server: string, plugin: string): SecretKubeconfig[] {
  const credential = JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token: CANARIES.plugin },
  });
  writeFileSync(plugin, `#!/bin/sh\nprintf '\\033]52;c;QQ==\\007 log in\\n' >&2\necho '${credential}'\n`);
  chmodSync(plugin, 0o755);
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: plugin,
    interactiveMode: 'Never',
    env: [{ name: 'PASSWORD', value: CANARIES.password }],
  };
  const encoded = Buffer.from(CANARIES.key).toString('base64');
  const pem = readFileSync(certificate('client.crt')).toString('base64');
  const to = (more: object = {}) => ({ server, 'insecure-skip-tls-verify': true, ...more });
  const users: [user: object, cluster?: object, more?: { args?: string[]; env?: NodeJS.ProcessEnv }][] = [
    [{ exec }],
    [{ exec: { ...exec, args: ['x'], apiVersion: 'client.authentication.k8s.io/v1beta1' } }],
    [{ token: CANARIES.password }],
    [{ token: `${CANARIES.password}\u001b[2J` }],
    [{ username: 'a', password: CANARIES.password }],
    [{ username: 'a', password: CANARIES.password, token: CANARIES.password }],
    [{ 'client-certificate-data': pem, 'client-key-data': encoded }],
    [{ 'client-certificate-data': encoded, 'client-key-data': encoded }],
    [{ 'client-key-data': `${CANARIES.key}!`, 'client-certificate-data': pem }],
    [
      {
        'auth-provider': { name: 'oidc', config: { 'id-token': CANARIES.password, 'refresh-token': 'x' } },
      },
    ],
    [{}, { 'proxy-url': `http://jane:${CANARIES.proxy}@127.0.0.1:1` }],
    [{}, { 'proxy-url': `ftp://jane:${CANARIES.proxy}@127.0.0.1:1` }],
    [{}, { 'proxy-url': `socks5://jane:${CANARIES.proxy}@127.0.0.1:1` }],
    [{}, { server: `https://jane:${CANARIES.proxy}@127.0.0.1:1` }],
    [{}, { server: `gopher://jane:${CANARIES.proxy}@127.0.0.1:1` }],
    [{}, {}, { args: ['--token', CANARIES.flag] }],
    [{}, {}, { env: { HTTPS_PROXY: `ftp://jane:${CANARIES.proxy}@127.0.0.1:1`, NO_PROXY: '' } }],
  ];
  return users.map(([user, cluster, { args = [], env = {} } = {}]) => ({
    config: JSON.stringify({
      clusters: [{ name: 'c\u001b[2J', cluster: to(cluster) }],
      users: [{ name: 'u\u202e', user }],
      contexts: [{ name: 'x', context: { cluster: 'c\u001b[2J', user: 'u\u202e' } }],
      'current-context': 'x',
    }),
    args,
    env,
  }));
}
