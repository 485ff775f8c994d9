import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EXIT, UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { Discovery } from '../../src/cluster/paths.ts';
import { waitFor } from '../../src/cluster/wait.ts';
import { answer, apiServer, status, stopAll, transportTo, type ApiServer, type Reply } from './api-server.ts';

const POD = ref(r.POD, 'ns', 'a');

const pod = (version: string, phase = 'Pending') => ({
  metadata: { name: 'a', resourceVersion: version },
  status: { phase },
});
const list = (version: string, ...items: object[]) => ({
  kind: 'PodList',
  metadata: { resourceVersion: version },
  items,
});
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const stream =
  (...events: string[]): Reply =>
  (response: ServerResponse) =>
    void response.writeHead(200).end(events.join(''));
const running = (object: KubeObject | null) => object?.['status'].phase === 'Running';

async function wait(
  lists: Reply[],
  watches: Reply[],
  timeoutMs = 2000,
  settled = running,
  limits: { requestTimeoutMs?: number } = {},
) {
  const server = await apiServer(({ url }) => (url.includes('watch=true') ? watches : lists).shift()!);
  const transport = transportTo(server.url, limits);
  const waited = waitFor(transport, new Discovery(transport), POD, settled, {
    timeoutMs,
    what: 'pod a',
    pauseMs: 20,
  });
  return { server, waited: await waited.catch((error: UserError) => error) };
}

const watched = (server: ApiServer) =>
  server.seen
    .map(({ url }) => new URL(url, 'http://x').searchParams)
    .filter((query) => query.has('watch'))
    .map((query) => query.get('resourceVersion'));

