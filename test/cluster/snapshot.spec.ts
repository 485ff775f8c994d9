import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { Agreement } from '../../src/cluster/agreement.ts';
import { Discovery } from '../../src/cluster/paths.ts';
import { Reader } from '../../src/cluster/read.ts';
import { answer, apiServer, reset, status, stopAll, transportTo } from './api-server.ts';

const POOLS = 'inferencepools.inference.networking.x-k8s.io';
const unknownPath = answer(404, '404 page not found\n', { 'content-type': 'text/plain' });

function reader(url: string): Reader {
  const transport = transportTo(url);
  return new Reader(transport, new Discovery(transport), 'default', {
    agreement: new Agreement([0, 1, 1, 1]),
  });
}

const list = (names: string[]) => ({
  kind: 'InferencePoolList',
  metadata: {},
  items: names.map((name) => ({ metadata: { name }, spec: {} })),
});

describe('a snapshot', () => {
  afterEach(stopAll);
  const wanted = { resources: [r.ALPHA_POOL, r.HTTP_ROUTE], crds: [POOLS], namespace: '' };

  it('looks again at a CRD that is not there while its objects are', async () => {
    for (const times of [1, 3, 99]) {
      let asked = 0;
      const server = await apiServer(({ url }) => {
        if (url === '/version') return { gitVersion: 'v1.34.2' };
        if (!url.includes('customresourcedefinitions')) return list(['a']);
        if (asked++ < times) return status(404, 'NotFound', 'not found', { name: POOLS });
        return { kind: 'PartialObjectMetadata', metadata: { name: POOLS } };
      });
      const { crds } = await reader(server.url).snapshot({ ...wanted, resources: [r.ALPHA_POOL] });
      expect(crds.get(POOLS)!.state).to.equal(times < 99 ? 'ok' : 'failed');
      stopAll();
    }
  });

  it('of a CRD that is going has neither it nor its objects, which are listed a moment longer', async () => {
    let listed = 0;
    const server = await apiServer(({ url }) => {
      if (url === '/version') return { gitVersion: 'v1.34.2' };
      if (url.includes('customresourcedefinitions'))
        return status(404, 'NotFound', 'not found', { name: POOLS });
      if (url.includes('inferencepools')) return listed++ < 2 ? list([]) : unknownPath;
      return listed < 4 ? { resources: [{ name: 'inferencepools' }] } : unknownPath;
    });
    const { crds, lists } = await reader(server.url).snapshot({ ...wanted, resources: [r.ALPHA_POOL] });
    expect(crds.get(POOLS)).to.deep.equal({ state: 'absent' });
    expect(lists.get(POOLS)).to.deep.equal({ state: 'notInstalled' });
  });

  it('does not take a server that knows no CRDs for one on which none is installed', async () => {
    const server = await apiServer(({ url }) => {
      if (url === '/version') return { gitVersion: 'v1.34.2' };
      return url.includes('customresourcedefinitions') ? unknownPath : list(['a']);
    });
    const { crds } = await reader(server.url).snapshot({ ...wanted, resources: [] });
    expect(crds.get(POOLS)!.state).to.equal('failed');
  });

  it('takes no other object for the one that was asked for', async () => {
    const server = await apiServer(() => ({ kind: 'InferencePool', metadata: { name: 'another' } }));
    const read = await reader(server.url).get(ref(r.ALPHA_POOL, 'ns', 'a'));
    expect(read).to.deep.equal({ state: 'failed', message: 'the answer is not an object of that kind' });
  });

  it('keeps what could be read beside what could not', async () => {
    const server = await apiServer(({ url }) => {
      if (url === '/version') return { gitVersion: 'v1.34.2', platform: 'linux/amd64' };
      if (url.includes('customresourcedefinitions')) {
        return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: POOLS } };
      }
      return url.includes('httproutes') ? status(403, 'Forbidden', 'no') : list(['a']);
    });
    const { lists, crds, server: version } = await reader(server.url).snapshot(wanted);
    expect(lists.get(POOLS)!.state).to.equal('ok');
    expect(lists.get('httproutes.gateway.networking.k8s.io')!.state).to.equal('forbidden');
    expect(crds.get(POOLS)).to.deep.equal({
      state: 'ok',
      object: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: POOLS },
      },
    });
    expect(version).to.deep.equal({
      state: 'ok',
      version: { gitVersion: 'v1.34.2', platform: 'linux/amd64' },
    });
    const accept = server.seen.find(({ url }) => url.includes('customresource'))!.headers.accept;
    expect(accept).to.equal('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
  });

  it('confines namespaced lists to the namespace', async () => {
    const server = await apiServer(({ url }) => (url === '/version' ? { gitVersion: 'v1' } : unknownPath));
    await reader(server.url).snapshot({ ...wanted, namespace: 'ns', resources: [r.POD, r.NAMESPACE] });
    const paths = server.seen.map(({ url }) => url.split('?')[0]);
    expect(paths).to.include.members(['/api/v1/namespaces/ns/pods', '/api/v1/namespaces']);
  });

  it('of a server that is not there is an error with a hint', async () => {
    const { url } = await apiServer(() => ({}));
    stopAll();
    const error = await reader(url)
      .snapshot(wanted)
      .catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.equal(`Cannot reach the API server ${url}: connection refused`);
    expect((error as UserError).hint).to.include('current-context');
  });

  it('of a server that breaks off one answer is no error', async () => {
    const server = await apiServer(({ url }) =>
      url.includes('inferencepools?') ? reset : url === '/version' ? { gitVersion: 'v1' } : unknownPath,
    );
    const { lists } = await reader(server.url).snapshot(wanted);
    expect(lists.get(POOLS)).to.deep.equal({ state: 'failed', message: 'the connection broke (ECONNRESET)' });
  });

  it('of a web server that is no cluster is an error, and not an empty cluster', async () => {
    const server = await apiServer(() => unknownPath);
    const error = await reader(server.url)
      .snapshot(wanted)
      .catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.include('does not answer as a Kubernetes API server');
  });
});
