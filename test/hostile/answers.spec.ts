// What an API server, something in its place, a proxy's operator, a kubeconfig or a credential plugin may say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { HTTP_ROUTE } from '../../src/api/resource.ts';
import { shownAddress } from '../../src/cluster/address.ts';
import { bodyText } from '../../src/cluster/exchange.ts';
import { runExecPlugin } from '../../src/cluster/exec-plugin.ts';
import { RequestFailure } from '../../src/cluster/failures.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig-files.ts';
import { listAll } from '../../src/cluster/list.ts';
import { proxyFor } from '../../src/cluster/proxy.ts';
import type { Reply } from '../../src/cluster/reply.ts';
import { watchOnce } from '../../src/cluster/watch.ts';
import { answer, apiServer, status, stopAll, transportTo } from '../cluster/api-server.ts';

const GET = { method: 'GET', path: '/x' } as const;
const MIB = 1024 * 1024;

async function errorOf(work: Promise<unknown>): Promise<Error> {
  const came = await work.catch((error: unknown) => error);
  return came instanceof Error ? came : expect.fail(`no error: ${JSON.stringify(came)}`);
}

describe('answers of an API server', () => {
  afterEach(stopAll);

  it('are read so far and no further', async () => {
    const endless = Object.assign(
      Readable.from(
        (function* () {
          for (;;) yield Buffer.alloc(MIB);
        })(),
      ),
      { headers: {} },
    ) as Reply;
    const error = await errorOf(bodyText(endless, 3 * MIB));
    expect(error).to.be.instanceOf(RequestFailure).with.property('kind', 'malformed');
    expect(error.message).to.equal('the answer is larger than 3 MiB');
    expect(endless.destroyed).to.be.true;
  });

  it('are unzipped so far and no further', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * MIB));
    const server = await apiServer(
      () => (response) => void response.writeHead(500, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect((await errorOf(transportTo(server.url).call(GET))).message).to.equal(
      'the answer is larger than 16 MiB',
    );
  });

  it('have messages of a length that can be read; what was cut off is said', async () => {
    const server = await apiServer(() => status(400, 'BadRequest', 'x'.repeat(MIB)));
    const read = await listAll(transportTo(server.url), HTTP_ROUTE, '');
    expect(read).to.have.property('state', 'failed');
    expect(read)
      .to.have.property('message')
      .that.matches(/^x{4000}… \(1044576 more characters\)$/);
  });

  it('that are pages of HTML are told by their first words', async () => {
    const page = `<html>${'<b>login</b> '.repeat(100_000)}`;
    const server = await apiServer(() => answer(500, page));
    const read = await listAll(transportTo(server.url), HTTP_ROUTE, '');
    expect(read)
      .to.have.property('message')
      .that.matches(/^HTTP 500: login/)
      .with.length.below(200);
  });

  it('that are lists without an end are given up', async () => {
    const server = await apiServer(() => ({ kind: 'HTTPRouteList', items: [], metadata: { continue: 'a' } }));
    expect((await errorOf(listAll(transportTo(server.url), HTTP_ROUTE, ''))).message).to.equal(
      'the list does not get to its end',
    );
    expect(server.seen).to.have.length(2);
  });

  it('that say 410 for ever are given up', async () => {
    const server = await apiServer((seen) =>
      seen.url.includes('continue=')
        ? status(410, 'Expired', 'too old')
        : { kind: 'HTTPRouteList', items: [], metadata: { continue: `a${server.seen.length}` } },
    );
    expect(await listAll(transportTo(server.url), HTTP_ROUTE, '')).to.include({ state: 'failed' });
  });

  it('warn so often and no more', async () => {
    const told: string[] = [];
    const server = await apiServer((_, before) => answer(200, '{}', { warning: `299 - "${before}"` }));
    const transport = transportTo(server.url, { onWarning: (text) => void told.push(text) });
    for (let count = 0; count < 105; count++) await transport.call(GET);
    expect(told).to.have.length(100);
  });

  for (const [what, line] of [
    ['no JSON', '{"type":'],
    ['no event', '[]'],
    ['null', 'null'],
    ['an event without an object', '{"type":"ADDED"}'],
    ['an object without metadata', '{"type":"ADDED","object":{}}'],
  ])
    it(`are a watch that sends ${what}: a failure, not a crash`, async () => {
      const server = await apiServer(() => answer(200, `${line}\n`));
      const seen = { fieldSelector: '', resourceVersion: '1' };
      const watching = watchOnce(transportTo(server.url), '/x', seen, AbortSignal.timeout(3000), () => false);
      expect(await errorOf(watching))
        .to.be.instanceOf(RequestFailure)
        .with.property('kind', 'malformed');
    });

  it('are a watch whose line does not end', async function () {
    this.timeout(10_000);
    const server = await apiServer(() => (response) => {
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(MIB)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    const watching = watchOnce(
      transportTo(server.url),
      '/x',
      { fieldSelector: '', resourceVersion: '1' },
      AbortSignal.timeout(8000),
      () => false,
    );
    expect((await errorOf(watching)).message).to.equal('the watch sent something that is not an event');
  });
});

describe('what is secret in a kubeconfig', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'infpool-hostile-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is not in an address that is shown', () => {
    for (const [address, shown] of [
      ['https://a.example:6443/x', 'https://a.example:6443/x'],
      ['https://jane:hunter2@a.example', 'https://a.example'],
      ['http://jane:hun/ter2@a.example:1', 'http://a.example:1'],
      ['jane:hunter2@a.example', 'a.example'],
      ['ftp://jane:hunter2@@a', 'ftp://a'],
      ['https://jane:hunter2\n@a', 'https://a'],
    ])
      expect(shownAddress(address!)).to.equal(shown);
  });

  it('is not in what is said of a proxy that is none', () => {
    for (const proxy of ['ftp://jane:hunter2@p', 'jane:hunter2@p', 'http://jane:hunter2@p:x']) {
      expect(() => proxyFor('https://a.example', proxy, {})).to.throw(/not the URL of a proxy/, proxy);
      try {
        proxyFor('https://a.example', proxy, {});
      } catch (error) {
        expect(String(error)).not.to.include('hunter2');
      }
    }
  });

  it('is not in what is said of YAML that is none', () => {
    for (const secret of [
      '!hunter2',
      '*hunter2',
      '&hunter2',
      '%hunter2',
      '"hunter2',
      '{hunter2',
      '@hunter2',
    ]) {
      const file = join(folder, 'config');
      writeFileSync(file, `users:\n- name: a\n  user:\n    token: ${secret}\n   x: ]\n`);
      const load = () => loadKubeconfig({ KUBECONFIG: file }, undefined, folder);
      try {
        load();
        expect.fail('it was taken');
      } catch (error) {
        expect(String(error)).to.match(/not valid YAML/);
        expect(String(error)).not.to.include('hunter2');
      }
    }
  });
});

