import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { RequestFailure } from '../../src/cluster/failures.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { answer, apiServer, reset, status, stopAll, transportTo, type Reply } from './api-server.ts';

const GET = { method: 'GET', path: '/x' } as const;
const POST = { method: 'POST', path: '/x', body: { a: 1 } } as const;

async function failureOf(
  transport: Transport,
  call: Parameters<Transport['call']>[0] = GET,
): Promise<RequestFailure> {
  const came = await transport.call(call).catch((error: unknown) => error);
  if (came instanceof RequestFailure) return came;
  return expect.fail(`no failure: ${JSON.stringify(came)}`);
}

describe('transport', () => {
  afterEach(stopAll);

  it('sends and receives JSON', async () => {
    const server = await apiServer(() => ({ ok: 'é' }));
    const { status, body } = await transportTo(server.url).call(POST);
    expect({ status, body }).to.deep.equal({ status: 200, body: { ok: 'é' } });
    const [seen] = server.seen;
    expect(seen).to.include({ method: 'POST', url: '/x', body: '{"a":1}' });
    expect(seen!.headers).to.include({ 'content-type': 'application/json', 'user-agent': 'test' });
  });

  it('keeps its connections and opens only so many', async () => {
    const server = await apiServer(() => ({}));
    const transport = transportTo(server.url);
    await Promise.all(Array.from({ length: 30 }, () => transport.call(GET)));
    await transport.call(GET);
    expect(server.connections).to.equal(4);
  });

  it('keeps the path of a server that has one', async () => {
    const server = await apiServer(() => ({}));
    await transportTo(`${server.url}/k8s/clusters/c-1`).call(GET);
    expect(server.seen[0]!.url).to.equal('/k8s/clusters/c-1/x');
  });

  it('takes zipped answers', async () => {
    const zipped = gzipSync(JSON.stringify({ long: 'x'.repeat(10_000) }));
    const server = await apiServer(
      () => (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
    );
    const { body } = await transportTo(server.url).call(GET);
    expect(body).to.have.property('long').of.length(10_000);
    expect(server.seen[0]!.headers['accept-encoding']).to.equal('gzip');
  });

  it('tells each warning of the server once', async () => {
    const header = '299 - "old \\"thing\\"", 299 - "and, another"';
    const server = await apiServer(() => answer(200, '{}', { warning: header }));
    const told: string[] = [];
    const transport = transportTo(server.url, { onWarning: (text) => void told.push(text) });
    await transport.call(GET);
    await transport.call(GET);
    expect(told).to.deep.equal(['old "thing"', 'and, another']);
  });

  describe('when the connection breaks', () => {
    it('reads again', async () => {
      const server = await apiServer((_, before) => (before === 0 ? reset : { ok: true }));
      expect((await transportTo(server.url).call(GET)).body).to.deep.equal({ ok: true });
    });

    it('does not write again unless writing twice is the same', async () => {
      const server = await apiServer((_, before) => (before < 2 ? reset : { ok: true }));
      const transport = transportTo(server.url);
      expect(await failureOf(transport, POST)).to.include({ kind: 'lost', sent: true });
      expect(server.seen).to.have.length(1);
      expect((await transport.call({ ...POST, repeatable: true })).status).to.equal(200);
    });

    it('within an answer, that is no answer', async () => {
      const server = await apiServer(() => (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"items":[');
        setTimeout(() => response.socket?.destroy(), 10);
      });
      expect(await failureOf(transportTo(server.url), POST)).to.include({ kind: 'lost', sent: true });
    });

    it('within a zipped answer too', async () => {
      const zipped = gzipSync('{"items":[]}').subarray(0, 15);
      const server = await apiServer(
        () => (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
      );
      expect((await failureOf(transportTo(server.url), POST)).kind).to.equal('lost');
    });
  });

  it('asks again after 503, and in the end shows it', async () => {
    const busy = status(503, 'ServiceUnavailable', 'starting');
    const server = await apiServer((_, before) => (before === 0 ? busy : {}));
    expect((await transportTo(server.url).call(GET)).status).to.equal(200);
    expect(server.seen).to.have.length(2);
    const { status: code } = await transportTo((await apiServer(() => busy)).url).call(POST);
    expect(code).to.equal(503);
  });

  it('does not take a page of HTML, or nothing, or a redirect, for an answer', async () => {
    const html = await apiServer(() => answer(200, '<html>log in</html>', { 'content-type': 'text/html' }));
    const failure = await failureOf(transportTo(html.url));
    expect(failure.kind).to.equal('malformed');
    expect(failure.message).to.include('HTTP 200, text/html');
    for (const odd of [
      answer(200, ''),
      answer(200, '{"items":['),
      answer(302, '{}', { location: '/login' }),
    ]) {
      const server = await apiServer(() => odd);
      expect((await failureOf(transportTo(server.url))).kind).to.equal('malformed');
    }
  });

  it('notices that the server wants TLS', async () => {
    const server = await apiServer(() => answer(400, 'Client sent an HTTP request to an HTTPS server.\n'));
    expect(await failureOf(transportTo(server.url), POST)).to.include({ kind: 'tls', sent: false });
  });

  it('hands on an error without JSON as it is', async () => {
    const server = await apiServer(() => answer(404, '404 page not found\n'));
    const { status: code, body, text } = await transportTo(server.url).call(GET);
    expect({ code, body, text }).to.deep.equal({ code: 404, body: undefined, text: '404 page not found\n' });
  });

  it('says that nobody listens, and that nothing was sent', async () => {
    const { url } = await apiServer(() => ({}));
    stopAll();
    const failure = await failureOf(transportTo(url), POST);
    expect(failure).to.include({ kind: 'unreachable', sent: false, message: 'connection refused' });
  });

  it('does not try each one in the queue when there is no server', async () => {
    // A port that takes connections and never says anything, to a client that wants TLS.
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    let connections = 0;
    mute.on('connection', () => connections++);
    const transport = transportTo(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`, {
      requestTimeoutMs: 50,
    });
    const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(transport)));
    expect(new Set(failures.map(({ kind }) => kind))).to.deep.equal(new Set(['unreachable']));
    mute.close();
    expect(connections).to.equal(1);
    expect(new Set(failures).size, 'all hear of the same').to.equal(1);
  });

  it('knows a host name that does not exist', async () => {
    const failure = await failureOf(transportTo('http://no-such-host.invalid'));
    expect(failure).to.include({ kind: 'unreachable', sent: false });
  });

  describe('--request-timeout', () => {
    it('ends a request without an answer', async () => {
      const server = await apiServer(() => () => undefined);
      const failure = await failureOf(transportTo(server.url, { requestTimeoutMs: 50 }));
      expect(failure).to.include({ kind: 'timeout', sent: true, message: 'no full answer within 50 ms' });
    });

    it('does not count the time in the queue', async () => {
      const slow: Reply = (response) => void setTimeout(() => response.end('{}'), 250);
      const server = await apiServer(() => slow);
      const transport = transportTo(server.url, { requestTimeoutMs: 450 });
      const all = await Promise.all(Array.from({ length: 20 }, () => transport.call(GET)));
      expect(all.map(({ status: code }) => code)).to.deep.equal(all.map(() => 200));
    });

    it('ends an answer that never ends', async () => {
      const server = await apiServer(() => (response) => void response.writeHead(200).write('{'));
      const failure = await failureOf(transportTo(server.url, { requestTimeoutMs: 50 }));
      expect(failure).to.include({ kind: 'timeout', message: 'no full answer within 50 ms' });
      expect(server.seen).to.have.length(1);
    });
  });
});
