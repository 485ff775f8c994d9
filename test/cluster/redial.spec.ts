import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { expect } from 'chai';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import { Redial } from '../../src/cluster/redial.ts';
import type { Transport } from '../../src/cluster/transport.ts';
import { certificate, stopAll, transportTo } from './api-server.ts';

/** Of requests; attempts to connect are paced in five times it at most. */
const BACKOFF_MS = 40;
const OUTAGE_MS = 600;

/** Answers, until it is told to close each connection as soon as it is made. */
class Falling {
  away = false;
  /** Connections while it is away. */
  attempts = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      if (!this.away) return;
      this.attempts++;
      socket.resetAndDestroy();
    });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  fall(): void {
    this.away = true;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Twenty readers that ask again and again, until the server has been away for a while. */
async function attemptsOf(server: Falling, transport: Transport): Promise<number> {
  const read = () => transport.call({ method: 'GET', path: '/x' });
  await read();
  server.fall();
  const until = performance.now() + OUTAGE_MS;
  const reader = async () => {
    while (performance.now() < until) await read().catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 20 }, reader));
  return server.attempts;
}

describe('while the server takes no connections', () => {
  const falling: Falling[] = [];
  const pem = (name: string) => readFileSync(certificate(name));

  afterEach(() => {
    stopAll();
    for (const one of falling.splice(0)) one.stop();
  });

  async function started(server: Server): Promise<Falling> {
    const self = new Falling(server);
    falling.push(self);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return self;
  }

  async function overTls(): Promise<[Falling, Transport]> {
    const server = http2.createSecureServer({ cert: pem('server.crt'), key: pem('server.key') });
    server.on('sessionError', () => undefined);
    server.on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('{}');
    });
    const self = await started(server);
    const url = `https://127.0.0.1:${self.port}`;
    const cluster = { server: url, 'certificate-authority': certificate('ca.crt') };
    const user = { token: 't' };
    const credentials = new CredentialSource({ context: '', cluster, user, namespace: '' }, null, {});
    return [self, transportTo(url, { credentials, backoffMs: BACKOFF_MS })];
  }

  it('all that want one make few attempts together, over HTTP/2', async () => {
    // One by one, with pauses of 40 to 200 ms between them; each reader by itself makes hundreds.
    expect(await attemptsOf(...(await overTls()))).to.be.within(2, 15);
  });

  it('nor more than the few connections at a time there are, over HTTP/1.1', async () => {
    const server = http.createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const self = await started(server);
    const transport = transportTo(`http://127.0.0.1:${self.port}`, { backoffMs: BACKOFF_MS });
    expect(await attemptsOf(self, transport)).to.be.within(2, 60);
  });

  it('it is found again once it takes them', async () => {
    const [server, transport] = await overTls();
    await attemptsOf(server, transport);
    server.away = false;
    const { body } = await transport.call({ method: 'GET', path: '/x' });
    expect(body).to.deep.equal({});
  });
});

describe('the pace of attempts to connect', () => {
  const at = (random: number) => {
    const clock = { now: 0 };
    return { clock, redial: new Redial(100, { random: () => random, now: () => clock.now }) };
  };

  it('is free until something fails, and after an answer', () => {
    const { redial } = at(1);
    expect(redial.pause).to.equal(0);
    redial.failed();
    expect(redial.pause).to.equal(100);
    redial.answered();
    expect(redial.pause).to.equal(0);
  });

  it('doubles to five times the first pause, by half of which clients are spread', () => {
    for (const [random, pauses] of [
      [1, [100, 200, 400, 500, 500]],
      [0, [50, 100, 200, 250, 250]],
    ] as const) {
      const { clock, redial } = at(random);
      const seen = pauses.map(() => {
        redial.failed();
        const { pause } = redial;
        clock.now += pause;
        return pause;
      });
      expect(seen).to.deep.equal(pauses);
    }
  });

  it('counts one outage once, however many hear of it', () => {
    const { redial } = at(1);
    for (let heard = 0; heard < 30; heard++) redial.failed();
    expect(redial.pause).to.equal(100);
  });
});