describe('a credential plugin', () => {
  const run = (script: string, onSaid: (text: string) => void = () => undefined) =>
    runExecPlugin({
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: execPath,
        args: ['-e', script],
        interactiveMode: 'Never',
      },
      cluster: {},
      env: process.env,
      onSaid,
    });

  it('hands what it says to us, who make it safe, and not to the terminal', async () => {
    let said = '';
    const script = `process.stderr.write('enter \\u001b[31mcode é'); process.exit(3)`;
    const error = await errorOf(run(script, (text) => (said += text)));
    expect(error.message).to.include('failed (exit code 3)');
    expect(said).to.equal('enter \u001b[31mcode é');
  });

  it('that prints without an end is given up, and what it printed is not shown', async function () {
    this.timeout(10_000);
    const script = `process.stdout.write('hunter2 '.repeat(200_000))`;
    const error = await errorOf(run(script));
    expect(error.message).to.include('longer than a megabyte');
    for (const printed of ['hunter2', '{"status":{"token":"hunter2"}}'])
      expect(String(await errorOf(run(`process.stdout.write(${JSON.stringify(printed)})`)))).not.to.include(
        'hunter2',
      );
  });

  it('that leaves something behind which holds its stderr does not hold us', async function () {
    this.timeout(5000);
    const script = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => 0, 8000)'], { stdio: ['ignore', 'ignore', 'inherit'], detached: true }).unref(); process.stdout.write(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 't' } }))`;
    expect(await run(script)).to.deep.equal({ token: 't' });
  });
});
