// One connection for all requests, by HTTP/2. A cluster is often far away: twenty lists then take one round trip, not five,
// and one handshake, not four.
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { isIP } from 'node:net';
import { getBuiltinModule } from 'node:process';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { authorities } from './agent.ts';
import type { TlsMaterial } from './credentials.ts';
import type { Exchange } from './exchange.ts';
import { RequestFailure } from './failures.ts';
import { networkFailure } from './network-errors.ts';
import { OwnStream } from './own-stream.ts';
import { watchOver } from './pulse.ts';
import type { Redial } from './redial.ts';
import type { Reply } from './reply.ts';
import { limits, seconds } from './time-limits.ts';

/** How much of a list may be on its way before we say that we have read of it: more than a far server sends meanwhile. */
const STREAM_WINDOW = 8 * 1024 * 1024;
const SESSION_WINDOW = 64 * 1024 * 1024;

export class Multiplexed {
  private readonly server: URL;
  private readonly tls: TlsMaterial;
  /** Null once the server has shown that it speaks HTTP/1.1 only. */
  private session: Promise<ClientHttp2Session> | null | undefined;

  private readonly redial: Redial;

  constructor(server: string, tls: TlsMaterial, redial: Redial) {
    this.server = new URL(server);
    this.tls = tls;
    this.redial = redial;
  }

  /** @returns null where the server does not speak HTTP/2 @throws RequestFailure */
  async exchange(what: Omit<Exchange, 'agent'>): Promise<Reply | null> {
    const session = await this.connected(what);
    return session ? send(session, what) : null;
  }

  close(): void {
    void this.session?.then(
      (session) => session.destroy(),
      () => undefined,
    );
  }

  private async connected(what: Omit<Exchange, 'agent'>): Promise<ClientHttp2Session | null> {
    for (;;) {
      if (this.session === null) return null;
      const isNew = this.session === undefined;
      // Who comes while a connection is made waits for that one, and hears of its failure.
      const making = (this.session ??= this.makeSession(what));
      try {
        const session = await making;
        // A server that goes away, or wants its clients elsewhere (GOAWAY), ends the session: then another one.
        if (!session.closed && !session.destroyed) {
          what.onConnected?.();
          return session;
        }
      } catch (error) {
        if (error === NOT_SPOKEN) return (this.session = null);
        if (this.session === making) this.session = undefined;
        throw error;
      }
      if (this.session === making) this.session = undefined;
      if (isNew) throw new RequestFailure('lost', 'the connection broke', { sent: false });
    }
  }

  private async makeSession({ connectMs, signal }: Omit<Exchange, 'agent'>): Promise<ClientHttp2Session> {
    await this.redial.turn();
    const socket = await this.dial(connectMs, signal);
    socket.on('error', () => undefined); // from here on the session says it
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      throw NOT_SPOKEN;
    }
    // Loaded when it is needed: help and completion ask no server.
    const http2 = getBuiltinModule('node:http2');
    const session = http2.connect(this.server.origin, {
      createConnection: () => new OwnStream(socket),
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
    });
    session.on('error', () => undefined); // its streams say it
    session.on('goaway', () => session.close());
    session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW));
    return session;
  }

  private dial(connectMs: number, signal: AbortSignal | undefined): Promise<TLSSocket> {
    const host = this.server.hostname.replace(/^\[|\]$/g, '');
    return new Promise((resolve, reject) => {
      const socket = connectTls({
        host,
        port: Number(this.server.port || 443),
        servername: isIP(host) ? '' : host,
        ALPNProtocols: ['h2', 'http/1.1'],
        ...this.tls,
        ...authorities(this.tls),
      });
      const end = limits({ connectMs, signal }, (failure) => socket.destroy(failure));
      socket.setNoDelay(true);
      socket.once('secureConnect', () => {
        end();
        socket.removeListener('error', failed);
        resolve(socket);
      });
      const failed = (error: Error) => {
        end();
        reject(networkFailure(error, { connected: false }));
      };
      socket.once('error', failed);
    });
  }
}

const NOT_SPOKEN = new Error('no HTTP/2');

function send(session: ClientHttp2Session, what: Omit<Exchange, 'agent'>): Promise<Reply> {
  const { pathname, search } = new URL(what.url);
  return new Promise((resolve, reject) => {
    const stream = session.request(
      { ...what.headers, ':method': what.method, ':path': pathname + search },
      { endStream: what.body === undefined, ...(what.signal ? { signal: what.signal } : {}) },
    );
    watchOver(session, stream);
    const end = limits({ totalMs: what.totalMs }, (failure) => stream.destroy(failure));
    stream.setTimeout(what.silenceMs, () => {
      stream.destroy(
        new RequestFailure('timeout', `no answer within ${seconds(what.silenceMs)}`, { sent: true }),
      );
    });
    stream.once('response', (headers) => resolve(replyOf(stream, headers)));
    stream.on('error', (error) => reject(refusedOr(error)));
    stream.once('close', () => {
      end();
      reject(new RequestFailure('lost', 'the connection broke', { sent: true }));
    });
    if (what.body !== undefined) stream.end(what.body);
  });
}

function replyOf(stream: ClientHttp2Stream, headers: IncomingHttpHeaders): Reply {
  const reply = Object.assign(stream, { statusCode: Number(headers[':status']), headers });
  return Object.defineProperty(reply, 'complete', { get: () => !stream.aborted && !stream.rstCode });
}

// A refused stream has not been looked at: the server was about to close the connection.
function refusedOr(error: Error): RequestFailure {
  if (error.message.includes('NGHTTP2_REFUSED_STREAM'))
    return new RequestFailure('lost', 'the server took no more requests on this connection', {
      sent: false,
      cause: error,
    });
  return networkFailure(error, { connected: true });
}
