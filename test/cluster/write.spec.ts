import { expect } from 'chai';
import { WriteRefused, WriteUnknown } from '../../src/api/cluster.ts';
import { UserError } from '../../src/api/errors.ts';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { Discovery } from '../../src/cluster/paths.ts';
import { Writer } from '../../src/cluster/write.ts';
import { answer, apiServer, reset, status, stopAll, transportTo, type Reply } from './api-server.ts';

const LIVE = { dryRun: 'none' } as const;
const TRY = { dryRun: 'server' } as const;
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'a', namespace: 'ns', managedFields: [{}] },
  spec: {},
};
const A = ref(r.HTTP_ROUTE, 'ns', 'a');
const PATH = '/apis/gateway.networking.k8s.io/v1/namespaces/ns/httproutes';

async function writer(reply: (before: number) => Reply = () => route) {
  const server = await apiServer((_, before) => reply(before));
  const transport = transportTo(server.url);
  const options = {
    transport,
    discovery: new Discovery(transport),
    namespace: 'default',
    fieldManager: 'me',
  };
  return { writer: new Writer(options), server };
}

describe('writing', () => {
  afterEach(stopAll);

  it('applies as a field manager, without force, and without managedFields', async () => {
    const { writer: one, server } = await writer();
    await one.apply(route, LIVE);
    await one.apply(route, { ...TRY, force: true });
    const [live, tried] = server.seen;
    expect(live).to.include({ method: 'PATCH', url: `${PATH}/a?fieldManager=me` });
    expect(live!.headers['content-type']).to.equal('application/apply-patch+yaml');
    expect(JSON.parse(live!.body)).to.deep.equal({ ...route, metadata: { name: 'a', namespace: 'ns' } });
    expect(tried!.url).to.equal(`${PATH}/a?fieldManager=me&dryRun=All&force=true`);
    expect(route.metadata.managedFields).to.deep.equal([{}]);
  });

  it('creates where the manifest, or else the current namespace, says', async () => {
    const { writer: one, server } = await writer((before) =>
      before === 0 ? route : { metadata: { name: 'c' } },
    );
    await one.create(route, LIVE);
    await one.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }, TRY);
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).to.deep.equal([
      `POST ${PATH}?fieldManager=me`,
      'POST /api/v1/namespaces/default/configmaps?fieldManager=me&dryRun=All',
    ]);
  });

  it('patches with the operations as they are', async () => {
    const { writer: one, server } = await writer();
    const patch = [{ op: 'replace', path: '/metadata/resourceVersion', value: '7' }] as const;
    await one.patch(A, patch, LIVE);
    expect(server.seen[0]).to.include({ method: 'PATCH', body: JSON.stringify(patch) });
    expect(server.seen[0]!.headers['content-type']).to.equal('application/json-patch+json');
  });

  it('deletes on conditions', async () => {
    const { writer: one, server } = await writer();
    await one.delete(A, { ...TRY, uid: 'u', resourceVersion: '7' });
    expect(server.seen[0]).to.include({ method: 'DELETE', url: `${PATH}/a` });
    expect(JSON.parse(server.seen[0]!.body)).to.deep.equal({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Background',
      preconditions: { uid: 'u', resourceVersion: '7' },
      dryRun: ['All'],
    });
  });

  it('says why the server refused', async () => {
    const replies: [Reply, WriteRefused['reason']][] = [
      [status(409, 'Conflict', 'changed'), 'conflict'],
      [status(409, 'AlreadyExists', 'there'), 'exists'],
      [status(403, 'Forbidden', 'no'), 'forbidden'],
      [status(422, 'Invalid', 'wrong'), 'invalid'],
      [status(400, 'BadRequest', 'odd'), 'invalid'],
      [
        status(500, 'InternalError', 'failed to create typed patch object (a): .x: field not declared'),
        'invalid',
      ],
      [status(404, 'NotFound', 'gone'), 'absent'],
      [status(500, 'InternalError', 'webhook down'), 'failed'],
      [answer(413, 'Request Entity Too Large'), 'failed'],
    ];
    for (const [reply, reason] of replies) {
      const { writer: one } = await writer(() => reply);
      const error = await one.create(route, LIVE).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(WriteRefused);
      expect((error as WriteRefused).reason, (error as Error).message).to.equal(reason);
      expect((error as Error).message).to.match(
        /^cannot create httproutes.gateway.networking.k8s.io\/a in namespace ns: /,
      );
    }
  });

  describe('when the answer is lost', () => {
    const lost: Reply[] = [
      reset,
      answer(502, 'bad gateway'),
      status(503, 'ServiceUnavailable', 'away'),
      answer(504, 'gateway timeout'),
      status(500, 'InternalError', 'etcdserver: request timed out'),
      // Whatever answers in place of the API server.
      {},
      { kind: 'Pod', metadata: { name: 'another' } },
      answer(200, '<html>Sign in</html>'),
    ];

    it('applies again', async () => {
      const { writer: one, server } = await writer((before) => (before === 0 ? reset : route));
      await one.apply(route, LIVE);
      expect(server.seen).to.have.length(2);
    });

    it('does nothing else twice, and says that it does not know', async () => {
      for (const reply of lost) {
        const { writer: one, server } = await writer(() => reply);
        for (const write of [
          () => one.create(route, LIVE),
          () => one.patch(A, [], LIVE),
          () => one.delete(A, LIVE),
        ]) {
          const error = await write().catch((caught: unknown) => caught);
          expect(error, JSON.stringify(reply)).to.be.instanceOf(WriteUnknown).and.instanceOf(UserError);
          expect((error as UserError).message).to.match(/^It is not known whether the \w+ of .* took place/);
          expect((error as UserError).hint).to.include('again');
        }
        expect(server.seen).to.have.length(3);
      }
    });
  });

  it('says that nothing was sent when the server is not there', async () => {
    const { writer: one, server } = await writer();
    server.stop();
    const error = await one.create(route, LIVE).catch((caught: unknown) => caught);
    expect((error as Error).message).to.match(/^Cannot reach the API server .*: connection refused/);
  });
});
