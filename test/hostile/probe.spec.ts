// A probe goes to whatever a Gateway's status and a route name: it may be anything.
import { expect } from 'chai';
import { refKey, refOf } from '../../src/api/ref.ts';
import { probe, type ProbeTarget } from '../../src/verify/probe.ts';
import { waysTo } from '../../src/verify/probeWay.ts';
import { alphaPool, gateway, route, rule, toAlpha } from '../support/objects.ts';
import { TEXTS } from './payloads.ts';
import { BEHAVIOURS, hostileServer, type Behaviour, type HostileServer } from './servers.ts';

const TARGET: Omit<ProbeTarget, 'port'> = {
  subject: refOf(gateway()),
  scheme: 'http',
  host: '127.0.0.1',
  hostname: '',
  path: '/v1/completions',
  headers: {},
  model: 'm',
  prompt: 'p',
  timeoutMs: 150,
};
/** What a socket and we may hold beside what we read. */
const BUFFERS = 16 * 1024 * 1024;

describe('a probe of a hostile server', function () {
  this.timeout(10_000);
  let server: HostileServer | undefined;
  afterEach(() => server?.stop());

  async function ask(does: Behaviour, more: Partial<ProbeTarget> = {}) {
    server = await hostileServer(does);
    return probe({ ...TARGET, port: server.port, ...more });
  }

  for (const [name, { does, ends }] of Object.entries(BEHAVIOURS))
    it(`is over in time and reads little: ${name}`, async () => {
      const { ms, text, timedOut } = await ask(does, ends ? { timeoutMs: 8000 } : {});
      expect(timedOut).to.equal(!ends);
      expect(ms).to.be.lessThan(ends ? 8000 : 2000);
      expect(text.length).to.be.at.most(200);
      expect(server!.sent()).to.be.lessThan(BUFFERS);
      expect(server!.received).to.have.length(1);
    });

  for (const status of [300, 301, 302, 303, 305, 307, 308])
    it(`follows no ${status}, wherever it points`, async () => {
      const elsewhere = await hostileServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{}'));
      const result = await ask((socket) =>
        socket.end(
          `HTTP/1.1 ${status} x\r\nlocation: http://127.0.0.1:${elsewhere.port}/\r\nrefresh: 0; url=http://127.0.0.1:${elsewhere.port}/\r\ncontent-length: 0\r\n\r\n`,
        ),
      );
      expect(result.status).to.equal(status);
      expect(server!.received).to.have.length(1);
      expect(elsewhere.received).to.deep.equal([]);
      await elsewhere.stop();
    });

  it('asks for credentials in vain', async () => {
    const asking = (head: string) => (socket: Parameters<Behaviour>[0]) =>
      socket.end(`HTTP/1.1 ${head}\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n`);
    for (const head of [
      '401 x\r\nwww-authenticate: Basic realm="x"',
      '401 x\r\nwww-authenticate: Negotiate',
      '407 x\r\nproxy-authenticate: Basic',
    ]) {
      await ask(asking(head));
      expect(server!.received).to.have.length(1);
      expect(server!.received[0]!.toLowerCase()).not.to.match(
        /^(proxy-)?authorization:|^cookie:|^impersonate/m,
      );
      await server!.stop();
    }
  });

  it('sends one request, whatever the route and the models are called', async () => {
    const fine: Behaviour = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    for (const text of [...TEXTS, '\r\n\r\nGET /secret HTTP/1.1\r\n\r\n', 'x\r\nauthorization: y']) {
      const parts: Partial<ProbeTarget>[] = [
        { model: text, prompt: text },
        { path: `/${text}` },
        { headers: { 'x-a': text } },
        { hostname: text },
      ];
      for (const part of parts) {
        await ask(fine, part);
        // Refused before it was sent, or sent as one request whose body is JSON.
        for (const received of server!.received) {
          const [head, body, ...rest] = received.split('\r\n\r\n');
          expect(rest, JSON.stringify(part)).to.deep.equal([]);
          expect(head!.match(/^\S+ .* HTTP\/1.1$/gm), JSON.stringify(part)).to.have.length(1);
          expect(head).not.to.match(/^authorization:/im);
          if (part.model !== undefined)
            expect(JSON.parse(Buffer.from(body!, 'latin1').toString())).to.include({
              model: text,
              prompt: text,
            });
        }
        await server!.stop();
      }
    }
  });
});

describe('the way of a probe through a hostile route', () => {
  const pools = new Set([refKey(refOf(alphaPool()))]);
  const ways = (match: object) => waysTo(route([rule([toAlpha()], { matches: [match] })]), pools);

  it('sets no header by which a request would become two', () => {
    for (const name of [
      'Content-Length',
      'transfer-encoding',
      'Connection',
      'upgrade',
      'TE',
      'Trailer',
      'Expect',
      'Proxy-Authorization',
      'keep-alive',
    ])
      expect(ways({ headers: [{ name, value: '5' }] }), name).to.deep.equal([]);
    expect(ways({ headers: [{ name: 'x-te', value: '5' }] })).to.have.length(1);
  });

  for (const value of [
    '((((.*)*)*)*)*!',
    '(.|.)*!'.repeat(5),
    '.*'.repeat(300) + '!',
    '(a?){60}b',
    '[^!]*'.repeat(40) + '!',
    '.?'.repeat(400) + '!',
    '(/|/v|/v1|v1|.)+!',
    '('.repeat(400),
  ])
    it(`is looked for in no time: ${value.slice(0, 20)}`, function () {
      this.timeout(1000);
      expect(ways({ path: { type: 'RegularExpression', value } })).to.deep.equal([]);
    });

  it('still is found by expressions as people write them', () => {
    for (const value of [
      '/v1/.*',
      '/v[0-9]+/(chat/)?completions',
      '/(?:v1|v2)/[^/]*',
      '.*',
      '/v1/comple(?=t).*',
    ])
      expect(ways({ path: { type: 'RegularExpression', value } }), value).to.have.length(1);
  });
});
