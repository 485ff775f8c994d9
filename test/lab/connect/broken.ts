// Kubeconfigs, flags and environments that can't work, and what the user has to be told.
import { readFileSync } from 'node:fs';
import { certificate } from './gate.ts';
import { HIDDEN, type Crossroads, type Entries } from './crossroads.ts';
import type { Situation } from './situations.ts';

/** `told`: the cause, in what we say. kubectl fails as well, unless `kubectl` says that it goes on. */
export interface Broken {
  readonly what: string;
  readonly told: RegExp;
  readonly build: (at: Crossroads) => Situation;
}

const base64 = (name: string) => readFileSync(certificate(name)).toString('base64');
const NO_CA = { 'certificate-authority': undefined };

type Row = readonly [what: string, told: RegExp, build: (at: Crossroads) => Situation];
const file =
  (entries: (at: Crossroads) => Entries, args: string[] = [], env: object = {}) =>
  (at: Crossroads): Situation => ({ env: { KUBECONFIG: at.kubeconfig(entries(at)), ...env }, args });
const cluster = (of: (at: Crossroads) => object, env: object = {}, args: string[] = []) =>
  file((at) => ({ cluster: of(at), user: at.admin }), args, env);
const user = (of: (at: Crossroads) => object, args: string[] = []) => file((at) => ({ user: of(at) }), args);
const text =
  (content: string) =>
  (at: Crossroads): Situation => ({ env: { KUBECONFIG: at.write('text', content) } });
const admin = (at: Crossroads) => ({ user: at.admin });

