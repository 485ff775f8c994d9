import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/api/errors.ts';
import type { ConnectionFlags } from '../../src/cluster/connection-flags.ts';
import type { Kubeconfig } from '../../src/cluster/kubeconfig-files.ts';
import { select } from '../../src/cluster/kubeconfig.ts';

const NO_POD = '/nonexistent';

const config: Kubeconfig = {
  clusters: new Map([
    [
      'prod',
      { server: 'https://prod:6443/', 'certificate-authority-data': 'UFJPRA==', 'tls-server-name': 'api' },
    ],
    ['test', { server: 'https://test' }],
    ['blank', {}],
  ]),
  users: new Map([
    ['jane', { exec: { command: 'login' }, tokenFile: '/token' }],
    ['cert', { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' }],
  ]),
  contexts: new Map([
    ['prod', { cluster: 'prod', user: 'jane', namespace: 'serving' }],
    ['test', { cluster: 'test', user: 'cert' }],
    ['dangling', { cluster: 'gone' }],
  ]),
  currentContext: 'prod',
  lookedFor: ['/home/jane/.kube/config'],
};
const empty: Kubeconfig = {
  clusters: new Map(),
  users: new Map(),
  contexts: new Map(),
  currentContext: '',
  lookedFor: ['/home/jane/.kube/config'],
};

const chosen = (flags: ConnectionFlags = {}, from = config) => select(from, flags, {}, NO_POD);

function error(flags: ConnectionFlags, from = config): UserError {
  try {
    chosen(flags, from);
  } catch (caught) {
    if (caught instanceof UserError) return caught;
    throw caught;
  }
  return expect.fail('no error');
}

describe('which cluster, user and namespace', () => {
  it('are those of the current context', () => {
    const { context, cluster, user, namespace } = chosen();
    expect({ context, server: cluster.server, namespace }).to.deep.equal({
      context: 'prod',
      server: 'https://prod:6443',
      namespace: 'serving',
    });
    expect(user.exec).to.deep.equal({ command: 'login' });
  });

  it('are those that flags name', () => {
    expect(chosen({ context: 'test' })).to.deep.include({ context: 'test', namespace: 'default' });
    const mixed = chosen({ cluster: 'test', user: 'cert', namespace: 'other' });
    expect(mixed.cluster.server).to.equal('https://test');
    expect(mixed.user).to.have.property('client-key-data');
    expect(mixed.namespace).to.equal('other');
  });

  it('that do not exist are an error that names those that do', () => {
    const missing = error({ context: 'stage' });
    expect(missing.message).to.equal('The kubeconfig has no context "stage"');
    expect(missing.hint).to.include('dangling, prod, test');
    expect(error({ cluster: 'x' }).hint).to.include('blank, prod, test');
    expect(error({ user: 'x' }).hint).to.include('cert, jane');
    expect(error({ context: 'dangling' }).message).to.equal('The kubeconfig has no cluster "gone"');
  });

  it('without any configuration say where was looked', () => {
    expect(error({}, empty).hint).to.include('/home/jane/.kube/config');
  });

  it('say which name was probably meant', () => {
    expect(error({ context: 'prdo' }).hint).to.match(
      /^Did you mean: --context prod\? It has: dangling, prod, test\./,
    );
    expect(error({ context: 'elsewhere' }).hint).to.match(/^It has: dangling, prod, test\./);
  });

  it('without a current context say which there are', () => {
    const none = error({}, { ...config, currentContext: '' });
    expect(none.message).to.match(/^No current context/);
    expect(none.hint).to.include('dangling, prod, test');
  });

  it('need a server address', () => {
    expect(error({ cluster: 'blank' }).message).to.equal(
      'The kubeconfig\'s cluster "blank" has no server address',
    );
  });
});

describe('connection flags', () => {
  it('make a connection by themselves', () => {
    const { cluster, user } = chosen({ server: 'https://x', token: 't', certificateAuthority: '/ca' }, empty);
    expect(cluster).to.deep.equal({
      server: 'https://x',
      'certificate-authority': '/ca',
      'insecure-skip-tls-verify': false,
    });
    expect(user).to.deep.equal({ token: 't' });
  });

  it('take an address without a scheme for http, whatever is set up: kubectl does', () => {
    const { cluster } = chosen({ server: 'host:6443', certificateAuthority: '/ca' }, empty);
    expect(cluster.server).to.equal('http://host:6443');
  });

  it('need an address that is one', () => {
    for (const server of ['https://a b', 'ftp://x', 'https://x:port']) {
      expect(error({ server }, empty).message).to.equal(`The server address ${server} is not an http(s) URL`);
    }
  });

  it('put a token in place of whatever else there was', () => {
    expect(chosen({ token: 't' }).user).to.deep.equal({ token: 't' });
  });

  it('put files in place of inline certificates', () => {
    const { user } = chosen({ context: 'test', clientCertificate: '/c', clientKey: '/k' });
    expect(user).to.deep.equal({ 'client-certificate': '/c', 'client-key': '/k' });
  });

  it("replace the kubeconfig's trust", () => {
    const insecure = chosen({ insecureSkipTlsVerify: true }).cluster;
    expect(insecure).to.deep.include({ 'insecure-skip-tls-verify': true });
    expect(insecure).to.not.have.property('certificate-authority-data');
    expect(error({ insecureSkipTlsVerify: true, certificateAuthority: '/ca' }).message).to.include(
      'exclude each other',
    );
  });

  it('drop the server name that was meant for another server', () => {
    expect(chosen().cluster['tls-server-name']).to.equal('api');
    expect(chosen({ server: 'https://x' }).cluster).to.not.have.property('tls-server-name');
    expect(chosen({ server: 'https://x', tlsServerName: 'y' }).cluster['tls-server-name']).to.equal('y');
  });

  it('impersonate groups and a uid only along with a user', () => {
    const { user } = chosen({ as: 'bob', asGroup: ['a', 'b'], asUid: '7' });
    expect(user).to.deep.include({ as: 'bob', 'as-groups': ['a', 'b'], 'as-uid': '7' });
    expect(error({ asGroup: ['a'] }).message).to.include('need --as');
  });
});

describe('in a pod', () => {
  let folder: string;
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-account-'));
    writeFileSync(join(folder, 'token'), 'secret\n');
    writeFileSync(join(folder, 'namespace'), 'mine\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('the service account is used when no kubeconfig says otherwise', () => {
    expect(select(empty, {}, env, folder)).to.deep.equal({
      context: '',
      cluster: { server: 'https://[fd00::1]:443', 'certificate-authority': `${folder}/ca.crt` },
      user: { tokenFile: `${folder}/token` },
      namespace: 'mine',
    });
    expect(select(config, {}, env, folder).cluster.server).to.equal('https://prod:6443');
  });

  it('flags still count', () => {
    const { user, namespace } = select(empty, { as: 'bob', namespace: 'other' }, env, folder);
    expect(user.as).to.equal('bob');
    expect(namespace).to.equal('other');
  });
});
