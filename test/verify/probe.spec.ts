import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { probe, probeCheck, type ProbeResult, type ProbeTarget } from '../../src/verify/probe.ts';
import { gateway } from '../support/objects.ts';

const TARGET: ProbeTarget = {
  subject: refOf(gateway()),
  scheme: 'http',
  host: '127.0.0.1',
  port: 0,
  hostname: '',
  path: '/v1/completions',
  headers: {},
  model: 'food-review',
  prompt: 'Say hello.',
  timeoutMs: 2000,
};

describe('a probe', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function ask(listener: RequestListener, more: Partial<ProbeTarget> = {}): Promise<ProbeResult> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return probe({ ...TARGET, port: (server.address() as AddressInfo).port, ...more });
  }

  it('is the completion request of the guide, without credentials', async () => {
    let seen: { request: IncomingMessage; body: string } | undefined;
    const result = await ask((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen = { request, body };
        response.end('{"choices":[]}');
      });
    });
    expect(result).to.include({ status: 200, text: '{"choices":[]}', timedOut: false });
    expect(result.ms).to.be.greaterThan(0);
    const { method, url, headers } = seen!.request;
    expect(`${method} ${url}`).to.equal('POST /v1/completions');
    expect(headers['content-type']).to.equal('application/json');
    expect(headers).not.to.have.property('authorization');
    expect(JSON.parse(seen!.body)).to.deep.equal({
      model: 'food-review',
      prompt: 'Say hello.',
      max_tokens: 100,
      temperature: 0,
    });
  });

  it('goes by the path and with the headers that the rule asks for, and chats where that is a chat', async () => {
    let seen: { request: IncomingMessage; body: string } | undefined;
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen = { request, body };
        response.end();
      });
    };
    await ask(listener, { path: '/team/v1/chat/completions?a=b', headers: { 'x-team': 'web' } });
    expect(seen!.request.url).to.equal('/team/v1/chat/completions?a=b');
    expect(seen!.request.headers).to.include({ 'x-team': 'web' });
    expect(JSON.parse(seen!.body)).to.deep.include({ messages: [{ role: 'user', content: 'Say hello.' }] });
  });

  it('names the host that the route asks for', async () => {
    const { text } = await ask((request, response) => response.end(request.headers.host), {
      hostname: 'llm.example.com',
    });
    expect(text).to.equal('llm.example.com');
  });

  for (const status of [404, 429, 500, 503])
    it(`brings back ${status} with the first words of the answer`, async () => {
      const result = await ask((_, response) => response.writeHead(status).end('x'.repeat(1000)));
      expect(result).to.deep.include({ status, text: 'x'.repeat(200) });
    });

  it('gives up on a server that hangs before or within its answer', async () => {
    expect(await ask(() => undefined, { timeoutMs: 60 })).to.include({
      status: 0,
      timedOut: true,
      text: 'no answer within 0.06 s',
    });
    server.closeAllConnections();
    server.close();
    const half: RequestListener = (_, response) =>
      void response.writeHead(200, { 'content-length': 9 }).write('x');
    expect(await ask(half, { timeoutMs: 60 })).to.include({ status: 0, timedOut: true });
  });

  it('reads no more of a huge answer than it needs', async () => {
    let sent = 0;
    const endless: RequestListener = (_, response) => {
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    const { status, text } = await ask(endless);
    expect({ status, length: text.length }).to.deep.equal({ status: 200, length: 200 });
    expect(sent).to.be.lessThan(50 * 1024 * 1024);
  });

  it('follows no redirect', async () => {
    let requests = 0;
    const { status } = await ask((_, response) => {
      requests++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect({ status, requests }).to.deep.equal({ status: 302, requests: 1 });
  });

  it('survives a server that hangs up', async () => {
    const { status, text } = await ask((request) => request.socket.destroy());
    expect(status).to.equal(0);
    expect(text).to.match(/hang up|ECONNRESET/);
    server.close();
    const cut: RequestListener = (request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('part');
      setTimeout(() => request.socket.destroy(), 20);
    };
    expect(await ask(cut)).to.include({ status: 0, timedOut: false });
  });

  it('says what could not even be tried instead of throwing', async () => {
    const ok: RequestListener = (_, response) => response.end();
    expect((await ask(ok, { port: 70_000 })).text).to.match(/port/i);
    server.close();
    expect((await ask(ok, { hostname: 'a\nb' })).text).to.match(/header/i);
    server.close();
    const { port } = (server.address() as AddressInfo | { port: 1 }) ?? { port: 1 };
    expect((await probe({ ...TARGET, port: port || 1 })).text).to.match(/ECONNREFUSED/);
  });
});

describe('the check of a probe', () => {
  const target = { ...TARGET, port: 80 };
  const result = (status: number, more: Partial<ProbeResult> = {}): ProbeResult => ({
    status,
    ms: 12.4,
    text: 'words',
    timedOut: false,
    ...more,
  });

  it('passes when all are answered with 2xx, and says how slow the slowest was', () => {
    expect(probeCheck(target, [result(200), result(200, { ms: 99.6 })])).to.deep.equal({
      id: 'probe',
      group: 'Requests',
      subject: TARGET.subject,
      verdict: 'pass',
      evidence:
        'POST http://127.0.0.1:80/v1/completions with model "food-review": 2 of 2 answered 200 (slowest 100 ms)',
      hint: '',
    });
  });

  it('tells the headers that it sent, so that it can be sent by hand', () => {
    const { evidence } = probeCheck({ ...target, headers: { 'x-use': 'code' } }, [result(404)]);
    expect(evidence).to.include('with model "food-review" and x-use: code: 404');
  });

  it('is skipped when none was sent', () => {
    expect(probeCheck(target, [])).to.include({
      verdict: 'skip',
      id: 'probe',
      evidence: 'POST http://127.0.0.1:80/v1/completions with model "food-review": not sent',
    });
  });

  it('takes every 2xx for an answer, and nothing else', () => {
    expect(probeCheck(target, [result(201), result(299)]).verdict).to.equal('pass');
    expect(probeCheck(target, [result(300)]).verdict).to.equal('fail');
    const half = probeCheck(target, [result(299), result(500)]);
    expect(half.evidence).to.contain('(1 of 2 failed)');
  });

  it('of a single request counts nothing, and of one without a status tells why', () => {
    expect(probeCheck(target, [result(500)]).evidence).to.match(/: 500 words$/);
    expect(probeCheck(target, [result(0, { text: 'connect ECONNREFUSED' })]).evidence).to.match(
      /: connect ECONNREFUSED$/,
    );
  });

  for (const [id, what, one] of [
    ['probe-timeout', 'a hang', result(0, { timedOut: true })],
    ['probe-unreachable', 'no answer', result(0)],
    ['probe-not-found', '404', result(404)],
    ['probe-shed', '429', result(429)],
    ['probe-server-error', '500', result(500)],
    ['probe-refused', 'a redirect', result(302)],
    ['probe-refused', '401', result(401)],
  ] as const)
    it(`fails as ${id} for ${what}, with a hint`, () => {
      const check = probeCheck(target, [result(200), one]);
      expect(check).to.include({ id, verdict: 'fail' });
      expect(check.hint).not.to.equal('');
      expect(check.evidence).to.match(/words \(1 of 2 failed\)$/);
    });
});
