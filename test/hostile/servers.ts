// Servers on loopback that mean no good. Each is a function of the raw connection, so nothing is put right on the way.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface HostileServer {
  readonly port: number;
  /** What each connection sent, as it came. */
  readonly received: string[];
  /** Bytes that it got rid of. */
  sent(): number;
  stop(): Promise<void>;
}

/** Called with a connection once the head of a request has come. */
export type Behaviour = (socket: Socket) => void;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const CHUNK = 'x'.repeat(64 * 1024);

/** Writes `text` again and again, as fast as it is taken. */
const endless =
  (start: string, text = CHUNK): Behaviour =>
  (socket) => {
    socket.write(start);
    const more = () => {
      while (!socket.destroyed && socket.write(text));
    };
    socket.on('drain', more);
    more();
  };

/** One byte of `text` at a time. */
const drop =
  (start: string, text: string, everyMs = 5): Behaviour =>
  (socket) => {
    socket.write(start);
    let index = 0;
    const timer = setInterval(() => socket.write(text[index++ % text.length]!), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

const BOMB = gzipSync(Buffer.alloc(16 * 1024 * 1024));

/** By what each does; `ends` are those after which there is an answer or an error without any time limit. */
export const BEHAVIOURS: Readonly<Record<string, { does: Behaviour; ends: boolean }>> = {
  'a body without an end': { does: endless(`${HEAD}\r\n`), ends: true },
  'chunks without an end': {
    does: endless(`${HEAD}transfer-encoding: chunked\r\n\r\n`, `10000\r\n${CHUNK}\r\n`),
    ends: true,
  },
  'one header without an end': { does: endless(`${HEAD}x: `), ends: true },
  'headers without an end': { does: endless(HEAD, 'x: y\r\n'.repeat(100)), ends: true },
  'a chunk extension without an end': {
    does: endless(`${HEAD}transfer-encoding: chunked\r\n\r\n1;`),
    ends: true,
  },
  'trailers without an end': {
    does: endless(`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n`, 'x: y\r\n'.repeat(100)),
    ends: true,
  },
  'a zipped bomb': {
    does: (socket) => {
      socket.write(`${HEAD}content-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`);
      socket.end(BOMB);
    },
    ends: true,
  },
  'a length that is not one': {
    does: (socket) => socket.end(`${HEAD}content-length: -1\r\n\r\nx`),
    ends: true,
  },
  'two lengths': {
    does: (socket) => socket.end(`${HEAD}content-length: 1\r\ncontent-length: 9\r\n\r\nx`),
    ends: true,
  },
  'something else than HTTP': { does: (socket) => socket.end('SSH-2.0-OpenSSH_9.0\r\n'), ends: true },
  'a status that is none': { does: (socket) => socket.end('HTTP/1.1 999999 \u001b[2J\r\n\r\n'), ends: true },
  'an answer without an end of its head': { does: (socket) => void socket.write(HEAD), ends: false },
  'one byte of the head at a time': { does: drop('', HEAD), ends: false },
  'one byte of the body at a time': { does: drop(`${HEAD}\r\n`, ' '), ends: false },
  'nothing at all': { does: () => undefined, ends: false },
  'interim answers without an end': {
    does: drop('', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n', 1),
    ends: false,
  },
};

export async function hostileServer(does: Behaviour): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  let sent = 0;
  const server: Server = createServer((socket) => {
    const at = received.push('') - 1;
    let answered = false;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      sent += socket.bytesWritten;
    });
    socket.on('data', (data) => {
      received[at] += data.toString('latin1');
      if (answered || !received[at]!.includes('\r\n\r\n')) return;
      answered = true;
      does(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    sent: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, sent),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
