// An API server played on loopback: what the specs on transport need is in their own hands.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import { Transport, type TransportOptions } from '../../src/cluster/transport.ts';

export const certificate = (name: string): string =>
  fileURLToPath(new URL(`certificates/${name}`, import.meta.url));

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly body: string;
}

/** A JSON body with status 200, or the whole answer in one's own hands. */
export type Reply = object | ((response: http.ServerResponse) => void);

export class ApiServer {
  readonly seen: Seen[] = [];
  readonly url: string;
  /** Connections that were opened. */
  connections = 0;
  private readonly server: http.Server;

  constructor(server: http.Server, scheme: string) {
    this.server = server;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('connection', () => this.connections++);
  }

  /** Drops it with all its connections. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const running = new Set<ApiServer>();
const transports = new Set<Transport>();

/** Ends what the spec started. */
export function stopAll(): void {
  for (const transport of transports) transport.close();
  for (const server of running) server.stop();
  transports.clear();
  running.clear();
}

/** @param reply called with each request and how many came before it */
export async function apiServer(
  reply: (seen: Seen, before: number) => Reply,
  tls = false,
): Promise<ApiServer> {
  const listener: http.RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      api.seen.push({ method, url, headers, rawHeaders, body });
      const answer = reply(api.seen.at(-1)!, api.seen.length - 1);
      if (typeof answer === 'function') return answer(response);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  };
  const pem = (name: string) => readFileSync(certificate(name));
  const material = { cert: pem('server.crt'), key: pem('server.key'), ca: pem('ca.crt'), requestCert: true };
  const server = tls
    ? https.createServer({ ...material, rejectUnauthorized: false }, listener)
    : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: ApiServer = new ApiServer(server, tls ? 'https' : 'http');
  running.add(api);
  return api;
}

export const status = (code: number, reason: string, message: string, details?: object): Reply =>
  answer(
    code,
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details }),
  );

export const answer =
  (code: number, body: string, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response.writeHead(code, headers).end(body);

/** The connection breaks instead of an answer. */
export const reset: Reply = (response) => void (response.socket as Socket).resetAndDestroy();

/** A transport without credentials. */
export function transportTo(server: string, options: Partial<TransportOptions> = {}): Transport {
  const cluster = { server };
  const transport = new Transport({
    server,
    credentials: new CredentialSource({ context: '', cluster, user: {}, namespace: 'default' }, null, {}),
    proxy: null,
    userAgent: 'test',
    requestTimeoutMs: 0,
    backoffMs: 10,
    onWarning: () => undefined,
    ...options,
  });
  transports.add(transport);
  return transport;
}
