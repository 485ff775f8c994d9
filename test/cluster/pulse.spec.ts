import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Server } from 'node:net';
import { expect } from 'chai';
import { watchOver } from '../../src/cluster/pulse.ts';

const EVERY_MS = 15;

describe('a connection while a request waits on it', () => {
  let server: Server;
  let session: ClientHttp2Session;
  const opened = new Set<net.Socket>();

  async function asked(by: Server): Promise<ClientHttp2Stream> {
    server = by.on('connection', (socket: net.Socket) => opened.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    session = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/' });
    watchOver(session, stream, EVERY_MS);
    return stream;
  }

  const outcome = (stream: ClientHttp2Stream) =>
    new Promise<string>((resolve) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => resolve(text)).on('error', ({ message }) => resolve(message));
    });

  afterEach(() => {
    session.destroy();
    for (const socket of opened) socket.destroy();
    opened.clear();
    server.close();
  });

  it('is ended when nothing comes from it at all', async () => {
    const silent = net.createServer(() => undefined);
    expect(await outcome(await asked(silent))).to.equal('nothing comes from it any more');
    expect(session.destroyed).to.equal(true);
  });

  it('stays when it answers pings, however long the answer takes', async () => {
    let pings = 0;
    const slow = http2.createServer();
    slow.on('session', (one) =>
      one.on('ping', () => {
        if (++pings === 6) last?.end('late');
      }),
    );
    let last: http2.ServerHttp2Stream | undefined;
    slow.on('stream', (stream) => (last = stream).respond());
    expect(await outcome(await asked(slow))).to.equal('late');
  });

  it('stays when it answers no ping, as long as data comes', async () => {
    const stream = await asked(http2.createServer());
    let left = 30;
    server.on('stream', (answer: http2.ServerHttp2Stream) => {
      session.ping = () => true;
      answer.respond();
      const timer = setInterval(() => (--left > 0 ? answer.write('x') : answer.end()), EVERY_MS / 2);
      answer.on('close', () => clearInterval(timer));
    });
    expect(await outcome(stream)).to.match(/^x{29}$/);
  });

  it('is not asked for anything once nobody waits', async () => {
    const quick = http2.createServer();
    quick.on('stream', (stream) => stream.respond({}, { endStream: true }));
    const stream = await asked(quick);
    await outcome(stream.resume());
    await new Promise((resolve) => (stream.closed ? resolve(null) : stream.on('close', resolve)));
    let pinged = false;
    session.ping = () => (pinged = true);
    await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
    expect({ pinged, destroyed: session.destroyed }).to.deep.equal({ pinged: false, destroyed: false });
  });
});
