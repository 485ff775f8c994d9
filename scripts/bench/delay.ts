// A network between the tools and the API server: a proxy on loopback that keeps each piece for some milliseconds.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface Wanted {
  port: number;
  host: string;
  milliseconds: number;
}

export interface Delay {
  /** host and port to use in place of the server's */
  address: string;
  stop(): Promise<void>;
}

/** In a thread of its own: whoever measures is busy with other things. Both ways take `milliseconds` longer. */
export async function delayed(server: string, milliseconds: number): Promise<Delay> {
  const { hostname, port } = new URL(server);
  const wanted: Wanted = { host: hostname, port: Number(port), milliseconds };
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: wanted });
  const own = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  return {
    address: `https://127.0.0.1:${own}`,
    stop: async () => {
      await worker.terminate();
    },
  };
}

// A piece arrives one way later. The client's handshake is with us and so costs it nothing: what it sends is kept until a
// handshake over that distance would have ended.
function serve({ host, port, milliseconds }: Wanted): void {
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host, port, noDelay: true });
    const open = Date.now() + 2 * milliseconds;
    pass(client, upstream, () => Math.max(Date.now(), open) - Date.now() + milliseconds);
    pass(upstream, client, () => milliseconds);
  });
  server.listen(0, '127.0.0.1', () => parentPort!.postMessage((server.address() as AddressInfo).port));
}

function pass(from: Socket, to: Socket, delay: () => number): void {
  from.on('data', (piece) => void setTimeout(() => to.writable && to.write(piece), delay()));
  from.on('end', () => void setTimeout(() => to.end(), delay()));
  from.on('error', () => to.destroy());
  from.on('close', () => void setTimeout(() => to.destroy(), delay() + 1));
}

if (!isMainThread && workerData) serve(workerData as Wanted);
