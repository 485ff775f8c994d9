import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';
import { listOf } from '../../src/api/read.ts';
import { Agreement } from '../../src/cluster/agreement.ts';
import { Discovery } from '../../src/cluster/paths.ts';
import { Reader } from '../../src/cluster/read.ts';
import { answer, apiServer, status, stopAll, transportTo, type Reply } from './api-server.ts';

const WANTED = [r.ALPHA_POOL, r.HTTP_ROUTE, r.HEALTH_CHECK_POLICY, r.DESTINATION_RULE];
const notFound = answer(404, '404 page not found\n', { 'content-type': 'text/plain' });
const istio = {
  name: 'networking.istio.io',
  versions: [{ version: 'v1beta1' }, { version: 'v1alpha3' }],
  preferredVersion: { version: 'v1beta1' },
};

async function snapshotOf(groups: Reply, resources = WANTED) {
  const server = await apiServer(({ url }) => {
    const { pathname } = new URL(url, 'http://x');
    if (pathname === '/apis') return groups;
    if (pathname === '/version') return { gitVersion: 'v1.34.0' };
    if (pathname.includes('destinationrules'))
      return pathname.includes('/v1beta1/')
        ? { kind: 'DestinationRuleList', items: [{ metadata: { name: 'epp' }, spec: {} }] }
        : notFound;
    if (pathname.includes('networking.gke.io')) return notFound;
    const of = WANTED.find(({ plural }) => pathname.endsWith(`/${plural}`));
    return { kind: `${of?.kind}List`, items: [] };
  });
  const transport = transportTo(server.url);
  const options = { agreement: new Agreement([0, 1]), soonMs: 5000 };
  const reader = new Reader(transport, new Discovery(transport), 'default', options);
  const snapshot = await reader.snapshot({ resources, crds: [], namespace: '' });
  return { snapshot, paths: server.seen.map(({ url }) => new URL(url, 'http://x').pathname) };
}

describe('kinds that may not be installed', () => {
  afterEach(stopAll);

  it('cost no request where their group is not there, and are not installed', async () => {
    const { snapshot, paths } = await snapshotOf({ groups: [istio] });
    expect(listOf(snapshot, r.HEALTH_CHECK_POLICY)).to.deep.equal({ state: 'notInstalled' });
    expect(paths.filter((path) => path.includes('networking.gke.io'))).to.be.empty;
    expect(paths.filter((path) => path === '/apis')).to.have.length(1);
  });

  it('are read under the version that the server has, and say which', async () => {
    const { snapshot } = await snapshotOf({ groups: [istio] });
    const read = listOf(snapshot, r.DESTINATION_RULE);
    expect(read.state === 'ok' && read.items[0]!.apiVersion).to.equal('networking.istio.io/v1beta1');
  });

  it('are asked for one by one where the server does not say what is installed', async () => {
    for (const groups of [status(403, 'Forbidden', 'no'), { kind: 'Strange' }]) {
      const { snapshot, paths } = await snapshotOf(groups);
      expect(listOf(snapshot, r.HEALTH_CHECK_POLICY)).to.deep.equal({ state: 'notInstalled' });
      expect(paths.some((path) => path.includes('healthcheckpolicies'))).to.be.true;
      stopAll();
    }
  });

  it('are not asked about where only those are wanted without which there is nothing to do', async () => {
    const { paths } = await snapshotOf({ groups: [] }, [r.ALPHA_POOL, r.V1_POOL, r.HTTP_ROUTE, r.SERVICE]);
    expect(paths).not.to.include('/apis');
  });
});
