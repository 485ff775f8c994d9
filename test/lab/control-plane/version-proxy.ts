// An API server says which version it is by a string that is linked into it; no flag changes it, and linking
// another 100 MB program for each version a test plays takes half a minute. So a lab that plays GKE has this
// in front of the same kube-apiserver: TLS with the server's own certificate, every byte of every request and
// answer passed through (credentials, watches, errors), only the answer to GET /version edited. The one other
// difference: it speaks HTTP/1.1 only.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';

export interface ProxyOptions {
  port: number;
  /** of the real server */
  upstreamPort: number;
  gitVersion: string;
  certFile: string;
  keyFile: string;
}

export async function startVersionProxy(options: ProxyOptions): Promise<Server> {
  const cert = readFileSync(options.certFile);
  const agent = new Agent({ keepAlive: true, ca: cert });
  const server = createServer(
    // Idle connections are kept for longer than any client keeps them: a client must not meet a closed one.
    { cert, key: readFileSync(options.keyFile), keepAliveTimeout: 3_600_000, requestTimeout: 0 },
    (incoming, outgoing) => pass(incoming, outgoing, options, agent),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
  });
  return server;
}

function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: ProxyOptions,
  agent: Agent,
): void {
  const isVersion = incoming.method === 'GET' && /^\/version\/?(\?|$)/.test(incoming.url ?? '');
  const headers = { ...incoming.headers };
  if (isVersion) delete headers['accept-encoding']; // it is to be read here
  const upstream = request(
    {
      host: '127.0.0.1',
      port: options.upstreamPort,
      method: incoming.method,
      path: incoming.url,
      headers,
      agent,
    },
    (answer) => {
      if (isVersion && answer.statusCode === 200)
        return void editVersion(answer, outgoing, options.gitVersion);
      outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
      outgoing.flushHeaders(); // a watch may have nothing to say for a long time
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    },
  );
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

async function editVersion(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  gitVersion: string,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  const real = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
  const played = {
    ...real,
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion,
  };
  const body = JSON.stringify(played, null, 2);
  outgoing.writeHead(200, { ...answer.headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}
