// Stands where a Gateway would listen, and answers completions; one request of them, or all from it on, meets a fault.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './deliver.ts';
import type { Hit, Real } from './proxy.ts';

const COMPLETION: Real = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ object: 'text_completion', choices: [{ index: 0, text: 'Hello.' }] })),
};

/** What a request to it is called; see keyOf. */
export const PROBE = 'PROBE ';

export class FaultyGateway {
  readonly address: string;
  readonly seen: string[] = [];
  hits = 0;
  private readonly server: Server;
  private hit: Hit | null = null;

  private constructor(server: Server) {
    this.server = server;
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      incoming.resume().once('end', () => this.answer(incoming, outgoing));
    });
  }

  static async start(): Promise<FaultyGateway> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultyGateway(server);
  }

  arm(hit: Hit | null): void {
    this.seen.length = 0;
    this.hits = 0;
    this.hit = hit;
    this.server.closeAllConnections();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const key = `${PROBE}${incoming.method} ${incoming.url}`;
    this.seen.push(key);
    const { hit } = this;
    const count = this.seen.filter((one) => one === key).length;
    const meets =
      hit?.key === key && (count === hit.occurrence || (hit.persistent && count > hit.occurrence));
    if (!meets) return void outgoing.writeHead(200, COMPLETION.headers).end(COMPLETION.body);
    this.hits++;
    // A connection that is taken and closed at once is the nearest to one that is refused.
    const fault = hit.fault.does === 'refuse' ? ({ ...hit.fault, does: 'reset' } as const) : hit.fault;
    deliver(fault, COMPLETION, outgoing, () => incoming.socket.destroy());
  }
}
