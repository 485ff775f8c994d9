import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { EXIT, type UserError } from '../../src/api/errors.ts';
import { refOf } from '../../src/api/ref.ts';
import type { Context } from '../../src/commands/context.ts';
import { Downtime } from '../../src/commands/downtime.ts';
import { gateway } from '../support/objects.ts';

const context = { now: () => new Date() } as unknown as Context;

describe('the downtime of a migration', () => {
  let server: Server;
  let asked = 0;
  let downtime: Downtime;
  afterEach(() => {
    downtime.stop();
    server.closeAllConnections();
    server.close();
  });

  /** @param broken so many requests fail first */
  async function begin(broken: number): Promise<void> {
    asked = 0;
    server = createServer((_, response) => response.writeHead(asked++ < broken ? 503 : 200).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const way = { scheme: 'http', host: '127.0.0.1', port, hostname: '', path: '/', headers: {} } as const;
    const target = { ...way, subject: refOf(gateway()), model: 'm', prompt: 'p', timeoutMs: 2000 };
    downtime = new Downtime(target, context, 1);
    downtime.start();
  }

  it('is over when a request is answered that was sent after the last step, however short the way was', async () => {
    await begin(2);
    expect(await downtime.untilServed(10_000)).to.be.a('number');
    expect(asked).to.be.at.least(3);
  });

  it('that never ends is an error', async () => {
    await begin(Infinity);
    const error = await downtime.untilServed(20).catch((caught: unknown) => caught);
    expect((error as UserError).exitCode).to.equal(EXIT.timeout);
  });
});
