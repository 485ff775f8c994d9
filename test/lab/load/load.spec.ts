import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { startModelServer, type ModelServer } from '../model-server/server.ts';
import { startLoad } from './load.ts';
import { printed, timeline } from './print.ts';
import { judgeLoad, shareHolds, span, type LoadReport } from './report.ts';
import type { LoadOptions, Sample } from './sample.ts';
import { judge } from './shot.ts';

describe('the load generator', function () {
  this.timeout(15_000);
  const model = 'm';
  let servers: Server[] = [];
  let modelServer: ModelServer | undefined;
  afterEach(async () => {
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    servers = [];
    await modelServer?.stop();
    modelServer = undefined;
  });
  const serve = async (handle: RequestListener): Promise<string> => {
    const server = createServer(handle).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const run = async (options: Omit<LoadOptions, 'models'>, ms: number): Promise<LoadReport> => {
    const load = await startLoad({ models: [model], ...options });
    await sleep(ms);
    return load.stop();
  };

  it('sends at a constant rate, half of it streamed, some on new connections', async () => {
    modelServer = await startModelServer({ name: 'pod-0', host: '127.0.0.1', port: 0, models: [model] });
    const report = await run({ url: `http://127.0.0.1:${modelServer.address.port}`, rate: 100 }, 1500);
    expect(report.problems).to.deep.equal({});
    expect(report.sent).to.be.within(140, 160);
    expect(Object.keys(report.byKind)).to.have.length(4);
    const share = (of: (sample: Sample) => boolean) => report.samples.filter(of).length / report.sent;
    expect(share(({ streamed }) => streamed)).to.be.closeTo(0.5, 0.05);
    expect(share(({ fresh }) => fresh)).to.be.closeTo(0.1, 0.03);
    expect(Object.keys(report.byPod)).to.deep.equal(['pod-0']);
    expect(modelServer.asked).to.have.length(report.sent);
  });

  it('goes on at its rate while nothing is answered, and counts what it had to cut', async () => {
    const url = await serve(() => undefined);
    const report = await run({ url, rate: 50, timeoutSeconds: 0.5 }, 1000);
    expect(report.sent).to.be.within(45, 55);
    expect(report.problems).to.deep.equal({ timeout: report.sent });
  });

  it('tells resets, refusals, broken streams and bad answers apart', async () => {
    const of = async (handle: RequestListener, streamShare: number) =>
      (await run({ url: await serve(handle), rate: 50, streamShare }, 300)).problems;
    const only = (problems: Record<string, number>) => Object.keys(problems);
    expect(only(await of((request) => request.socket.destroy(), 0.5))).to.deep.equal(['reset']);
    expect(only(await of((_, response) => response.writeHead(503).end(), 0.5))).to.deep.equal(['status 503']);
    // Cut in the middle, and ended politely but too early.
    const cut: RequestListener = (_, response) => {
      response.write('data: {}\n\n');
      setTimeout(() => response.destroy(), 10);
    };
    expect(only(await of(cut, 1))).to.deep.equal(['broken stream']);
    expect(only(await of(cut, 0))).to.deep.equal(['broken body']);
    expect(only(await of((_, response) => response.end('data: {}\n\n'), 1))).to.deep.equal(['broken stream']);
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect(only((await run({ url, rate: 50 }, 200)).problems)).to.deep.equal(['refused']);
  });

  it('ends by itself after its longest time, and then says the same again and again', async () => {
    const url = await serve((_, response) => response.end('{"choices":[1]}'));
    const load = await startLoad({ url, rate: 20, models: [model], streamShare: 0, maxSeconds: 0.5 });
    const report = await load.over;
    expect(report.seconds).to.equal(1);
    expect((await load.stop()).sent).to.equal(report.sent);
    expect((await load.look()).sent).to.equal(report.sent);
  });

  it('refuses anything but loopback', async () => {
    for (const url of [
      'http://10.0.0.1',
      'http://example.com',
      'https://127.0.0.1',
      'http://127.0.0.1.example.com',
    ]) {
      const error = await startLoad({ url, rate: 1, models: [model] }).catch((it: unknown) => it);
      expect(String(error), url).to.match(/loopback addresses only/);
    }
  });
});

describe('an answer', () => {
  it('is good when it is whole', () => {
    expect(judge({ statusCode: 200 }, 'data: {}\n\ndata: [DONE]\n\n', true)).to.equal(undefined);
    expect(judge({ statusCode: 200 }, '{"choices":[{}]}', false)).to.equal(undefined);
    expect(judge({ statusCode: 200 }, '{"choices":[]}', false)).to.equal('broken body');
    expect(judge({ statusCode: 404 }, '', true)).to.equal('status 404');
  });
});

describe('a report of load', () => {
  const ALPHA = 'inference.networking.x-k8s.io/default/preview';
  const V1 = 'inference.networking.k8s.io/default/ga';
  const sample = (at: number, pool: string | null, more: Partial<Sample> = {}): Sample => ({
    at,
    ms: 10,
    status: 200,
    pool,
    pod: 'p',
    model: 'm',
    streamed: false,
    fresh: false,
    ...more,
  });
  const report = judgeLoad({
    options: { url: 'http://127.0.0.1', rate: 4, models: ['m'] },
    startedAt: 0,
    marks: [{ at: 1000, label: 'split 50' }],
    maxLagMs: 0.4,
    samples: [
      sample(1500, V1, { ms: 30, status: 500, problem: 'status 500' }),
      sample(0, ALPHA),
      sample(500, ALPHA),
      sample(1000, ALPHA),
      sample(1250, V1, { ms: 20 }),
      sample(1750, null, { status: 0, problem: 'reset' }),
    ],
  });

  it('counts by second, pool and phase', () => {
    expect(report).to.include({ sent: 6, failed: 2, seconds: 2, p50: 10, max: 30 });
    expect(report.problems).to.deep.equal({ 'status 500': 1, reset: 1 });
    expect(report.timeline.map(({ sent, failed }) => [sent, failed])).to.deep.equal([
      [2, 0],
      [4, 2],
    ]);
    expect(report.byPool[V1]).to.include({ sent: 2, failed: 1, v1Share: 1 });
    expect(report.phases.map(({ label, sent }) => [label, sent])).to.deep.equal([
      ['start', 2],
      ['split 50', 4],
    ]);
    expect(span(report, 1000, 1500)).to.include({ sent: 2, v1Share: 0.5 });
  });

  it('is drawn', () => {
    expect(timeline(report).split('\n')).to.deep.equal([
      'second  req/s  on v1  alpha to v1            failed  p50 ms  p99 ms',
      '     0      2   0.0%  |....................|      0      10      10',
      '     1      4  66.7%  |#############.......|      2      10      30 X <- split 50',
    ]);
    expect(printed(report)).to.match(/6 requests in 2 s .*: 2 failed\n {2}1 x status 500\n {2}1 x reset/);
  });

  it('knows whether a share can be what the weight asks for', () => {
    const of = (v1Share: number) => ({ ...report, sent: 400, v1Share });
    expect(shareHolds(of(0.5 + 3 * 0.025), 50)).to.equal(true);
    expect(shareHolds(of(0.58), 50)).to.equal(false);
    expect(shareHolds(of(0.999), 100)).to.equal(false);
    expect(shareHolds(of(0), 0)).to.equal(true);
  });
});
