// Stands in front of a lab's API server, with certificates of its own, and writes down who asked for what. Bearer tokens
// go through to the API server; a client certificate becomes an impersonation, since the lab's server takes none. So
// what both clients get is the API server's own answer.
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab.ts';

export const certificate = (name: string): string =>
  fileURLToPath(new URL(`../../cluster/certificates/${name}`, import.meta.url));

/** What a request says of who sends it. */
export interface Identity {
  readonly authorization: string;
  /** `CN` of a client certificate that is valid; '' without one. */
  readonly certificate: string;
  /** Impersonate-… headers as `name: value`, sorted. */
  readonly impersonated: readonly string[];
  /** The host name of the TLS handshake; '' for an address. */
  readonly serverName: string;
}

export interface Seen extends Identity {
  readonly client: 'kubectl' | 'infpool';
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly accept: string;
}

type Incoming = Http2ServerRequest | IncomingMessage;
// Node's two kinds have the same methods, by types that TypeScript can't call as one.
type Outgoing = ServerResponse;

/** True when it has answered, or never will. */
export type Answering = (seen: Seen, response: Outgoing) => boolean;

export class Gate {
  readonly seen: Seen[] = [];
  readonly port: number;
  /** TLS connections that were made. */
  connections = 0;
  /** Looked at before a request goes through. */
  answering: Answering = () => false;
  private readonly server: Http2SecureServer;
  readonly sockets = new Set<TLSSocket>();

  constructor(server: Http2SecureServer) {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** Who asked since the last time, each once. */
  takeIdentities(): Identity[] {
    const taken = this.take().map(({ authorization, certificate, impersonated, serverName }) =>
      JSON.stringify({ authorization, certificate, impersonated, serverName }),
    );
    return [...new Set(taken)].map((text) => JSON.parse(text) as Identity);
  }

  take(): Seen[] {
    return this.seen.splice(0);
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

export async function startGate(lab: Pick<Lab, 'admin'>): Promise<Gate> {
  const { server: target, token, ca } = lab.admin.options;
  const agent = new Agent({ keepAlive: true, ca });
  const pem = (name: string) => readFileSync(certificate(name));
  const tls = { cert: pem('server.crt'), key: pem('server.key'), ca: pem('ca.crt') };
  const server = createSecureServer(
    { ...tls, requestCert: true, rejectUnauthorized: false, allowHTTP1: true },
    (incoming: Incoming, reply: Http2ServerResponse | ServerResponse) => {
      const outgoing = reply as Outgoing;
      const seen = read(incoming);
      gate.seen.push(seen);
      if (gate.answering(seen, outgoing)) return;
      const socket = socketOf(incoming);
      const presented = socket.getPeerCertificate();
      if (presented.subject && !socket.authorized && seen.authorization === '') return refuse(outgoing);
      const headers = endToEnd(incoming.headers);
      delete headers.host;
      if (seen.certificate !== '') {
        headers.authorization = `Bearer ${token}`;
        headers['impersonate-user'] ??= seen.certificate;
      }
      pass(incoming, outgoing, { target, headers, agent });
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    gate.connections++;
    gate.sockets.add(socket);
    socket.on('close', () => gate.sockets.delete(socket)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const gate: Gate = new Gate(server);
  return gate;
}

function socketOf(incoming: Incoming): TLSSocket {
  return ('stream' in incoming ? incoming.stream.session!.socket : incoming.socket) as TLSSocket;
}

/** Without those that are about the connection, which HTTP/2 has not. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const between = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te'];
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(':') && !between.includes(name)),
  );
}

function read(incoming: Incoming): Seen {
  const { headers, rawHeaders, method = '', url = '' } = incoming;
  const socket = socketOf(incoming);
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 ? [] : [`${name.toLowerCase()}: ${String(rawHeaders[index + 1])}`],
  );
  const { subject } = socket.getPeerCertificate();
  return {
    client: headers['user-agent']?.startsWith('kubectl-infpool') ? 'infpool' : 'kubectl',
    method,
    path: url,
    accept: headers.accept ?? '',
    authorization: headers.authorization ?? '',
    certificate: socket.authorized && subject ? String(subject.CN) : '',
    impersonated: pairs.filter((pair) => pair.startsWith('impersonate-')).sort(),
    serverName: socket.servername || '',
  };
}

interface Onward {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly agent: Agent;
}

function pass(incoming: Incoming, outgoing: Outgoing, { target, headers, agent }: Onward): void {
  const upstream = request(target + incoming.url, { method: incoming.method, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers));
    if ('flushHeaders' in outgoing) outgoing.flushHeaders(); // a watch may have nothing to say for a long time
    answer.pipe(outgoing);
    answer.on('error', () => outgoing.destroy());
  });
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

/** As the API server does it for a certificate that it can't use, or a token that it doesn't know. */
export function refuse(outgoing: Outgoing): void {
  const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 401 };
  outgoing.writeHead(401, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ ...status, reason: 'Unauthorized', message: 'Unauthorized' }));
}