describe('waiting for an object', () => {
  afterEach(stopAll);

  it('needs no watch when all is well already', async () => {
    const { server, waited } = await wait([list('5', pod('4', 'Running'))], []);
    expect(waited).to.include({ apiVersion: 'v1', kind: 'Pod' });
    expect(server.seen.map(({ url }) => url)).to.deep.equal([
      '/api/v1/namespaces/ns/pods?fieldSelector=metadata.name%3Da',
    ]);
  });

  it('follows it from what was read', async () => {
    const changes = stream(event('ADDED', pod('6')), event('MODIFIED', pod('7', 'Running')));
    const { server, waited } = await wait([list('5')], [changes]);
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('7');
    expect(watched(server)).to.deep.equal(['5']);
  });

  it('looks once more before it says that nothing came of it: a watch may have died in silence', async () => {
    const silent: Reply = (response) => void response.writeHead(200).flushHeaders();
    const { server, waited } = await wait(
      [list('5', pod('4')), list('9', pod('8', 'Running'))],
      [silent],
      300,
    );
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('8');
    expect(server.seen).to.have.length(3);
  });

  it('takes its end for null', async () => {
    const gone = stream(event('DELETED', pod('6')));
    const { waited } = await wait([list('5', pod('4'))], [gone], 2000, (object) => object === null);
    expect(waited).to.equal(null);
  });

  it('reads events however they are cut up', async () => {
    const text = Buffer.from(event('MODIFIED', { ...pod('6', 'Running'), note: 'é' }));
    const pieces: Reply = (response) => {
      response.writeHead(200);
      [...text].forEach((byte) => response.write(Buffer.from([byte])));
    };
    const { waited } = await wait([list('5')], [pieces]);
    expect(waited).to.include({ note: 'é' });
  });

  it('goes on from the last event, or bookmark, when the server ends the watch', async () => {
    const first = stream(
      event('MODIFIED', pod('6')),
      event('BOOKMARK', { metadata: { resourceVersion: '9' } }),
    );
    const { server, waited } = await wait(
      [list('5')],
      [first, stream(event('MODIFIED', pod('10', 'Running')))],
    );
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('10');
    expect(watched(server)).to.deep.equal(['5', '9']);
  });

  it('reads anew when its place is forgotten', async () => {
    const forgotten = [
      stream(event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })),
      status(410, 'Expired', 'too old'),
    ];
    for (const reply of forgotten) {
      const { waited } = await wait([list('5'), list('8', pod('8', 'Running'))], [reply]);
      expect((waited as KubeObject).metadata.resourceVersion).to.equal('8');
    }
  });

  it('outlives a server that is away for a moment', async () => {
    const broken: Reply = (response) => {
      response.writeHead(200).write(event('MODIFIED', pod('6')));
      setTimeout(() => response.socket?.destroy(), 10);
    };
    const { waited } = await wait([list('5'), list('8', pod('8', 'Running'))], [broken]);
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('8');
  });

  it('ends with exit code 124 and what it waited for', async () => {
    const silent: Reply = (response) => void response.writeHead(200).flushHeaders();
    const { waited } = await wait([list('5', pod('4'))], [silent], 50);
    expect(waited).to.be.instanceOf(UserError);
    expect((waited as UserError).exitCode).to.equal(EXIT.timeout);
    expect((waited as UserError).message).to.equal('Timed out after 0.05 s waiting for pod a');
    expect((waited as UserError).hint).to.match(/^What holds it up: kubectl describe .*pods\/a; /);
  });

  it('in time even when the server never answers', async () => {
    const { waited } = await wait([() => undefined], [], 50);
    expect((waited as UserError).exitCode).to.equal(EXIT.timeout);
  });

  it('begins a watch anew that never begins: the change came meanwhile', async () => {
    const { server, waited } = await wait(
      [list('5', pod('4')), list('8', pod('8', 'Running'))],
      [() => undefined],
      5000,
      running,
      { requestTimeoutMs: 50 },
    );
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('8');
    expect(watched(server)).to.deep.equal(['5']);
  });

  it('does not end a watch that has begun and has nothing to say yet', async () => {
    const late: Reply = (response) => {
      response.writeHead(200).flushHeaders();
      setTimeout(() => response.end(event('MODIFIED', pod('6', 'Running'))), 150);
    };
    const { server, waited } = await wait([list('5', pod('4'))], [late], 5000, running, {
      requestTimeoutMs: 50,
    });
    expect((waited as KubeObject).metadata.resourceVersion).to.equal('6');
    expect(watched(server)).to.deep.equal(['5']);
  });

  it('does not wait for what it may not see', async () => {
    for (const watch of [false, true]) {
      const forbidden = status(403, 'Forbidden', 'jane cannot watch');
      const { waited } = await wait(watch ? [list('5')] : [forbidden], [forbidden]);
      expect((waited as UserError).message).to.equal('Cannot wait for it: jane cannot watch');
    }
  });

  it('does not take just any 404 for absence', async () => {
    const page = answer(404, '<html>no such site</html>');
    const { waited } = await wait([page, list('5')], [stream()], 5000, (object) => object === null);
    expect(waited).to.equal(null);
    const gone = await wait(Array<Reply>(100).fill(page), [], 500, (object) => object === null);
    expect((gone.waited as UserError).hint).to.include('HTTP 404: no such site');
  });

  it('ends when the connection is closed', async () => {
    const silent: Reply = (response) => {
      response.writeHead(200).flushHeaders();
      setTimeout(stopAll, 20);
    };
    const { waited } = await wait([list('5', pod('4'))], [silent]);
    expect((waited as UserError).exitCode).to.equal(EXIT.interrupted);
  });

  it('takes a kind for not installed, and its object for absent, only where discovery says so, too', async () => {
    const missing = answer(404, '404 page not found\n');
    const route = ref(r.HTTP_ROUTE, 'ns', 'a');
    for (const served of [false, true]) {
      let lists = 0;
      const server = await apiServer(({ url }) => {
        if (!url.includes('fieldSelector')) return served ? { resources: [{ name: 'httproutes' }] } : missing;
        return lists++ === 0 ? missing : { ...list('5'), kind: 'HTTPRouteList' };
      });
      const transport = transportTo(server.url);
      const waited = await waitFor(transport, new Discovery(transport), route, (object) => object === null, {
        timeoutMs: 2000,
        what: 'route a',
        pauseMs: 20,
      });
      expect(waited).to.equal(null);
      expect(lists, 'looks').to.equal(served ? 2 : 1);
    }
  });

  it('keeps nothing once it is over, however much time was left: a migration may be watched for days', async () => {
    const waitOnce = async () => {
      const server = await apiServer(({ url }) =>
        url.includes('watch=true') ? stream(event('MODIFIED', pod('6', 'Running'))) : list('5', pod('4')),
      );
      const transport = transportTo(server.url);
      const options = { timeoutMs: 3_600_000, what: 'pod a' };
      await waitFor(transport, new Discovery(transport), POD, running, options);
      return new WeakRef(transport);
    };
    const transport = await waitOnce();
    stopAll();
    const end = Date.now() + 5000;
    while (transport.deref() && Date.now() < end) {
      await sleep(10);
      collectGarbage();
    }
    expect(transport.deref()).to.equal(undefined);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
