// A data plane in this process: plays Envoy with the endpoint pickers behind it.
import { Agent, createServer, type Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import type { DataPlane } from './data-plane.ts';
import { evenPoints, findEntry } from './match.ts';
import { answer, proxy } from './proxy.ts';
import type { RoutingTable } from './routing.ts';

export async function startHttpPlane(options: { address: string; ports: number[] }): Promise<DataPlane> {
  const { address } = options;
  let table: RoutingTable = { listeners: [] };
  const agent = new Agent({ keepAlive: true });
  const points = {
    backend: evenPoints((Math.sqrt(5) - 1) / 2),
    model: evenPoints(Math.SQRT2 - 1),
    endpoint: evenPoints(Math.sqrt(3) - 1),
  };

  const serve = (port: number) =>
    createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://gateway');
      const host = (request.headers.host ?? '').replace(/:\d+$/, '');
      const entry = findEntry(table.listeners.find((listener) => listener.port === port)?.entries ?? [], {
        method: request.method ?? 'GET',
        host: isIP(host) ? '' : host,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
      });
      if (!entry) return answer(response, 404, 'no route matches');
      proxy({ entry, request, response, agent, points }).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else answer(response, 502, String(error));
      });
    });

  const servers: Server[] = [];
  const ports = new Map<number, number>();
  try {
    for (const port of options.ports) {
      const server = serve(port);
      servers.push(server);
      ports.set(port, await listen(server, address, port));
    }
  } catch (error) {
    await Promise.all(servers.map(close));
    throw error;
  }
  return {
    address,
    ports,
    apply: (next) => void (table = next),
    async stop() {
      await Promise.all(servers.map(close));
      agent.destroy();
    },
  };
}

/** The port asked for, or any where it needs rights that we don't have. */
async function listen(server: Server, address: string, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  await attempt(port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    return attempt(0);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
