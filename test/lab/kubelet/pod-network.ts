// The way from the API server to pods (`kubectl get --raw …/pods/NAME:PORT/proxy/…`): it asks for the address that
// a pod reports, which nobody listens on, and is led to where its process really is.
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { podsSocket } from '../control-plane/programs.ts';
import { loopbackOf } from './addresses.ts';

export interface Address {
  address: string;
  port: number;
}

/** @param dir the lab's folder @param resolve where a pod's loopback address and port really are */
export async function startPodNetwork(
  dir: string,
  resolve: (one: Address) => Address,
): Promise<{ stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer();
  server.on('connect', (request, client: Socket, head: Buffer) => {
    const [address = '', port = ''] = (request.url ?? '').split(':');
    const { address: host, port: real } = resolve({ address: loopbackOf(address), port: Number(port) });
    // Only pods are reachable this way: everything else here is this machine's own business.
    if (!host.startsWith('127.')) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const pod = connect(real, host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      pod.write(head);
      pod.pipe(client).pipe(pod);
    });
    for (const [socket, other] of [
      [client, pod],
      [pod, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  const path = podsSocket(dir);
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  return {
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
