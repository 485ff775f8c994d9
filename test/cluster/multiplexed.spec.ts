import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net, { type AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { RequestFailure } from '../../src/cluster/failures.ts';
import { certificate, stopAll, transportTo } from './api-server.ts';
import { CredentialSource } from '../../src/cluster/credentials.ts';

type Handler = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders, before: number) => void;

interface Server {
  url: string;
  sessions: http2.ServerHttp2Session[];
  seen: http2.IncomingHttpHeaders[];
}

const running: http2.Http2SecureServer[] = [];

async function server(handle: Handler): Promise<Server> {
  const pem = (name: string) => readFileSync(certificate(name));
  const made = http2.createSecureServer({ cert: pem('server.crt'), key: pem('server.key') });
  const self: Server = { url: '', sessions: [], seen: [] };
  made.on('session', (session) => void self.sessions.push(session));
  made.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    self.seen.push(headers);
    handle(stream, headers, self.seen.length - 1);
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  running.push(made);
  self.url = `https://127.0.0.1:${(made.address() as AddressInfo).port}`;
  return self;
}

const json = (stream: http2.ServerHttp2Stream, body: object, headers: http2.OutgoingHttpHeaders = {}) => {
  stream.respond({ ':status': 200, 'content-type': 'application/json', ...headers });
  stream.end(JSON.stringify(body));
};

function transport(
  url: string,
  options: { requestTimeoutMs?: number; onWarning?: (text: string) => void } = {},
) {
  const cluster = { server: url, 'certificate-authority': certificate('ca.crt') };
  const credentials = new CredentialSource(
    { context: '', cluster, user: { token: 't' }, namespace: 'default' },
    null,
    {},
  );
  return transportTo(url, { credentials, ...options });
}

const relays: net.Server[] = [];

/** Passes all on, but of the first connection it holds back so many bytes of answers, hands them over and breaks off. */
async function breaksOff(to: string, bytes: number): Promise<string> {
  let first = true;
  const relay = net.createServer((client) => {
    const upstream = net.connect(Number(new URL(to).port), '127.0.0.1');
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream);
    if (!first) return void upstream.pipe(client);
    first = false;
    let held: Buffer[] | null = null;
    upstream.on('data', (chunk: Buffer) => {
      if (!held) return void (upstream.bytesRead > HANDSHAKE ? (held = [chunk]) : client.write(chunk));
      held.push(chunk);
      if (upstream.bytesRead < bytes) return;
      client.write(Buffer.concat(held), () => client.resetAndDestroy());
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  relays.push(relay);
  return `https://127.0.0.1:${(relay.address() as AddressInfo).port}`;
}

/** More than a handshake is, in bytes, and less than the answers. */
const HANDSHAKE = 4096;

const failureOf = (call: Promise<unknown>): Promise<RequestFailure> =>
  call.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error as RequestFailure,
  );

describe('requests over HTTP/2', () => {
  afterEach(() => {
    stopAll();
    for (const one of [...running.splice(0), ...relays.splice(0)]) one.close();
  });

  it('go over one connection, however many, with path, query, credentials and body', async () => {
    const { url, sessions, seen } = await server((stream) => json(stream, { ok: true }));
    const to = transport(`${url}/k8s/c-1`);
    await Promise.all(Array.from({ length: 60 }, () => to.call({ method: 'GET', path: '/x?limit=5' })));
    const { body } = await to.call({ method: 'POST', path: '/y', body: { a: 1 } });
    expect(body).to.deep.equal({ ok: true });
    expect(sessions).to.have.length(1);
    expect(seen[0]).to.include({ ':path': '/k8s/c-1/x?limit=5', authorization: 'Bearer t' });
    expect(seen.at(-1)).to.include({ ':method': 'POST', 'content-type': 'application/json' });
  });

  it('tell warnings, and read zipped answers', async () => {
    const told: string[] = [];
    const { url } = await server((stream) => json(stream, {}, { warning: '299 - "old", 299 - "older"' }));
    await transport(url, { onWarning: (text) => told.push(text) }).call({ method: 'GET', path: '/x' });
    expect(told).to.deep.equal(['old', 'older']);
  });

  it('go on over another connection when the server wants its clients elsewhere', async () => {
    const { url, sessions } = await server((stream) => json(stream, {}));
    const to = transport(url);
    await to.call({ method: 'GET', path: '/a' });
    const gone = new Promise((resolve) => sessions[0]!.once('close', resolve));
    sessions[0]!.goaway();
    sessions[0]!.close();
    await gone;
    await to.call({ method: 'GET', path: '/b' });
    expect(sessions).to.have.length(2);
  });

  it('are asked again when the connection breaks, if that is safe', async () => {
    const { url, seen } = await server((stream, _, before) =>
      before === 0 ? stream.session!.destroy() : json(stream, { ok: true }),
    );
    const to = transport(url);
    expect((await to.call({ method: 'GET', path: '/x' })).body).to.deep.equal({ ok: true });
    expect(seen).to.have.length(2);
  });

  it('are asked again at once when the connection breaks among many answers, while more is being asked', async () => {
    const { url } = await server((stream) => json(stream, { text: 'x'.repeat(3000) }));
    const to = transport(await breaksOff(url, 60_000));
    const began = performance.now();
    await Promise.all(Array.from({ length: 60 }, () => to.call({ method: 'GET', path: '/x' })));
    expect(performance.now() - began, 'milliseconds').to.be.below(4000);
  }).timeout(30_000);

  it('are not sent twice when they may have been heard', async () => {
    const { url, seen } = await server((stream) => stream.session!.destroy());
    const failure = await failureOf(transport(url).call({ method: 'POST', path: '/x', body: {} }));
    expect(failure).to.include({ kind: 'lost', sent: true });
    expect(seen).to.have.length(1);
  });

  it('are no answer when they break off within it', async () => {
    const { url } = await server((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.write('{"items":[', () => stream.session!.destroy());
    });
    const failure = await failureOf(transport(url).call({ method: 'GET', path: '/x', repeatable: false }));
    expect(failure).to.include({ kind: 'lost' });
  });

  it('end in time, whether the server says nothing or does not end', async () => {
    for (const handle of [
      () => undefined,
      (stream: http2.ServerHttp2Stream) => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        stream.write('{');
      },
    ]) {
      const { url } = await server(handle);
      const failure = await failureOf(
        transport(url, { requestTimeoutMs: 100 }).call({ method: 'GET', path: '/x' }),
      );
      expect(failure.message).to.match(/no full answer within 100 ms/);
      stopAll();
    }
  });
});
