import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { execPath } from 'node:process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/api/errors.ts';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import type { RequestFailure } from '../../src/cluster/failures.ts';
import { cannotReach } from '../../src/cluster/failures.ts';
import type { ClusterEntry, UserEntry } from '../../src/cluster/kubeconfig-entries.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { apiServer, certificate, status, stopAll, transportTo, type ApiServer } from './api-server.ts';

const GET = { method: 'GET', path: '/x' } as const;
const CA = { 'certificate-authority': certificate('ca.crt') };

function transport(url: string, user: UserEntry, cluster: ClusterEntry = CA): Transport {
  const selected = { context: '', cluster: { ...cluster, server: url }, user, namespace: 'default' };
  return transportTo(url, { credentials: new CredentialSource(selected, null, { FROM_ENV: 'yes' }) });
}

const sent = (server: ApiServer) => server.seen.map(({ headers }) => headers.authorization);

describe('credentials', function () {
  this.timeout(10_000); // client-node's generated client loads with it, unbundled
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'credentials-'))));
  afterEach(() => {
    stopAll();
    rmSync(folder, { recursive: true });
  });

  it('are a token, or a name and a password', async () => {
    const server = await apiServer(() => ({}), true);
    await transport(server.url, { token: 't' }).call(GET);
    await transport(server.url, { username: 'jane', password: 'pass:word' }).call(GET);
    expect(sent(server)).to.deep.equal([
      'Bearer t',
      `Basic ${Buffer.from('jane:pass:word').toString('base64')}`,
    ]);
  });

  it('with a line break in the middle are an error, and not sent', async () => {
    const broken = transport('https://x', { token: 'a\nb' }).call(GET);
    expect(await broken.catch((error: UserError) => error.message)).to.match(/^The token holds a line break/);
  });

  it('are not sent to a server without TLS', async () => {
    const server = await apiServer(() => ({}));
    await transport(server.url, { token: 't', as: 'bob' }).call(GET);
    expect(sent(server)).to.deep.equal([undefined]);
    expect(server.seen[0]!.headers['impersonate-user']).to.equal('bob');
  });

  it('come from a file, which is read again when the server refuses them', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'old\n');
    const server = await apiServer(
      ({ headers }) =>
        headers.authorization === 'Bearer old' ? status(401, 'Unauthorized', 'Unauthorized') : {},
      true,
    );
    const one = transport(server.url, { tokenFile, token: 'less important' });
    writeFileSync(tokenFile, 'old\n');
    const renewed = (await one
      .call({ ...GET, path: '/first' })
      .catch((error: RequestFailure) => error)) as Error;
    expect(renewed.message).to.equal('Unauthorized');
    writeFileSync(tokenFile, 'new\n');
    await Promise.all([one.call(GET), one.call(GET)]);
    expect(sent(server).slice(-2)).to.deep.equal(['Bearer new', 'Bearer new']);
  });

  it('that are refused for good say so', async () => {
    const server = await apiServer(() => status(401, 'Unauthorized', 'Unauthorized'), true);
    const failure = await transport(server.url, { token: 't' })
      .call(GET)
      .catch((error: RequestFailure) => error);
    expect(failure).to.include({ kind: 'unauthorized', sent: false });
    expect(server.seen).to.have.length(1);
    expect(cannotReach(server.url, failure as RequestFailure).message).to.include(
      'does not accept the credentials',
    );
  });

  it('impersonate with every group in a header of its own', async () => {
    const server = await apiServer(() => ({}), true);
    const extra = { 'as-user-extra': { 'example.com/scope': ['a', 'b'] } };
    await transport(server.url, { as: 'bob', 'as-groups': ['one', 'two'], 'as-uid': '7', ...extra }).call(
      GET,
    );
    const { rawHeaders } = server.seen[0]!;
    const pairs = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [`${name}: ${rawHeaders[index + 1]}`],
    );
    expect(pairs.filter((pair) => pair.startsWith('Impersonate-'))).to.deep.equal([
      'Impersonate-User: bob',
      'Impersonate-Uid: 7',
      'Impersonate-Group: one',
      'Impersonate-Group: two',
      'Impersonate-Extra-example.com%2Fscope: a',
      'Impersonate-Extra-example.com%2Fscope: b',
    ]);
  });

  it('are a client certificate', async () => {
    let subject: unknown;
    const server = await apiServer(
      () => (response) => {
        subject = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
        response.end('{}');
      },
      true,
    );
    const files = {
      'client-certificate': certificate('client.crt'),
      'client-key': certificate('client.key'),
    };
    await transport(server.url, files).call(GET);
    expect(subject).to.equal('jane');
    const data = (name: string) => readFileSync(certificate(name)).toString('base64');
    const inline = { 'client-certificate-data': data('client.crt'), 'client-key-data': data('client.key') };
    await transport(server.url, inline).call(GET);
  });

  it('that can not be read are an error with the file', async () => {
    const error = await transport('https://x', { tokenFile: join(folder, 'none') })
      .call(GET)
      .catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.include(join(folder, 'none'));
  });

  describe("the server's certificate", () => {
    const tls = async (cluster: ClusterEntry, host = '127.0.0.1') => {
      const server = await apiServer(() => ({}), true);
      return transport(server.url.replace('127.0.0.1', host), {}, cluster).call(GET);
    };
    const message = (error: RequestFailure) => `${error.kind}: ${error.message}`;

    it('must be signed by an authority we trust', async () => {
      expect(await tls({}).catch(message)).to.match(
        /^tls: its certificate is signed by an authority that is not trusted/,
      );
    });

    it('must be for that host', async () => {
      const other = { ...CA, 'tls-server-name': 'other.example.com' };
      expect(await tls(other).catch(message)).to.match(/^tls: .*other\.example\.com/);
      expect(await tls({ ...CA, 'tls-server-name': 'localhost' })).to.include({ status: 200 });
    });

    it('is not looked at when told so', async () => {
      expect(await tls({ 'insecure-skip-tls-verify': true })).to.include({ status: 200 });
    });

    it('is missing where the port speaks no TLS', async () => {
      const plain = await apiServer(() => ({}));
      const failed = transport(plain.url.replace('http:', 'https:'), {}).call(GET).catch(message);
      expect(await failed).to.equal('tls: it does not speak TLS on that port');
    });
  });

  describe('of a plugin', () => {
    const apiVersion = 'client.authentication.k8s.io/v1';
    function plugin(script: string, more: object = {}): UserEntry {
      const file = join(folder, 'plugin.cjs');
      writeFileSync(file, script);
      return { exec: { apiVersion, command: execPath, args: [file], interactiveMode: 'Never', ...more } };
    }
    const printing = (credential: string) =>
      `const { env } = process; console.log(JSON.stringify({ apiVersion: '${apiVersion}', kind: 'ExecCredential', status: ${credential} }))`;
    const errorOf = (user: UserEntry) =>
      transport('https://x', user)
        .call(GET)
        .then(
          () => expect.fail('no error'),
          (error: UserError) => error,
        );

    it('are asked for once, with what it needs to know in its environment', async () => {
      const server = await apiServer(() => ({}), true);
      const script = printing(
        '{ token: Buffer.from(env.KUBERNETES_EXEC_INFO + env.FROM_ENV + env.EXTRA).toString("hex") }',
      );
      const env = [{ name: 'EXTRA', value: 'extra' }];
      const one = transport(server.url, plugin(script, { provideClusterInfo: true, env }));
      await Promise.all([one.call(GET), one.call(GET)]);
      const [authorization, other] = sent(server);
      expect(authorization).to.equal(other);
      const told = Buffer.from(authorization!.slice('Bearer '.length), 'hex').toString();
      expect(told).to.match(/yesextra$/);
      const info = JSON.parse(told.slice(0, -'yesextra'.length)) as Record<string, unknown>;
      expect(info).to.deep.include({ apiVersion, kind: 'ExecCredential' });
      expect(info['spec']).to.have.nested.property('cluster.server', server.url);
      expect(info['spec']).to.have.nested.property('cluster.certificate-authority-data').that.is.a('string');
      expect(info['spec']).to.have.property('interactive', false);
    });

    it('are asked for again when the server refuses them', async () => {
      const count = join(folder, 'count');
      writeFileSync(count, '');
      const counting = `const fs = require('fs'); fs.appendFileSync('${count}', 'x'); const token = 't' + fs.readFileSync('${count}').length;`;
      const server = await apiServer(
        ({ headers }) => (headers.authorization === 'Bearer t1' ? status(401, 'Unauthorized', 'no') : {}),
        true,
      );
      const one = transport(server.url, plugin(counting + printing('{ token }')));
      await Promise.all([one.call(GET), one.call(GET), one.call(GET)]);
      expect(readFileSync(count, 'utf8')).to.equal('xx');
    });

    it('may be a client certificate', async () => {
      let subject: unknown;
      const server = await apiServer(
        () => (response) => {
          subject = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
          response.end('{}');
        },
        true,
      );
      const pem = (name: string) => JSON.stringify(readFileSync(certificate(name), 'utf8'));
      const script = printing(
        `{ clientCertificateData: ${pem('client.crt')}, clientKeyData: ${pem('client.key')} }`,
      );
      await transport(server.url, plugin(script)).call(GET);
      expect(subject).to.equal('jane');
    });

    it('that fails are an error with its exit code; its own words went to the terminal before', async () => {
      const error = await errorOf(plugin('process.exit(3)'));
      expect(error.message).to.match(/^The credential plugin .+ failed \(exit code 3\)$/);
    });

    it('that is missing are an error with its install hint', async () => {
      const error = await errorOf({ exec: { command: 'no-such-plugin', installHint: 'Install it.' } });
      expect(error.message).to.equal(
        'Cannot run the credential plugin no-such-plugin: it was not found on PATH',
      );
      expect(error.hint).to.equal('Install it.');
    });

    it('that prints something else are an error', async () => {
      expect((await errorOf(plugin('console.log("hello")'))).message).to.match(
        /no usable ExecCredential: it is not JSON$/,
      );
      expect((await errorOf(plugin(printing('{}')))).message).to.match(/neither a token nor/);
    });
  });
});
