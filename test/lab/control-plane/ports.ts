import { connect, createServer } from 'node:net';

// Below the range from which systems give out ports for outgoing connections, so that a port that is free
// now is not taken by somebody's outgoing connection a moment later.
const FIRST = 20_000;
const COUNT = 12_000;

/** A port on 127.0.0.1 that was free just now. Random, so that labs starting together don't meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
