// The same code against a real kube-apiserver.
import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { describeWaiting } from './real-waiting.ts';
import { describeWrites } from './real-writes.ts';
import { failure, LIVE, NS, Real, refusal, route } from './real.ts';

const ALPHA_CRD = 'inferencepools.inference.networking.x-k8s.io';

describe('the cluster, on a real API server', function () {
  this.timeout(60_000);
  const real = new Real();

  before(async function () {
    this.timeout(600_000); // the first time, the lab's parts are built
    await real.start();
  });
  after(() => real.stop());

  describe('reads', () => {
    it('tells items, an empty list and a kind that is not installed apart', async () => {
      await real.cluster.apply(route('read-me'), LIVE);
      const { lists, crds, server } = await real.cluster.snapshot({
        resources: [r.HTTP_ROUTE, r.ALPHA_POOL, r.V1_POOL, r.NAMESPACE],
        crds: [ALPHA_CRD, 'inferencepools.inference.networking.k8s.io'],
        namespace: '',
      });
      const routes = lists.get('httproutes.gateway.networking.k8s.io')!;
      const mine = routes.state === 'ok' && routes.items.find(({ metadata }) => metadata.name === 'read-me');
      expect(mine).to.include({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' });
      expect(Object.keys((mine && mine.metadata) || {}))
        .to.include('uid')
        .and.not.include('managedFields');
      expect(
        mine && mine.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]),
      ).to.deep.equal([['kubectl-infpool', 'Apply']]);
      expect(lists.get(ALPHA_CRD)).to.deep.equal({ state: 'ok', items: [] });
      expect(lists.get('inferencepools.inference.networking.k8s.io')).to.deep.equal({
        state: 'notInstalled',
      });
      const namespaces = lists.get('namespaces')!;
      expect(namespaces.state === 'ok' && namespaces.items[0]).to.include({
        apiVersion: 'v1',
        kind: 'Namespace',
      });
      expect(crds.get('inferencepools.inference.networking.k8s.io')).to.deep.equal({ state: 'absent' });
      const crd = crds.get(ALPHA_CRD)!;
      expect(crd.state === 'ok' && crd.object).to.have.all.keys('apiVersion', 'kind', 'metadata');
      expect(crd.state === 'ok' && crd.object.kind).to.equal('CustomResourceDefinition');
      expect(server.state === 'ok' && server.version.gitVersion).to.equal(real.lab.gitVersion);
    });

    it('reads more objects than fit a page', async () => {
      const names = Array.from({ length: 1101 }, (_, index) => `page-${index}`);
      const make = (name: string): Promise<KubeObject> =>
        real.cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NS } }, LIVE);
      await Promise.all(names.map(make));
      const list = await real.cluster.list(r.CONFIG_MAP, NS);
      const read = list.state === 'ok' ? list.items.map(({ metadata }) => metadata.name) : [];
      expect(read.filter((name) => name.startsWith('page-'))).to.have.members(names);
    });

    it("says what is forbidden in the server's words", async () => {
      const rules = [
        { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['list'] },
      ];
      const restricted = await real.as(await real.lab.addUser('routes-only', rules));
      const { lists, crds } = await restricted.snapshot({
        resources: [r.HTTP_ROUTE, r.ALPHA_POOL, r.V1_POOL],
        crds: [ALPHA_CRD],
        namespace: '',
      });
      expect(lists.get('httproutes.gateway.networking.k8s.io')!.state).to.equal('ok');
      const pools = lists.get(ALPHA_CRD)!;
      expect(pools.state === 'forbidden' && pools.message).to.match(/cannot list resource "inferencepools"/);
      // Authorization comes before existence: the server answers 403 for a kind that isn't there, too; discovery tells.
      expect(lists.get('inferencepools.inference.networking.k8s.io')!.state).to.equal('notInstalled');
      expect(crds.get(ALPHA_CRD)!.state).to.equal('forbidden');
    });

    it('refuses to go on with a token that the server does not know', async () => {
      const stranger = await real.as(real.lab.kubeconfig('expired'));
      const error = await failure(stranger.snapshot({ resources: [r.HTTP_ROUTE], crds: [], namespace: '' }));
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/does not accept the credentials \(401\)/);
      expect(await stranger.list(r.HTTP_ROUTE, '')).to.deep.equal({
        state: 'forbidden',
        message: 'Unauthorized',
      });
    });

    it('impersonates a user and several groups', async () => {
      const someone = await real.as(real.lab.kubeconfig(), {
        as: 'jane',
        asGroup: ['nobodies', 'system:masters'],
      });
      expect((await someone.list(r.NAMESPACE, '')).state).to.equal('ok');
      const noone = await real.as(real.lab.kubeconfig(), { as: 'jane', asGroup: ['nobodies'] });
      const list = await noone.list(r.NAMESPACE, '');
      expect(list.state === 'forbidden' && list.message).to.include('User "jane" cannot list');
    });

    it('finds objects of kinds that it never heard of', async () => {
      const quota: Ref = { group: '', version: 'v1', kind: 'ResourceQuota', namespace: NS, name: 'none' };
      expect(await real.cluster.get(quota)).to.deep.equal({ state: 'absent' });
      const lease = {
        group: 'coordination.k8s.io',
        version: 'v1',
        kind: 'Lease',
        namespace: NS,
        name: 'mine',
      };
      await real.cluster.create(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'mine' } },
        LIVE,
      );
      expect((await real.cluster.get(lease)).state).to.equal('ok');
      const unheard = { group: 'example.com', version: 'v1', kind: 'Thing', namespace: NS, name: 'x' };
      expect(await real.cluster.get(unheard)).to.deep.equal({ state: 'absent' });
      expect(await refusal(real.cluster.delete(unheard, LIVE))).to.include({ reason: 'absent' });
    });
  });

  describeWrites(real);
  describeWaiting(real);

  describe('helm', () => {
    it('lists the releases of this cluster, whatever HELM_KUBECONTEXT says', async () => {
      expect(await real.cluster.helm.list(NS)).to.deep.equal([]);
      expect(await real.cluster.helm.list('')).to.deep.equal([]);
    });

    it("fails with helm's own words", async () => {
      const error = await failure(real.cluster.helm.run(['uninstall', 'ghost', '--namespace', NS], {}));
      expect(error).to.be.instanceOf(UserError);
      expect(error.message).to.match(/`helm uninstall ghost` failed \(1\): .*release: not found/);
    });
  });
});
