import { expect } from 'chai';
import http from 'node:http';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { UserError } from '../../src/api/errors.ts';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import { proxyFor } from '../../src/cluster/proxy.ts';
import { apiServer, certificate, stopAll, transportTo } from './api-server.ts';

describe('which proxy', () => {
  const proxy = 'http://proxy:3128';
  const HTTPS = { HTTPS_PROXY: proxy };

  it('is the one of the kubeconfig, whatever NO_PROXY says', () => {
    const env = { HTTPS_PROXY: 'http://other', NO_PROXY: '*' };
    expect(proxyFor('https://api', 'socks5://localhost:1080', env)).to.equal('socks5h://localhost:1080');
  });

  it('is the one of the environment for that protocol', () => {
    expect(proxyFor('https://api', undefined, HTTPS)).to.equal(proxy);
    expect(proxyFor('https://api', undefined, { https_proxy: 'proxy:3128' })).to.equal(proxy);
    expect(proxyFor('http://api', undefined, HTTPS)).to.equal(null);
    expect(proxyFor('http://api', undefined, { HTTP_PROXY: proxy })).to.equal(proxy);
    expect(proxyFor('https://api', undefined, {})).to.equal(null);
  });

  it('is none for this machine', () => {
    for (const server of ['https://localhost:6443', 'https://127.0.0.1:6443', 'https://[::1]:6443']) {
      expect(proxyFor(server, undefined, HTTPS), server).to.equal(null);
    }
  });

  it('is none for what NO_PROXY excepts', () => {
    const cases: [string, string, boolean][] = [
      ['*', 'https://api', true],
      ['other, api.example.com', 'https://api.example.com', true],
      ['example.com', 'https://api.example.com', true],
      ['.example.com', 'https://api.example.com', true],
      ['*.example.com', 'https://api.example.com', true],
      ['.example.com', 'https://example.com', false],
      ['example.com', 'https://badexample.com', false],
      ['API.example.com', 'https://api.EXAMPLE.com', true],
      ['10.0.0.0/8', 'https://10.1.2.3:6443', true],
      ['10.0.0.0/8', 'https://11.1.2.3:6443', false],
      ['10.1.2.3', 'https://10.1.2.3', true],
      ['10.1.2.3:6443', 'https://10.1.2.3', false],
      ['10.1.2.3:443', 'https://10.1.2.3', true],
      ['fd00::/8', 'https://[fd00::1]:6443', true],
      ['[fd00::1]:6443', 'https://[fd00::1]:6443', true],
      ['fd00::1', 'https://[fd00::2]', false],
      ['10.0.0.0/99', 'https://10.1.2.3', false],
      ['', 'https://api', false],
    ];
    for (const [NO_PROXY, server, excepted] of cases) {
      const found = proxyFor(server, undefined, { ...HTTPS, NO_PROXY });
      expect(found, `${NO_PROXY} ${server}`).to.equal(excepted ? null : proxy);
    }
  });

  it('is an error where it is no URL of one', () => {
    expect(() => proxyFor('https://api', 'ftp://x', {})).to.throw(
      UserError,
      'the proxy-url of the kubeconfig',
    );
    expect(() => proxyFor('https://api', undefined, { HTTPS_PROXY: '::' })).to.throw(
      UserError,
      'HTTPS_PROXY',
    );
  });
});

describe('through a proxy', () => {
  let proxy: http.Server;
  let url: string;
  let asked: string[];
  let open: boolean;
  beforeEach(async () => {
    [asked, open] = [[], true];
    proxy = http.createServer().on('connect', (request, client) => {
      asked.push(request.url!);
      if (!open) return client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const [host, port] = request.url!.split(':');
      const server = dial(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      for (const end of [server, client])
        end.on('error', () => [server, client].forEach((one) => one.destroy()));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    stopAll();
    proxy.close();
    proxy.closeAllConnections();
  });

  async function transport(through = url) {
    const server = await apiServer(() => ({ ok: true }), true);
    const cluster = { server: server.url, 'certificate-authority': certificate('ca.crt') };
    const selected = { context: '', cluster, user: { token: 't' }, namespace: 'default' };
    const credentials = new CredentialSource(selected, through, {});
    return { server, transport: transportTo(server.url, { proxy: through, credentials }) };
  }

  it('requests go in a tunnel, one for several', async () => {
    const { server, transport: one } = await transport();
    await one.call({ method: 'GET', path: '/x' });
    expect((await one.call({ method: 'GET', path: '/x' })).body).to.deep.equal({ ok: true });
    expect(asked).to.deep.equal([new URL(server.url).host]);
  });

  it('that does not let us, nothing was sent', async () => {
    open = false;
    const { transport: one } = await transport();
    const failure = await one.call({ method: 'POST', path: '/x', body: {} }).catch((error: unknown) => error);
    expect(failure).to.include({ kind: 'unreachable', sent: false });
    expect((failure as Error).message)
      .to.include('the proxy did not let us through')
      .and.include('407');
  });

  it('may speak SOCKS', async () => {
    const reached: number[] = [];
    // RFC 1928, for one who needs no login and asks for an IPv4 address.
    const socks = createServer((client) => {
      client.once('data', () => {
        client.write(Buffer.from([5, 0]));
        client.once('data', (request) => {
          const port = request.readUInt16BE(8);
          reached.push(port);
          const server = dial(port, [...request.subarray(4, 8)].join('.'), () => {
            client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            server.pipe(client).pipe(server);
          });
          for (const end of [server, client])
            end.on('error', () => [server, client].forEach((one) => one.destroy()));
        });
      });
    });
    await new Promise<void>((resolve) => socks.listen(0, '127.0.0.1', resolve));
    const { server, transport: one } = await transport(
      `socks5://127.0.0.1:${(socks.address() as AddressInfo).port}`,
    );
    expect((await one.call({ method: 'GET', path: '/x' })).body).to.deep.equal({ ok: true });
    expect(reached).to.deep.equal([Number(new URL(server.url).port)]);
    stopAll();
    socks.close();
  });
});
