// A TCP proxy on loopback that cuts all of its connections every few seconds, and lets nobody in for a second now and
// then: once by refusing, once by hanging up. When is random, and the same for the same seed.
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Between two cuts. */
const [SOONEST_MS, LATEST_MS] = [2000, 6000];
const AWAY_MS = 1000;
/** Of the cuts; the others can be connected anew at once. */
const AWAY_SHARE = 1 / 4;

export class Cutter {
  readonly port: number;
  /** Times that connections were cut. */
  cuts = 0;
  /** Times among them that nobody was let in for a while. */
  outages = 0;
  connections = 0;
  /** Connections that were hung up on at once: half of the outages can count them. */
  turnedAway = 0;
  private readonly server: Server;
  private readonly sockets: Set<Socket>;
  private readonly random: () => number;
  private timer: NodeJS.Timeout | undefined;
  private hangsUp = false;
  private stopped = false;

  private constructor(server: Server, sockets: Set<Socket>, seed: number) {
    this.server = server;
    this.sockets = sockets;
    this.random = mulberry32(seed);
    this.port = (server.address() as AddressInfo).port;
  }

  /** In front of `port`; passes everything on until `begin`. */
  static async start(port: number, seed: number): Promise<Cutter> {
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      if (cutter.hangsUp) {
        cutter.turnedAway++;
        return client.resetAndDestroy();
      }
      cutter.connections++;
      const target = connect(port, '127.0.0.1');
      for (const end of [client, target]) {
        sockets.add(end);
        end.on('error', () => [client, target].forEach((socket) => socket.destroy()));
        end.on('close', () => sockets.delete(end));
      }
      client.pipe(target).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cutter: Cutter = new Cutter(server, sockets, seed);
    return cutter;
  }

  begin(): void {
    this.timer = setTimeout(
      () => {
        this.cut();
        this.begin();
      },
      SOONEST_MS + this.random() * (LATEST_MS - SOONEST_MS),
    );
  }

  /** From now on it cuts nothing any more. */
  rest(): void {
    clearTimeout(this.timer);
  }

  stop(): void {
    this.stopped = true;
    this.rest();
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private cut(): void {
    this.cuts++;
    for (const socket of this.sockets) socket.resetAndDestroy();
    if (this.random() >= AWAY_SHARE) return;
    this.outages++;
    if (this.outages % 2 === 0) {
      this.hangsUp = true;
      setTimeout(() => (this.hangsUp = false), AWAY_MS);
    } else {
      this.server.close();
      setTimeout(() => this.listenAgain(), AWAY_MS);
    }
  }

  private listenAgain(): void {
    if (this.stopped || this.server.listening) return;
    this.server.once('error', () => setTimeout(() => this.listenAgain(), 50)); // somebody's outgoing port just now
    this.server.listen(this.port, '127.0.0.1', () => this.server.removeAllListeners('error'));
  }
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
