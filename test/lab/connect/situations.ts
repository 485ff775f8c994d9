// Kubeconfigs, flags and environments that people have, and who one is with them.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { certificate } from './gate.ts';
import { HIDDEN, type Crossroads } from './crossroads.ts';

export interface Situation {
  /** What is in the environment; KUBECONFIG is always said. */
  readonly env: NodeJS.ProcessEnv;
  readonly args?: string[];
}
type Build = (at: Crossroads) => Situation;

const base64 = (name: string) => readFileSync(certificate(name)).toString('base64');
const JANE = { 'client-certificate': certificate('client.crt'), 'client-key': certificate('client.key') };
const BEHIND = { server: HIDDEN, 'tls-server-name': 'localhost' };
const NO_CA = { 'certificate-authority': undefined };

const withUser =
  (user: (at: Crossroads) => object, args: string[] = []): Build =>
  (at) => ({ env: { KUBECONFIG: at.kubeconfig({ user: user(at) }) }, args });
const withCluster =
  (
    cluster: (at: Crossroads) => object,
    env: (at: Crossroads) => object = () => ({}),
    args: string[] = [],
  ): Build =>
  (at) => ({
    env: { KUBECONFIG: at.kubeconfig({ cluster: cluster(at), user: at.admin }), ...env(at) },
    args,
  });

