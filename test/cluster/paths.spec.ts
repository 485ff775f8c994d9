import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import { collectionPath, Discovery, objectPath, query, UnknownKind } from '../../src/cluster/paths.ts';
import { answer, apiServer, stopAll, transportTo } from './api-server.ts';

describe('paths', () => {
  afterEach(stopAll);

  it('go by group, version, namespace and plural', () => {
    expect(collectionPath(r.POD, 'ns')).to.equal('/api/v1/namespaces/ns/pods');
    expect(collectionPath(r.POD, '')).to.equal('/api/v1/pods');
    expect(collectionPath(r.ALPHA_POOL, 'ns')).to.equal(
      '/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/ns/inferencepools',
    );
  });

  it('leave the namespace out for what lives in none', () => {
    expect(objectPath(r.GATEWAY_CLASS, 'ns', 'gke')).to.equal(
      '/apis/gateway.networking.k8s.io/v1/gatewayclasses/gke',
    );
  });

  it('escape names', () => {
    expect(objectPath(r.CLUSTER_ROLE, '', 'system:a/b')).to.match(/\/clusterroles\/system%3Aa%2Fb$/);
    expect(query({ labelSelector: 'a=b,c', limit: undefined })).to.equal('?labelSelector=a%3Db%2Cc');
    expect(query({ limit: undefined })).to.equal('');
  });
});

describe('discovery', () => {
  afterEach(stopAll);
  const quota = { group: '', version: 'v1', kind: 'ResourceQuota' };
  const core = {
    resources: [
      { name: 'pods/status', kind: 'Pod', namespaced: true },
      { name: 'resourcequotas', kind: 'ResourceQuota', namespaced: true },
      { name: 'resourcequotas/status', kind: 'ResourceQuota', namespaced: true },
    ],
  };

  it('asks nobody about the kinds of the vocabulary, and keeps the version asked for', async () => {
    const server = await apiServer(() => ({}));
    const found = await new Discovery(transportTo(server.url)).find({ ...r.ALPHA_POOL, version: 'v1alpha1' });
    expect(found).to.deep.equal({ ...r.ALPHA_POOL, version: 'v1alpha1' });
    expect(server.seen).to.be.empty;
  });

  it('asks the server once about a group and version', async () => {
    const server = await apiServer(() => core);
    const discovery = new Discovery(transportTo(server.url));
    const [one] = await Promise.all([discovery.find(quota), discovery.find(quota)]);
    expect(one).to.deep.equal({ ...quota, plural: 'resourcequotas', namespaced: true });
    expect(server.seen.map(({ url }) => url)).to.deep.equal(['/api/v1']);
  });

  it('asks again about a kind that was not there: it may have been installed since', async () => {
    const server = await apiServer((_, before) =>
      before === 0 ? answer(404, '404 page not found\n') : core,
    );
    const discovery = new Discovery(transportTo(server.url));
    const error = await discovery.find(quota).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UnknownKind);
    expect((await discovery.find(quota)).plural).to.equal('resourcequotas');
  });
});
