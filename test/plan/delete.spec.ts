import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import { UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { DeleteStep } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { deleteObject } from '../../src/plan/delete.ts';
import { FakeCluster } from '../support/fakes.ts';
import { deployment } from '../support/healthy.ts';
import { alphaPool, crd, model } from '../support/objects.ts';
import { FORBIDDEN } from '../support/snapshot.ts';

const step = (before: KubeObject): DeleteStep => ({
  action: 'delete',
  ref: refOf(before),
  reason: '',
  before,
});
const options = (cluster: FakeCluster) => ({ cluster, dryRun: 'none' as const, timeoutMs: 1000 });

/** Deletes what is live now, after `meanwhile` has happened to it. */
function remove(cluster: FakeCluster, object: KubeObject, meanwhile: () => void = () => undefined) {
  const before = cluster.live(object)!;
  meanwhile();
  return deleteObject(step(before), options(cluster));
}

async function refusal(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => expect.fail('it should have been refused'),
    (caught: unknown) => caught,
  );
  expect(error).to.be.instanceOf(UserError).and.to.include({ exitCode: 3 });
  return error as UserError;
}

describe('deleting an object', () => {
  it('deletes it as it was when it was decided on, and waits until it is gone', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    expect(await remove(cluster, alphaPool())).to.deep.equal({ outcome: 'done', detail: '' });
    expect(cluster.objects.size).to.equal(0);
    expect(cluster.calls).to.deep.equal([
      'delete InferencePool food',
      'wait for inferencepools.inference.networking.x-k8s.io/food in namespace llm to be gone',
    ]);
  });

  it('that is gone already is as well', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    expect(await remove(cluster, alphaPool(), () => cluster.objects.clear())).to.deep.equal({
      outcome: 'unchanged',
      detail: 'already gone',
    });
    const racing = new FakeCluster([alphaPool()]);
    racing.before = () => void racing.objects.clear();
    expect(await remove(racing, alphaPool())).to.include({ outcome: 'unchanged', detail: 'already gone' });
  });

  it('that one 404 says is gone is looked at again', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    let left = 1;
    cluster.before = () => {
      if (left-- > 0) throw new WriteRefused(404, 'absent', 'not found');
    };
    expect(await remove(cluster, alphaPool())).to.include({ outcome: 'done' });
    expect(cluster.objects.size).to.equal(0);
    const stubborn = new FakeCluster([alphaPool()]);
    stubborn.before = () => {
      throw new WriteRefused(404, 'absent', 'not found');
    };
    const error = await remove(stubborn, alphaPool()).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(WriteRefused);
  });

  const changes: [what: string, change: (object: KubeObject) => KubeObject][] = [
    ['the spec', (object) => ({ ...object, spec: { ...object['spec'], targetPortNumber: 1 } })],
    ['a label', (object) => ({ ...object, metadata: { ...object.metadata, labels: { a: 'b' } } })],
    ['an annotation', (object) => ({ ...object, metadata: { ...object.metadata, annotations: { a: 'b' } } })],
    [
      'the object itself, deleted and made anew',
      (object) => ({ ...object, metadata: { ...object.metadata, uid: 'new' } }),
    ],
  ];
  for (const [what, change] of changes)
    it(`is refused when someone has changed ${what} since`, async () => {
      const cluster = new FakeCluster([alphaPool()]);
      const error = await refusal(
        remove(cluster, alphaPool(), () => void cluster.put(change(cluster.live(alphaPool())!))),
      );
      expect(error.message).to.contain('someone changed it after the plan was made');
      expect(cluster.objects.size).to.equal(1);
    });

  it('is refused when someone has changed a label that it had', async () => {
    const labelled = (a: string) => ({
      ...alphaPool(),
      metadata: { ...alphaPool().metadata, labels: { a } },
    });
    const cluster = new FakeCluster([labelled('b')]);
    await refusal(remove(cluster, labelled('b'), () => void cluster.put(labelled('c'))));
  });

  it('tells what to do about a change that came between', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    const labels = { a: 'b' };
    const theirs = { ...alphaPool(), metadata: { ...alphaPool().metadata, labels } };
    const { hint } = await refusal(remove(cluster, alphaPool(), () => void cluster.put(theirs)));
    expect(hint).to.contain('Run this again').and.to.contain('backup');
  });

  it('counts revisions on what the deployment controller looks after, and on nothing else', async () => {
    const annotations = { 'deployment.kubernetes.io/revision': '2' };
    const counted = { ...alphaPool(), metadata: { ...alphaPool().metadata, annotations } };
    const cluster = new FakeCluster([alphaPool()]);
    await refusal(remove(cluster, alphaPool(), () => void cluster.put(counted)));
    const noted = { ...deployment(), metadata: { ...deployment().metadata, annotations: { a: 'b' } } };
    const deployed = new FakeCluster([deployment()]);
    await refusal(remove(deployed, deployment(), () => void deployed.put(noted)));
  });

  it('goes on only after a conflict: any other refusal, and any bug, is the end', async () => {
    for (const error of [new WriteRefused(403, 'forbidden', 'no'), new TypeError('x is undefined')]) {
      const cluster = new FakeCluster([alphaPool()]);
      let asked = 0;
      cluster.before = () => {
        asked++;
        throw error;
      };
      expect(await remove(cluster, alphaPool()).catch((caught: unknown) => caught)).to.equal(error);
      expect(asked).to.equal(1);
    }
    const odd = new FakeCluster([alphaPool()]);
    odd.before = () => {
      throw Object.assign(new Error('not ours'), { reason: 'absent' });
    };
    expect(await remove(odd, alphaPool()).catch((caught: Error) => caught.message)).to.equal('not ours');
  });

  it('is over when another object has taken its name, and not before it is gone', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    const again = { ...alphaPool(), metadata: { ...alphaPool().metadata, uid: 'another' } };
    cluster.delete = async () => void cluster.put(again);
    expect(await remove(cluster, alphaPool())).to.include({ outcome: 'done' });
    const stuck = new FakeCluster([alphaPool()]);
    stuck.delete = async () => undefined;
    const error = await remove(stuck, alphaPool()).catch((caught: Error) => caught);
    expect(error).to.be.instanceOf(Error).and.to.have.property('message').that.contains('not settled');
  });

  it('sends only those preconditions that it knows', async () => {
    const { uid: _, resourceVersion: __, ...metadata } = alphaPool().metadata;
    const bare = { ...alphaPool(), metadata };
    const cluster = new FakeCluster();
    let sent: object | undefined;
    cluster.get = async () => ({ state: 'ok', object: bare });
    cluster.delete = async (_ref, options) => void (sent = options);
    await deleteObject(step(bare), { ...options(cluster), dryRun: 'server' });
    expect(sent).to.deep.equal({ dryRun: 'server' });
  });

  it('goes on when only the status moved, before or while it deletes', async () => {
    const moved = { ...alphaPool(), status: { parent: [] } };
    const cluster = new FakeCluster([alphaPool()]);
    expect(await remove(cluster, alphaPool(), () => void cluster.put(moved))).to.include({ outcome: 'done' });
    const racing = new FakeCluster([alphaPool()]);
    let races = 2;
    racing.before = () => {
      if (races-- > 0) racing.put(moved);
    };
    expect(await remove(racing, alphaPool())).to.include({ outcome: 'done' });
  });

  it('goes on when the deployment controller has counted a revision', async () => {
    const cluster = new FakeCluster([deployment()]);
    const annotations = { 'deployment.kubernetes.io/revision': '2' };
    const counted = { ...deployment(), metadata: { ...deployment().metadata, annotations } };
    expect(await remove(cluster, deployment(), () => void cluster.put(counted))).to.include({
      outcome: 'done',
    });
  });

  it('does not mind the order of keys', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    const { spec, ...rest } = alphaPool();
    const turned = { ...rest, spec: Object.fromEntries(Object.entries(spec as object).reverse()) };
    expect(await remove(cluster, alphaPool(), () => void cluster.put(turned as KubeObject))).to.include({
      outcome: 'done',
    });
  });

  it('gives up on an object that never stands still', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    cluster.before = () => void cluster.put(alphaPool());
    const error = await remove(cluster, alphaPool()).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(WriteRefused).and.to.include({ reason: 'conflict' });
    expect(cluster.objects.size).to.equal(1);
  });

  it('is refused where it can not be looked at', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    cluster.reads = () => FORBIDDEN;
    expect((await refusal(remove(cluster, alphaPool()))).message).to.contain('could not be read');
    expect(cluster.calls).to.be.empty;
  });
});

