// A part of real.lab.spec.ts.
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { configMap, LIVE, NS, refusal, route, type Real } from './real.ts';

export function describeWrites(real: Real): void {
  describe('server-side apply', () => {
    it('creates, and changes only what it owns', async () => {
      const created = await real.cluster.apply(route('mine'), LIVE);
      expect(created.metadata.uid).to.be.a('string');
      const again = await real.cluster.apply(route('mine'), LIVE);
      expect(again.metadata.resourceVersion).to.equal(created.metadata.resourceVersion);
    });

    it('reports a field that someone else holds as a conflict, with who and which', async () => {
      const other = await real.as(real.lab.kubeconfig(), {}, 'argocd');
      await other.apply(route('contested', 'a.example.com'), LIVE);
      const refused = await refusal(real.cluster.apply(route('contested', 'b.example.com'), LIVE));
      expect(refused).to.include({ status: 409, reason: 'conflict' });
      expect(refused.message).to.include('conflicts with "argocd":').and.include('\n- .spec.hostnames');
      const forced = await real.cluster.apply(route('contested', 'b.example.com'), { ...LIVE, force: true });
      expect(forced['spec'].hostnames).to.deep.equal(['b.example.com']);
    });

    it('writes nothing in a dry run', async () => {
      const shown = await real.cluster.apply(route('never'), { dryRun: 'server' });
      expect(shown.kind).to.equal('HTTPRoute');
      expect(await real.cluster.get(ref(r.HTTP_ROUTE, NS, 'never'))).to.deep.equal({ state: 'absent' });
    });

    it("passes on the server's reason for an invalid object", async () => {
      const manifest = { ...route('invalid'), spec: { rules: 'many' } };
      const refused = await refusal(real.cluster.apply(manifest, LIVE));
      expect(refused.reason).to.equal('invalid');
      expect(refused.message).to.include('spec.rules');
    });

    it('applies what was read, managed fields and all', async () => {
      const read = await real.lab.admin.get({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        name: 'mine',
      });
      expect(read!.metadata).to.have.property('managedFields');
      await real.cluster.apply(read as unknown as KubeObject, { dryRun: 'server', force: true });
    });

    it('refuses a field that the schema does not have', async () => {
      const typo = { ...route('typo'), spec: { hostNames: ['x'] } };
      const refused = await refusal(real.cluster.apply(typo, LIVE));
      expect(refused.reason).to.equal('invalid');
      expect(refused.message).to.include('.spec.hostNames: field not declared in schema');
    });
  });

  describe('create', () => {
    it('keeps an object that is already there', async () => {
      await real.cluster.create(route('once'), LIVE);
      const refused = await refusal(real.cluster.create(route('once'), LIVE));
      expect(refused).to.include({ status: 409, reason: 'exists' });
    });

    it("hands on the server's warnings, once", async () => {
      const typo = (name: string) => ({ ...route(name), spec: { hostNames: ['x'] } });
      await real.cluster.create(typo('typo-1'), LIVE);
      await real.cluster.create(typo('typo-2'), LIVE);
      expect(real.warnings).to.deep.equal(['unknown field "spec.hostNames"']);
    });

    it('takes the current namespace for a manifest without one', async () => {
      const elsewhere = await real.as(real.lab.kubeconfig(), { namespace: 'kube-system' });
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'homeless' } };
      const created = await elsewhere.create(manifest, LIVE);
      expect(created.metadata.namespace).to.equal('kube-system');
    });
  });

  describe('JSON patch', () => {
    const hostname = (value: string) => ({ op: 'add', path: '/spec/hostnames', value: [value] }) as const;
    const at = (version: string) =>
      ({ op: 'replace', path: '/metadata/resourceVersion', value: version }) as const;

    it('changes an object that is still where it was read', async () => {
      const { metadata } = await real.cluster.apply(route('patched'), LIVE);
      const patch = [at(metadata.resourceVersion!), hostname('new.example.com')];
      const patched = await real.cluster.patch(ref(r.HTTP_ROUTE, NS, 'patched'), patch, LIVE);
      expect(patched['spec'].hostnames).to.deep.equal(['new.example.com']);
    });

    it('is refused as a conflict once the object has moved on', async () => {
      const { metadata } = await real.cluster.apply(route('moved'), LIVE);
      const target = ref(r.HTTP_ROUTE, NS, 'moved');
      await real.cluster.patch(target, [hostname('someone.example.com')], LIVE);
      const stale = [at(metadata.resourceVersion!), hostname('ours.example.com')];
      for (const dryRun of ['server', 'none'] as const) {
        expect(await refusal(real.cluster.patch(target, stale, { dryRun }))).to.include({
          status: 409,
          reason: 'conflict',
        });
      }
    });

    it('is refused as a conflict even where it would change nothing', async () => {
      const { metadata } = await real.cluster.apply(route('same'), LIVE);
      const target = ref(r.HTTP_ROUTE, NS, 'same');
      await real.cluster.patch(target, [hostname('x.example.com')], LIVE);
      const stale = [at(metadata.resourceVersion!), hostname('x.example.com')];
      expect(await refusal(real.cluster.patch(target, stale, LIVE))).to.include({
        status: 409,
        reason: 'conflict',
      });
    });

    it('of an absent object is refused as absent', async () => {
      const refused = await refusal(
        real.cluster.patch(ref(r.HTTP_ROUTE, NS, 'ghost'), [hostname('x')], LIVE),
      );
      expect(refused).to.include({ status: 404, reason: 'absent' });
    });

    it('with a failing test operation is refused as invalid', async () => {
      await real.cluster.apply(route('tested'), LIVE);
      const patch = [{ op: 'test', path: '/spec/hostnames', value: ['y'] }] as const;
      const refused = await refusal(real.cluster.patch(ref(r.HTTP_ROUTE, NS, 'tested'), patch, LIVE));
      expect(refused.reason).to.equal('invalid');
    });
  });

  describe('delete', () => {
    it('spares an object that is another one of the same name, or has changed', async () => {
      const target = ref(r.CONFIG_MAP, NS, 'deleted');
      const { metadata } = await real.cluster.apply(configMap('deleted', 'x'), LIVE);
      const wrongUid = real.cluster.delete(target, { ...LIVE, uid: 'f0f0f0f0-0000-0000-0000-000000000000' });
      expect(await refusal(wrongUid)).to.include({ status: 409, reason: 'conflict' });
      const stale = real.cluster.delete(target, { ...LIVE, resourceVersion: '1' });
      expect(await refusal(stale)).to.include({ status: 409, reason: 'conflict' });
      const { uid, resourceVersion } = metadata;
      await real.cluster.delete(target, { dryRun: 'server', uid: uid!, resourceVersion: resourceVersion! });
      expect((await real.cluster.get(target)).state).to.equal('ok');
      await real.cluster.delete(target, { ...LIVE, uid: uid!, resourceVersion: resourceVersion! });
      const gone = (object: KubeObject | null) => object === null;
      await real.cluster.waitFor(target, gone, { timeoutMs: 10_000, what: 'its end' });
      expect(await refusal(real.cluster.delete(target, LIVE))).to.include({ reason: 'absent' });
    });
  });
}
