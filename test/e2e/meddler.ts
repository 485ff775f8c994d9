// Somebody else who is always a moment faster: between our read and our write.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Kube } from '../lab/kube.ts';

export interface Meddler {
  /** For `--server`. */
  url: string;
  /** Writes of HTTPRoutes that came by. */
  seen: number;
  stop(): Promise<void>;
}

/** In front of the API server: before it lets a write of an HTTPRoute through, `meddle` is done. */
export async function startMeddler(kube: Kube, meddle: (seen: number) => Promise<void>): Promise<Meddler> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'PATCH' && url.includes('/httproutes/') && !url.includes('dryRun')) {
      self.seen += 1;
      await meddle(self.seen);
    }
    const target = new URL(url, kube.options.server);
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const { host: _, ...headers } = request.headers;
    const authorization = `Bearer ${kube.options.token}`;
    const upstream = send(target, { method, headers: { ...headers, authorization }, ca: kube.options.ca });
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', (error) => response.destroy(error));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: Meddler = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: 0,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return self;
}