describe('deleting a CRD', () => {
  const definition = crd(r.MODEL);

  it('is done when no object of it is left anywhere', async () => {
    const cluster = new FakeCluster([definition, alphaPool()]);
    expect(await remove(cluster, definition)).to.include({ outcome: 'done' });
  });

  it('is nothing to do when it went meanwhile, and its kind with it', async () => {
    const cluster = new FakeCluster([definition]);
    cluster.lists = () => ({ state: 'notInstalled' });
    const gone = remove(cluster, definition, () => void cluster.objects.clear());
    expect(await gone).to.include({ outcome: 'unchanged' });
  });

  it('is refused while it is there and its kind is not served: its objects may be', async () => {
    const cluster = new FakeCluster([definition]);
    cluster.lists = () => ({ state: 'notInstalled' });
    expect((await refusal(remove(cluster, definition))).message).to.contain(
      'its objects could not be listed (the API server does not serve them)',
    );
    expect(cluster.calls).to.be.empty;
  });

  it('looks at the objects under a version that it serves, whatever release it is from', async () => {
    const serving = (...versions: object[]) =>
      ({ ...definition, spec: { ...(definition['spec'] as object), versions } }) as KubeObject;
    const asked: string[] = [];
    const tried = async (crdObject: KubeObject) => {
      const cluster = new FakeCluster([crdObject]);
      cluster.lists = ({ version }) => {
        asked.push(version);
        return undefined;
      };
      return remove(cluster, crdObject);
    };
    await tried(serving({ name: 'v1alpha1', served: true }, { name: 'v1alpha2', served: true }));
    await tried(serving({ name: 'v1alpha2', served: false }, { name: 'v1alpha1', served: true }));
    expect(asked).to.deep.equal(['v1alpha2', 'v1alpha1']);
    const { message } = await refusal(tried(serving({ name: 'v1alpha2', served: false })));
    expect(message).to.contain('its objects could not be listed (it serves no version)');
  });

  it('is refused, at the last moment, while one is left in any namespace', async () => {
    const cluster = new FakeCluster([definition]);
    const error = await refusal(
      remove(cluster, definition, () => void cluster.put(model('late', {}, { namespace: 'elsewhere' }))),
    );
    expect(error.message).to.contain('1 object is left');
    expect(error.hint).to.equal('kubectl get inferencemodels.inference.networking.x-k8s.io --all-namespaces');
    expect(cluster.calls).to.be.empty;
    for (const namespace of ['a', 'b']) cluster.put(model('late', {}, { namespace }));
    expect((await refusal(remove(cluster, definition))).message).to.contain('3 objects are left');
  });

  it('asks for them in all namespaces', async () => {
    const cluster = new FakeCluster([definition]);
    const asked: unknown[] = [];
    const list = cluster.list.bind(cluster);
    cluster.list = async (...args: [r.Resource, string?]) => {
      asked.push(args);
      return list(args[0]);
    };
    await remove(cluster, definition);
    expect(asked).to.deep.equal([[r.MODEL, '']]);
  });

  it('is refused when it says nothing of its kind', async () => {
    for (const spec of [undefined, { group: r.MODEL.group }]) {
      const bare = { ...definition, spec } as KubeObject;
      const { message } = await refusal(remove(new FakeCluster([bare]), bare));
      expect(message).to.contain('its objects could not be listed (unknown kind)');
    }
  });

  it('is refused when its objects could not be listed, or its kind is none of ours', async () => {
    const cluster = new FakeCluster([definition]);
    cluster.lists = () => FORBIDDEN;
    expect((await refusal(remove(cluster, definition))).message).to.contain(FORBIDDEN.message);
    const strange = crd({ ...r.MODEL, kind: 'Strange', plural: 'stranges' });
    expect((await refusal(remove(new FakeCluster([strange]), strange))).message).to.contain(
      'could not be listed',
    );
  });
});