/** What works, and as whom. */
export const GOOD: readonly (readonly [what: string, user: string, build: Build])[] = [
  ['a token', 'admin', withUser((at) => at.admin)],
  ['files of a client certificate', 'jane', withUser(() => JANE)],
  [
    'data of a client certificate',
    'jane',
    withUser(() => ({
      'client-certificate-data': base64('client.crt'),
      'client-key-data': base64('client.key'),
    })),
  ],
  [
    'a tokenFile, relative to the kubeconfig, ending in a newline',
    'admin',
    (at) => {
      at.write('token', `${at.token}\n`);
      return { env: { KUBECONFIG: at.kubeconfig({ user: { tokenFile: 'token' } }) } };
    },
  ],
  [
    'a tokenFile beside another token',
    'admin',
    withUser((at) => ({ tokenFile: at.write('token', at.token), token: 'other' })),
  ],
  [
    'a tokenFile that is not there beside a token',
    'admin',
    withUser((at) => ({ tokenFile: 'gone', ...at.admin })),
  ],
  ['a plugin with a token', 'admin', withUser((at) => at.plugin('echo "$CREDENTIAL"'))],
  [
    'a plugin with a client certificate',
    'jane',
    withUser((at) => at.plugin('printf "%s\\n" "$CERTIFICATE"')),
  ],
  ['a plugin whose token is over by its own words', 'admin', withUser((at) => at.plugin('echo "$EXPIRED"'))],
  [
    'a plugin of v1beta1, which need not say whether it asks',
    'admin',
    withUser((at) =>
      at.plugin('echo "$BETA"', {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        interactiveMode: undefined,
      }),
    ),
  ],
  [
    'a plugin that wants to know the cluster, by a relative command',
    'admin',
    withUser((at) =>
      at.plugin('case $KUBERNETES_EXEC_INFO in *certificate-authority-data*) echo "$CREDENTIAL";; esac', {
        command: './plugin',
        provideClusterInfo: true,
      }),
    ),
  ],
  ['a token beside a plugin', 'admin', withUser((at) => ({ ...at.plugin('exit 1'), ...at.admin }))],
  ['a client certificate beside a plugin', 'jane', withUser((at) => ({ ...at.plugin('exit 1'), ...JANE }))],
  [
    'impersonation in the kubeconfig',
    'bob',
    withUser((at) => ({
      ...at.admin,
      as: 'bob',
      'as-uid': '7',
      'as-groups': ['one', 'two'],
      'as-user-extra': { 'example.com/scope': ['a', 'b'], 'odd(key)': ['c'] },
    })),
  ],
  [
    'impersonation by flags',
    'bob',
    withUser((at) => at.admin, ['--as', 'bob', '--as-group', 'a', '--as-group', 'b', '--as-uid', '9']),
  ],
  ['tls-server-name', 'admin', withCluster(() => ({ 'tls-server-name': 'localhost' }))],
  ['insecure-skip-tls-verify', 'admin', withCluster(() => ({ ...NO_CA, 'insecure-skip-tls-verify': true }))],
  [
    '--insecure-skip-tls-verify over an authority',
    'admin',
    withCluster(() => ({ 'certificate-authority': certificate('other-ca.crt') }), undefined, [
      '--insecure-skip-tls-verify',
    ]),
  ],
  [
    '--certificate-authority over insecure',
    'admin',
    withCluster(() => ({ ...NO_CA, 'insecure-skip-tls-verify': true }), undefined, [
      '--certificate-authority',
      certificate('ca.crt'),
    ]),
  ],
  [
    'data of an authority',
    'admin',
    withCluster(() => ({ ...NO_CA, 'certificate-authority-data': base64('ca.crt') })),
  ],
  [
    '--server, --token and no kubeconfig',
    'admin',
    (at) => ({
      env: {},
      args: ['-s', at.gate.url, '--token', at.token, '--certificate-authority', certificate('ca.crt')],
    }),
  ],
  [
    '--token over a plugin',
    'admin',
    (at) => ({
      env: { KUBECONFIG: at.kubeconfig({ user: at.plugin('exit 1') }) },
      args: ['--token', at.token],
    }),
  ],
  [
    '--user and --cluster beside the context',
    'jane',
    (at) => ({
      env: { KUBECONFIG: at.kubeconfig({ file: { users: [{ name: 'jane', user: JANE }] } }) },
      args: ['--user', 'jane', '--cluster', 'gate'],
    }),
  ],
  [
    'several files: the first of a name wins, one is missing, paths are relative to each',
    'admin',
    (at) => {
      mkdirSync(at.at('inner'), { recursive: true });
      copyFileSync(certificate('ca.crt'), at.at('inner/ca.crt'));
      at.write('inner/token', at.token);
      const inner = at.kubeconfig(
        { cluster: { 'certificate-authority': 'ca.crt' }, user: { tokenFile: 'token' } },
        'inner/config',
      );
      const outer = at.kubeconfig({ cluster: { server: 'https://127.0.0.1:1' }, user: { token: 'no' } });
      return { env: { KUBECONFIG: [at.at('gone'), inner, outer, ''].join(':') } };
    },
  ],
  [
    '--context among several files',
    'jane',
    (at) => {
      const contexts = [{ name: 'other', context: { cluster: 'gate', user: 'jane' } }];
      const other = at.kubeconfig(
        { file: { clusters: [], contexts, users: [{ name: 'jane', user: JANE }] } },
        'other',
      );
      return { env: { KUBECONFIG: `${at.kubeconfig()}:${other}` }, args: ['--context', 'other'] };
    },
  ],
  [
    '~/.kube/config',
    'admin',
    (at) => {
      mkdirSync(at.at('owner/.kube'), { recursive: true });
      at.kubeconfig({ user: at.admin }, 'owner/.kube/config');
      return { env: { HOME: at.at('owner') } };
    },
  ],
  [
    'HTTPS_PROXY, and a host that only the proxy knows',
    'admin',
    withCluster(
      () => BEHIND,
      (at) => ({ HTTPS_PROXY: `http://127.0.0.1:${at.http.port}` }),
    ),
  ],
  [
    'https_proxy without http://',
    'admin',
    withCluster(
      () => BEHIND,
      (at) => ({ https_proxy: `127.0.0.1:${at.http.port}` }),
    ),
  ],
  [
    'HTTPS_PROXY, which is not for this machine',
    'admin',
    withCluster(
      () => ({}),
      () => ({ HTTPS_PROXY: 'http://127.0.0.1:1' }),
    ),
  ],
  [
    'proxy-url, whatever NO_PROXY says',
    'admin',
    withCluster(
      (at) => ({ ...BEHIND, 'proxy-url': `http://127.0.0.1:${at.http.port}` }),
      () => ({ NO_PROXY: '*' }),
    ),
  ],
  [
    'proxy-url with a password',
    'admin',
    withCluster((at) => ({ ...BEHIND, 'proxy-url': `http://me:secret@127.0.0.1:${at.http.port}` })),
  ],
  [
    'proxy-url of SOCKS, which looks up the name',
    'admin',
    withCluster((at) => ({ ...BEHIND, 'proxy-url': `socks5://127.0.0.1:${at.socks.port}` })),
  ],
  [
    'SSL_CERT_FILE',
    'admin',
    withCluster(
      () => NO_CA,
      () => ({ SSL_CERT_FILE: certificate('ca.crt') }),
    ),
  ],
  [
    'SSL_CERT_DIR',
    'admin',
    withCluster(
      () => NO_CA,
      (at) => {
        mkdirSync(at.at('authorities'), { recursive: true });
        copyFileSync(certificate('ca.crt'), at.at('authorities/ca.crt'));
        return { SSL_CERT_DIR: at.at('authorities') };
      },
    ),
  ],
  [
    'what is for Node only',
    'admin',
    withCluster(
      () => ({}),
      (at) => ({
        NODE_OPTIONS: '--require /nowhere.js --frobnicate',
        NODE_EXTRA_CA_CERTS: certificate('other-ca.crt'),
        NODE_V8_COVERAGE: at.at('coverage'),
        NODE_COMPILE_CACHE: at.at('compiled'),
        HTTP_PROXY: 'http://127.0.0.1:1',
      }),
    ),
  ],
];