const ROWS: readonly Row[] = [
  // The file
  ['no kubeconfig', /No kubeconfig was found.*\n.*Looked in .*\.kube\/config/, () => ({ env: {} })],
  [
    'KUBECONFIG of a file that is not there',
    /No kubeconfig was found.*\n.*\/gone/,
    (at) => ({ env: { KUBECONFIG: at.at('gone') } }),
  ],
  [
    'a ~ that no shell has replaced',
    /No kubeconfig was found.*\n.*~\/kubeconfig/,
    () => ({ env: { KUBECONFIG: '~/kubeconfig' } }),
  ],
  [
    '--kubeconfig of a file that is not there',
    /gone: there is no such file/,
    file(admin, ['--kubeconfig', 'gone']),
  ],
  ['a folder', /Cannot read the kubeconfig file .*directory/, (at) => ({ env: { KUBECONFIG: at.folder } })],
  ['an empty file', /No kubeconfig was found/, text('')],
  ['a file that is no YAML', /text:2 is not valid YAML/, text('apiVersion: v1\nkind: a: b\n')],
  ['a file that is something else', /holds no kubeconfig/, text('hello')],
  [
    'a name twice in one file',
    /`users` has "me" twice/,
    file(() => ({ file: { users: [{ name: 'me' }, { name: 'me' }] } })),
  ],
  // What it names
  [
    'a current-context that is not there',
    /no context "gone"/,
    file(() => ({ file: { 'current-context': 'gone' } })),
  ],
  ['no current-context', /No current context is set/, file(() => ({ file: { 'current-context': '' } }))],
  ['--context that is not there', /no context "gone"[^]*It has: here/, file(admin, ['--context', 'gone'])],
  ['--cluster that is not there', /no cluster "gone"/, file(admin, ['--cluster', 'gone'])],
  ['--user that is not there', /no user "gone"/, file(admin, ['--user', 'gone'])],
  ['a context of a user that is not there', /no user "gone"/, file(() => ({ context: { user: 'gone' } }))],
  [
    'a context of a cluster that is not there',
    /no cluster "gone"/,
    file(() => ({ context: { cluster: 'gone' } })),
  ],
  ['a cluster without an address', /"gate" has no server address/, cluster(() => ({ server: undefined }))],
  ['an address that is none', /not an http\(s\) URL|Cannot reach/, cluster(() => ({ server: 'https://' }))],
  // Trust
  [
    'an authority that did not sign',
    /signed by an authority that is not trusted/,
    cluster(() => ({ 'certificate-authority': certificate('other-ca.crt') })),
  ],
  ['no authority', /signed by an authority that is not trusted/, cluster(() => NO_CA)],
  [
    'an authority that is not there',
    /Cannot read .*\/gone, the certificate-authority of cluster "gate": there is no such file/,
    cluster(() => ({ 'certificate-authority': 'gone' })),
  ],
  [
    'an authority that is no base64',
    /cluster "gate" has certificate-authority-data that is no base64/,
    cluster(() => ({ ...NO_CA, 'certificate-authority-data': 'a!' })),
  ],
  [
    'an authority that is no certificate',
    /no certificate in PEM/,
    cluster(() => ({ ...NO_CA, 'certificate-authority-data': 'aGVsbG8=' })),
  ],
  [
    'an authority twice',
    /both certificate-authority and certificate-authority-data/,
    cluster(() => ({ 'certificate-authority-data': base64('ca.crt') })),
  ],
  [
    'an authority, and not to look at it',
    /exclude each other/,
    cluster(() => ({ 'insecure-skip-tls-verify': true })),
  ],
  [
    'another name in the certificate',
    /certificate is for localhost, 127\.0\.0\.1, not for other\.example[^]*--tls-server-name/,
    cluster(() => ({ 'tls-server-name': 'other.example' })),
  ],
  [
    'NODE_EXTRA_CA_CERTS, which kubectl does not know',
    /not trusted/,
    cluster(() => NO_CA, { NODE_EXTRA_CA_CERTS: certificate('ca.crt') }),
  ],
  [
    'NODE_TLS_REJECT_UNAUTHORIZED, which kubectl does not know',
    /^error: .*not trusted/,
    cluster(() => NO_CA, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
  ],
  [
    'SSL_CERT_FILE beside another authority',
    /not trusted/,
    cluster(() => ({ 'certificate-authority': certificate('other-ca.crt') }), {
      SSL_CERT_FILE: certificate('ca.crt'),
    }),
  ],
  // The user
  [
    'a token that is over',
    /does not accept the credentials \(401\)[^]*Log in again/,
    user(() => ({ token: 'over' })),
  ],
  [
    'a client certificate that is over',
    /does not accept the credentials \(401\)/,
    user(() => ({
      'client-certificate': certificate('expired.crt'),
      'client-key': certificate('expired.key'),
    })),
  ],
  [
    'a client certificate without its key',
    /client certificate without its client-key/,
    user(() => ({ 'client-certificate': certificate('client.crt') })),
  ],
  [
    'a key that is not there',
    /Cannot read .*\/gone, the client-key of user "me"/,
    user(() => ({ 'client-certificate': certificate('client.crt'), 'client-key': 'gone' })),
  ],
  [
    "another certificate's key",
    /client certificate, its key/,
    user(() => ({
      'client-certificate': certificate('client.crt'),
      'client-key': certificate('server.key'),
    })),
  ],
  [
    'a token and a password',
    /a token and a password/,
    user((at) => ({ ...at.admin, username: 'a', password: 'b' })),
  ],
  ['a tokenFile that is not there', /no such file.*gone/, user(() => ({ tokenFile: 'gone' }))],
  ['groups without a user', /need --as/, user((at) => ({ ...at.admin, 'as-groups': ['a'] }))],
  ['--as-group without --as', /need --as/, user((at) => at.admin, ['--as-group', 'a'])],
  [
    'the gcp auth-provider',
    /"gcp" was removed[^]*gke-gcloud-auth-plugin/,
    user(() => ({ 'auth-provider': { name: 'gcp' } })),
  ],
  [
    'the azure auth-provider',
    /"azure" was removed[^]*kubelogin/,
    user(() => ({ 'auth-provider': { name: 'azure' } })),
  ],
  [
    'an auth-provider that never was',
    /no auth-provider "mine"/,
    user(() => ({ 'auth-provider': { name: 'mine' } })),
  ],
  // A plugin
  [
    'a plugin that is missing',
    /no-such-plugin: it was not found on PATH\n.*Install it like so\./,
    user((at) => at.plugin('', { command: 'no-such-plugin', installHint: 'Install it like so.' })),
  ],
  [
    'a plugin that may not run',
    /not executable/,
    user((at) => at.plugin('', { command: at.write('data', '') })),
  ],
  [
    'a plugin that fails',
    /please log in\n[^]*plugin failed \(exit code 3\)/,
    user((at) => at.plugin('echo please log in >&2; exit 3')),
  ],
  [
    'a plugin that prints something else',
    /printed no usable ExecCredential: it is not JSON/,
    user((at) => at.plugin('echo hello')),
  ],
  [
    'a plugin that answers in another version',
    /apiVersion client\.authentication\.k8s\.io\/v1beta1, where the kubeconfig says .*\/v1\n/,
    user((at) => at.plugin('echo "$BETA"')),
  ],
  [
    'a plugin with nothing to give',
    /neither a token nor a client certificate/,
    user((at) => at.plugin('echo "$CREDENTIAL" | sed s/status/other/')),
  ],
  [
    'a plugin that wants a terminal',
    /wants to ask you something, and there is no terminal/,
    user((at) => at.plugin('echo "$CREDENTIAL"', { interactiveMode: 'Always' })),
  ],
  [
    'a plugin that does not say whether it asks',
    /interactiveMode is not one of Never, IfAvailable, Always/,
    user((at) => at.plugin('', { interactiveMode: undefined })),
  ],
  [
    'a plugin of a version that is gone',
    /v1alpha1, which is no longer spoken/,
    user((at) => at.plugin('', { apiVersion: 'client.authentication.k8s.io/v1alpha1' })),
  ],
  [
    'a plugin without a version',
    /without an apiVersion/,
    user((at) => at.plugin('', { apiVersion: undefined })),
  ],
  [
    'a plugin and an auth-provider',
    /an exec plugin and an auth-provider/,
    user((at) => ({ ...at.plugin(''), 'auth-provider': { name: 'oidc' } })),
  ],
  // The way
  [
    'nobody at that port',
    /connection refused[^]*current-context/,
    cluster(() => ({ server: 'https://127.0.0.1:1' })),
  ],
  ['a host that is not known', /host name is not known/, cluster(() => ({ server: HIDDEN }))],
  [
    'http to a port of https',
    /speaks TLS on that port[^]*https:\/\//,
    cluster((at) => ({ server: at.server.replace('https:', 'http:') })),
  ],
  [
    'no scheme: http',
    /speaks TLS on that port/,
    cluster((at) => ({ server: at.server.replace('https://', '') })),
  ],
  [
    'https to a port of http',
    /does not speak TLS/,
    cluster((at) => ({ server: `https://127.0.0.1:${at.http.port}` })),
  ],
  [
    'a proxy-url without its scheme',
    /not the URL of a proxy/,
    cluster(() => ({ 'proxy-url': '127.0.0.1:3128' })),
  ],
  [
    'a proxy-url of something else',
    /not the URL of a proxy/,
    cluster(() => ({ 'proxy-url': 'ftp://127.0.0.1' })),
  ],
  [
    'a proxy that is not there',
    /proxy .*127\.0\.0\.1:1.*refused|refused.*proxy/,
    cluster(() => ({ server: HIDDEN }), { HTTPS_PROXY: 'http://me:secret@127.0.0.1:1' }),
  ],
  [
    'a proxy that NO_PROXY excepts',
    /host name is not known/,
    cluster(() => ({ server: HIDDEN }), { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '.lab.example' }),
  ],
  [
    'ALL_PROXY, which kubectl does not know',
    /host name is not known/,
    cluster(() => ({ server: HIDDEN }), { ALL_PROXY: 'http://127.0.0.1:1' }),
  ],
  ['a --request-timeout that is none', /not a duration/, file(admin, ['--request-timeout', 'soon'])],
];

export const BROKEN: readonly Broken[] = ROWS.map(([what, told, build]) => ({ what, told, build }));
