// Stands in front of a lab's API server and does one fault to one request, or to that request from then on. What it lets
// through is the API server's own answer. HTTP/2 and HTTP/1.1.
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from 'node:http2';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { certificate } from '../connect/gate.ts';
import type { Kube } from '../kube.ts';
import { deliver } from './deliver.ts';
import type { Fault } from './faults.ts';
import { keyOf, mayChange } from './key.ts';

type Incoming = Http2ServerRequest | IncomingMessage;

export interface Hit {
  readonly key: string;
  /** 1 for the first request of this key. */
  readonly occurrence: number;
  readonly fault: Fault;
  /** That request from then on, rather than once. */
  readonly persistent: boolean;
}

export interface ProxyOptions {
  /** The only protocol it speaks; default both, of which a client picks HTTP/2. */
  readonly http1Only?: boolean;
  /** Lists come in pages of so many, whatever was asked for. */
  readonly page?: number;
}

/** The server's answers, by all that was asked. */
export type Tape = Map<string, Real>;

/** What the server said, all of it. */
export interface Real {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How long nobody is let in after a refused connection, where that is to pass. */
const AWAY_MS = 150;

export class FaultProxy {
  readonly port: number;
  /** The key of each request, in order, since `arm`. */
  readonly seen: string[] = [];
  /** How often the fault was done. */
  hits = 0;
  /** Whether a request that may change something went on to the server since `arm`. */
  wrote = false;
  /** What it says is said again without asking the server: for what only reads, while nothing is written. */
  tape: Tape | null = null;
  private lasting: { readonly is: (key: string) => boolean; readonly tape: Tape } | null = null;
  private readonly server: Http2SecureServer;
  private readonly sockets = new Set<TLSSocket>();
  private readonly counts = new Map<string, number>();
  private hit: Hit | null = null;
  private away = Promise.resolve();

  private constructor(server: Http2SecureServer) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(kube: Kube, options: ProxyOptions = {}): Promise<FaultProxy> {
    const { server: target, ca } = kube.options;
    // A handshake costs the server more than a list does.
    const agent = new Agent({ keepAlive: true, ca, maxSockets: 8 });
    const pem = (name: string) => readFileSync(certificate(name));
    const tls = { cert: pem('server.crt'), key: pem('server.key') };
    const protocols = options.http1Only ? { ALPNProtocols: ['http/1.1'] } : {};
    const server = createSecureServer({ ...tls, ...protocols, allowHTTP1: true });
    server.on('request', (incoming: Incoming, outgoing: unknown) => {
      void proxy.handle(incoming, outgoing as ServerResponse, { target, agent, ...options });
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      proxy.sockets.add(socket);
      socket.on('close', () => proxy.sockets.delete(socket)).on('error', () => socket.destroy());
    });
    server.on('sessionError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new FaultProxy(server);
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** From here on this fault, and a new count of requests; null: none. Ends all connections of before. */
  async arm(hit: Hit | null): Promise<void> {
    this.hit = null;
    this.cut();
    await this.away;
    if (!this.server.listening) await this.listen();
    this.seen.length = 0;
    this.counts.clear();
    this.hits = 0;
    this.wrote = false;
    this.hit = hit;
  }

  /** What the server says of these requests, by their keys, it is asked once from here on; null: each time. */
  lasts(is: ((key: string) => boolean) | null): void {
    this.lasting = is && { is, tape: new Map() };
  }

  async stop(): Promise<void> {
    this.cut();
    await this.away;
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', () => {
        this.server.removeListener('error', reject);
        resolve();
      });
    });
  }

  private refuse(persistent: boolean): void {
    if (this.server.listening) this.server.close();
    this.cut();
    if (persistent) return;
    this.away = new Promise((resolve, reject) => {
      setTimeout(() => {
        if (this.server.listening) resolve();
        else this.listen().then(resolve, reject);
      }, AWAY_MS);
    });
  }

  private async handle(incoming: Incoming, outgoing: ServerResponse, server: Server): Promise<void> {
    const body = await bodyOf(incoming as AsyncIterable<Buffer>).catch(() => null);
    if (!body) return; // the client is gone
    const { method = '', url = '' } = incoming;
    const key = keyOf(method, url, body);
    const fault = this.faultFor(key);
    const break_ = (streamOnly: boolean) => {
      if (streamOnly && 'stream' in incoming)
        incoming.stream.close(2); // INTERNAL_ERROR
      else this.cut();
    };
    if (fault?.does === 'refuse') return this.refuse(this.hit!.persistent);
    if (fault && !fault.reaches) return deliver(fault, null, outgoing, break_);

    this.wrote ||= mayChange(key);
    const headers = endToEnd(incoming.headers);
    // What is to be cut has to be text.
    if (fault) delete headers['accept-encoding'];
    const path = paged(url, server.page);
    const tape = this.tapeFor(key);
    const asked = [method, path, headers.accept, headers['accept-encoding'], body.toString()].join(' ');
    const give = (real: Real) => {
      tape?.set(asked, real);
      if (fault) return deliver(fault, real, outgoing, break_);
      outgoing.writeHead(real.status, { ...real.headers, 'content-length': real.body.length });
      outgoing.end(real.body);
    };
    const known = tape?.get(asked);
    if (known) give(known);
    else forward({ method, path, headers, body }, server, outgoing, fault || tape ? give : null);
  }

  private tapeFor(key: string): Tape | null {
    return this.lasting?.is(key) ? this.lasting.tape : this.tape;
  }

  private faultFor(key: string): Fault | null {
    this.seen.push(key);
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (this.hit?.key !== key || count < this.hit.occurrence) return null;
    if (count > this.hit.occurrence && !this.hit.persistent) return null;
    this.hits++;
    return this.hit.fault;
  }
}

type Server = { readonly target: string; readonly agent: Agent } & ProxyOptions;

interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** @param give takes the whole answer; null: it is passed on as it comes */
function forward(
  { method, path, headers, body }: Question,
  { target, agent }: Server,
  outgoing: ServerResponse,
  give: ((real: Real) => void) | null,
): void {
  let read = false;
  const upstream = request(target + path, { method, headers, agent }, (answer) => {
    answer.on('end', () => (read = true));
    if (give) return void whole(answer).then(give, () => outgoing.destroy());
    outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    if ('flushHeaders' in outgoing) outgoing.flushHeaders(); // a watch may have nothing to say for a long time
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  upstream.on('error', () => outgoing.destroy());
  // A connection whose answer has been read serves the next request: a handshake for each would cost more than all else.
  outgoing.on('close', () => {
    if (!read) upstream.destroy();
  });
  upstream.end(body);
}

async function whole(answer: IncomingMessage): Promise<Real> {
  const body = await bodyOf(answer);
  return { status: answer.statusCode ?? 502, headers: endToEnd(answer.headers), body };
}

async function bodyOf(message: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function paged(url: string, page: number | undefined): string {
  return page === undefined ? url : url.replace(/([?&]limit=)\d+/, `$1${page}`);
}

/** Without those that are about the connection, which HTTP/2 has not. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const between = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'host'];
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && !between.includes(name)),
  );
}
