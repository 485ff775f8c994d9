import { expect } from 'chai';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { Agreement } from '../../src/cluster/agreement.ts';
import { Discovery } from '../../src/cluster/paths.ts';
import { Reader } from '../../src/cluster/read.ts';
import { answer, apiServer, status, stopAll, transportTo, type Reply } from './api-server.ts';

const unknownPath = answer(404, '404 page not found\n', { 'content-type': 'text/plain' });

function reader(url: string): Reader {
  const transport = transportTo(url);
  return new Reader(transport, new Discovery(transport), 'default', {
    agreement: new Agreement([0, 1, 1, 1]),
  });
}

async function listOfPools(reply: (url: URL, before: number) => Reply, namespace = '') {
  const server = await apiServer(({ url }, before) => reply(new URL(url, 'http://x'), before));
  return { read: await reader(server.url).list(r.ALPHA_POOL, namespace), server };
}

const list = (names: string[], token?: string) => ({
  kind: 'InferencePoolList',
  metadata: { continue: token },
  items: names.map((name) => ({ metadata: { name, managedFields: [{}] }, spec: {} })),
});

describe('reading a list', () => {
  afterEach(stopAll);

  it('says of each item what it is, and leaves managedFields out', async () => {
    const { read, server } = await listOfPools(() => list(['a']), 'ns');
    const item = {
      apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
      kind: 'InferencePool',
      metadata: { name: 'a' },
      spec: {},
    };
    expect(read).to.deep.equal({ state: 'ok', items: [item] });
    expect(server.seen[0]!.url).to.equal(
      '/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/ns/inferencepools?limit=500',
    );
  });

  it('goes through all pages', async () => {
    const pages = [list(['a', 'b'], '1'), list(['c'], '2'), list([], '3'), list(['d'])];
    const { read, server } = await listOfPools((_, before) => pages[before]!);
    expect(read.state === 'ok' && read.items.map(({ metadata }) => metadata.name)).to.deep.equal([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(server.seen.map(({ url }) => new URL(url, 'http://x').searchParams.get('continue'))).to.deep.equal(
      [null, '1', '2', '3'],
    );
  });

  it('starts over, in one piece, when the pages have expired', async () => {
    const replies = [list(['a'], '1'), status(410, 'Expired', 'too old'), list(['a', 'b'])];
    const { read, server } = await listOfPools((_, before) => replies[before]!);
    expect(read.state === 'ok' && read.items).to.have.length(2);
    expect(new URL(server.seen[2]!.url, 'http://x').search).to.equal('');
  });

  it('ends even when the list is empty after that', async () => {
    const replies = [list(['a'], '1'), status(410, 'Expired', 'too old'), list([])];
    const { read } = await listOfPools((_, before) => replies[before]!);
    expect(read).to.deep.equal({ state: 'ok', items: [] });
  });

  it('takes the null that Go writes for no items', async () => {
    const { read } = await listOfPools(() => ({ kind: 'InferencePoolList', metadata: {}, items: null }));
    expect(read).to.deep.equal({ state: 'ok', items: [] });
  });

  it('takes nothing else for a list of that kind: it would be a wrong "none"', async () => {
    const others = [
      {},
      { kind: 'PodList', metadata: {}, items: [] },
      { kind: 'InferencePoolList', metadata: {} },
      { kind: 'InferencePoolList', metadata: {}, items: [null, 7, {}] },
      { kind: 'Status', status: 'Failure', message: 'away', code: 503 },
    ];
    for (const other of others) {
      const { read } = await listOfPools(() => other);
      expect(read.state, JSON.stringify(other)).to.equal('failed');
      expect(read)
        .to.have.property('message')
        .that.matches(/^the answer is .*, not a list of kind InferencePool$/);
    }
  });

  describe('that is not there', () => {
    const POOLS_OF = '/apis/inference.networking.x-k8s.io/v1alpha2';
    const resources = { kind: 'APIResourceList', resources: [{ name: 'inferencepools' }] };

    it('by one answer, while discovery knows it, is asked for again', async () => {
      let asked = 0;
      const { read } = await listOfPools(({ pathname }) => {
        if (pathname === POOLS_OF) return resources;
        return asked++ === 0 ? unknownPath : list(['a']);
      });
      expect(read.state === 'ok' && read.items).to.have.length(1);
    });

    it('a moment before discovery says so, too, is not installed: its CRD is just going', async () => {
      let discovered = 0;
      const { read } = await listOfPools(({ pathname }) =>
        pathname === POOLS_OF && discovered++ < 3 ? resources : unknownPath,
      );
      expect(read).to.deep.equal({ state: 'notInstalled' });
    });

    it('for a moment after discovery says that it is, is waited for: its CRD has just come', async () => {
      let asked = 0;
      const { read } = await listOfPools(({ pathname }) => {
        if (pathname === POOLS_OF) return resources;
        return asked++ < 3 ? unknownPath : list(['a']);
      });
      expect(read.state === 'ok' && read.items).to.have.length(1);
    });

    it('while discovery knows it could not be read', async () => {
      const { read } = await listOfPools(({ pathname }) => (pathname === POOLS_OF ? resources : unknownPath));
      expect(read).to.have.property('state', 'failed');
      expect(read).to.have.property('message').that.includes('404');
    });

    it('is not installed', async () => {
      for (const reply of [
        unknownPath,
        status(404, 'NotFound', 'the server could not find the requested resource'),
      ]) {
        expect((await listOfPools(() => reply)).read).to.deep.equal({ state: 'notInstalled' });
      }
    });

    it('because something on the way is not there, could not be read', async () => {
      const cluster = status(404, 'NotFound', 'clusters "c-1" not found', { name: 'c-1', kind: 'clusters' });
      const page = answer(404, '<html><h1>Not Found</h1> nginx</html>', { 'content-type': 'text/html' });
      const odd = answer(404, '{"error":"no such route"}');
      expect((await listOfPools(() => cluster)).read).to.deep.equal({
        state: 'failed',
        message: 'clusters "c-1" not found',
      });
      expect((await listOfPools(() => page)).read).to.deep.equal({
        state: 'failed',
        message: 'HTTP 404: Not Found nginx',
      });
      expect((await listOfPools(() => odd)).read.state).to.equal('failed');
    });
  });

  it('that is forbidden says so in the words of the server', async () => {
    const { read } = await listOfPools(() => status(403, 'Forbidden', 'jane cannot list'));
    expect(read).to.deep.equal({ state: 'forbidden', message: 'jane cannot list' });
  });

  it('that fails, or is no list, is never an empty list', async () => {
    const replies: Reply[] = [
      status(500, 'InternalError', 'etcd is down'),
      answer(200, '<html></html>', { 'content-type': 'text/html' }),
      answer(200, '{"kind":"InferencePoolList","items":[{"metadata":{"na'),
      { kind: 'InferencePoolList', metadata: {} },
      { kind: 'Status', status: 'Success' },
      {},
      [],
    ];
    for (const reply of replies) {
      const { read } = await listOfPools(() => reply);
      expect(read.state, JSON.stringify(read)).to.equal('failed');
    }
  });

  it('that fails on a later page has failed', async () => {
    const replies = [list(['a'], '1'), status(500, 'InternalError', 'etcd is down')];
    const { read } = await listOfPools((_, before) => replies[before]!);
    expect(read).to.deep.equal({ state: 'failed', message: 'etcd is down' });
  });
});

describe('reading one object', () => {
  afterEach(stopAll);
  const route = ref(r.HTTP_ROUTE, 'ns', 'a');

  it('tells absent from unread', async () => {
    const absent = status(404, 'NotFound', 'httproutes "a" not found', { name: 'a', kind: 'httproutes' });
    for (const reply of [absent, unknownPath]) {
      expect(await reader((await apiServer(() => reply)).url).get(route)).to.deep.equal({ state: 'absent' });
    }
    const forbidden = await apiServer(() => status(403, 'Forbidden', 'no'));
    expect(await reader(forbidden.url).get(route)).to.deep.equal({ state: 'forbidden', message: 'no' });
    const cluster = status(404, 'NotFound', 'clusters "c-1" not found', { name: 'c-1', kind: 'clusters' });
    expect((await reader((await apiServer(() => cluster)).url).get(route)).state).to.equal('failed');
  });

  it('does not take one 404 that names no object for absence while discovery has the kind', async () => {
    const nameless = status(404, 'NotFound', 'the server could not find the requested resource');
    for (const [reply, times, state] of [
      [unknownPath, 1, 'ok'],
      [nameless, 1, 'ok'],
      [unknownPath, 3, 'ok'],
      [unknownPath, 99, 'failed'],
    ] as const) {
      let asked = 0;
      const server = await apiServer(({ url }) => {
        if (!url.endsWith('/a')) return { resources: [{ name: 'httproutes' }] };
        return asked++ < times ? reply : { kind: 'HTTPRoute', metadata: { name: 'a' } };
      });
      expect((await reader(server.url).get(route)).state, `${times}`).to.equal(state);
    }
  });

  it('has failed where the answer is something else', async () => {
    const server = await apiServer(() => ({ kind: 'Status', status: 'Success' }));
    expect((await reader(server.url).get(route)).state).to.equal('failed');
  });
});
