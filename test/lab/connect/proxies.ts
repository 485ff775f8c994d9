// Proxies on loopback that write down where they were asked to go, and lead everyone to the same port, so that a host
// may have a name that nobody else knows.
import http from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Proxy {
  /** `host:port`, as the client named it. */
  readonly asked: string[];
  /** Of the last request: `Proxy-Authorization`, or ''. */
  authorization: string;
  readonly port: number;
  stop(): void;
}

/** An HTTP proxy for CONNECT. */
export async function startConnectProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = http.createServer((_request, response) => void response.writeHead(405).end());
  server.on('connect', (request, client: Socket) => {
    proxy.asked.push(request.url ?? '');
    proxy.authorization = request.headers['proxy-authorization'] ?? '';
    const target = connect(targetPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, target);
    });
    target.on('error', () => client.destroy());
  });
  const proxy = await listening(server, sockets);
  return proxy;
}

/** SOCKS 5 without authentication. */
export async function startSocksProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (request) => {
        proxy.asked.push(addressIn(request));
        const target = connect(targetPort, '127.0.0.1', () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(client, target);
        });
        target.on('error', () => client.destroy());
      });
    });
  });
  const proxy = await listening(server, sockets);
  return proxy;
}

/** RFC 1928, section 4: an IPv4 address (1) or a name (3), then the port. */
function addressIn(request: Buffer): string {
  const [, , , type, length] = request;
  const end = type === 3 ? 5 + length! : 8;
  const host = type === 3 ? request.toString('latin1', 5, end) : [...request.subarray(4, end)].join('.');
  return `${host}:${request.readUInt16BE(end)}`;
}

function join(client: Socket, target: Socket): void {
  client.pipe(target).pipe(client);
  for (const end of [client, target])
    end.on('error', () => [client, target].forEach((socket) => socket.destroy()));
}

async function listening(server: Server | http.Server, sockets: Set<Socket>): Promise<Proxy> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked: [],
    authorization: '',
    port: (server.address() as AddressInfo).port,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
