import { expect } from 'chai';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { UserError } from '../../src/api/errors.ts';
import type { ConnectionFlags } from '../../src/cluster/connection-flags.ts';
import { helmConnection } from '../../src/cluster/helm-connection.ts';
import { makeHelm } from '../../src/cluster/helm.ts';

describe("helm's connection", () => {
  const made = (flags: ConnectionFlags, env = {}, context = 'prod') =>
    helmConnection(flags, { context }, env);

  it('is ours, flag by flag', () => {
    const { args } = made({
      kubeconfig: '/k',
      server: 'https://x',
      as: 'bob',
      asGroup: ['a', 'b'],
      certificateAuthority: '/ca',
      tlsServerName: 'y',
      insecureSkipTlsVerify: true,
      requestTimeout: '5s',
      namespace: 'ns',
    });
    expect(args.join(' ')).to.equal(
      '--kubeconfig /k --kube-context prod --kube-apiserver https://x --kube-as-user bob --kube-as-group a ' +
        '--kube-as-group b --kube-ca-file /ca --kube-tls-server-name y --kube-insecure-skip-tls-verify',
    );
  });

  it('names no context where there is none', () => {
    expect(made({}, {}, '').args).to.deep.equal([]);
  });

  it('is not turned elsewhere by the environment', () => {
    const env = {
      HELM_KUBECONTEXT: 'x',
      HELM_KUBETOKEN: 'y',
      HELM_NAMESPACE: 'z',
      HELM_DRIVER: 'configmap',
      PATH: '/bin',
    };
    expect(made({}, env).env).to.deep.equal({ HELM_DRIVER: 'configmap', PATH: '/bin' });
  });

  it('keeps the token out of the arguments', () => {
    const { args, env } = made({ token: 'secret' });
    expect(args).to.not.include('secret');
    expect(env).to.deep.equal({ HELM_KUBETOKEN: 'secret' });
  });

  it('is an error for what helm has no flag for', () => {
    expect(() => made({ clientKey: '/k', cluster: 'c' })).to.throw(UserError, '--cluster, --client-key');
  });
});

describe('helm', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'helm-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function helmThat(script: string) {
    const file = join(folder, 'helm');
    writeFileSync(file, `#!${execPath}\n${script}`);
    chmodSync(file, 0o755);
    return makeHelm(() => ({ args: ['--kube-context', 'prod'], env: { PATH: `/nonexistent:${folder}` } }));
  }

  async function errorOf(promise: Promise<unknown>): Promise<UserError> {
    const error = await promise.catch((caught: unknown) => caught);
    if (error instanceof UserError) return error;
    return expect.fail(`no error: ${String(error)}`);
  }

  it('lists every release there is', async () => {
    const helm =
      helmThat(`console.log(JSON.stringify([{ name: process.argv.slice(2).join(' '), namespace: 'ns',
      revision: '1', status: 'failed', chart: 'inferencepool-v1.0.0', app_version: '1' }]))`);
    const args = 'list --namespace ns --all --max 0 --output json --kube-context prod';
    const release = { namespace: 'ns', status: 'failed', chart: 'inferencepool-v1.0.0' };
    expect(await helm.list('ns')).to.deep.equal([{ name: args, ...release }]);
    const [all] = await helm.list('');
    expect(all!.name).to.match(/^list --all-namespaces /);
  });

  it('hands arguments on as they are, without a shell', async () => {
    const helm = helmThat('console.log(process.argv[2])');
    expect(await helm.run(['$(id); "x" *'], {})).to.equal('$(id); "x" *');
  });

  it('tells line by line', async () => {
    const helm = helmThat('console.log("one\\ntwo"); console.error("three")');
    const lines: string[] = [];
    expect(await helm.run(['install'], { onLine: (line) => void lines.push(line) })).to.equal('one\ntwo');
    expect(lines).to.have.members(['one', 'two', 'three']);
  });

  it('fails with its last words, and no secrets of its arguments', async () => {
    const helm = helmThat('console.error("Error: no chart"); process.exit(1)');
    const error = await errorOf(helm.run(['install', 'a', '--set', 'key=secret'], {}));
    expect(error.message).to.equal('`helm install a` failed (1): Error: no chart');
  });

  it('that is missing says what was looked for, and how to do without', async () => {
    const helm = makeHelm(() => ({ args: [], env: { PATH: folder } }));
    const error = await errorOf(helm.list('ns'));
    expect(error.message).to.include('no executable `helm` on PATH').and.include(folder);
    expect(error.hint).to.include('-o helm');
  });

  it('that prints something else than a list is an error', async () => {
    const error = await errorOf(helmThat('console.log("hello")').list('ns'));
    expect(error.message).to.include('printed no JSON list: hello');
  });
});
