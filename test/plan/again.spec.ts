// Writes whose answer was lost: looked for first, and only made again where they did not take place.
import { expect } from 'chai';
import { WriteUnknown } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { Step } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { FakeCluster } from '../support/fakes.ts';
import { alphaPool, model, objective, route, v1Pool } from '../support/objects.ts';
import { apply, create, failure, remove, run } from './steps.ts';

const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const lost = () => new WriteUnknown('It is not known whether it took place');

/** Loses the first answers: what was asked is done where `reaches`, else not. */
class Lossy extends FakeCluster {
  left = 1;
  reaches = true;

  override apply(...args: Parameters<FakeCluster['apply']>) {
    return this.#lossy(() => super.apply(...args));
  }
  override create(...args: Parameters<FakeCluster['create']>) {
    return this.#lossy(() => super.create(...args));
  }
  override patch(...args: Parameters<FakeCluster['patch']>) {
    return this.#lossy(() => super.patch(...args));
  }
  override delete(...args: Parameters<FakeCluster['delete']>) {
    return this.#lossy(() => super.delete(...args));
  }

  async #lossy<T>(write: () => Promise<T>): Promise<T> {
    const loses = this.left-- > 0;
    if (!loses || this.reaches) {
      const done = await write();
      if (!loses) return done;
    }
    throw lost();
  }
}

const patched = (cluster: FakeCluster) =>
  patchStep(splitRoute(cluster.live(route())!, pairs, pairs, 50), 'because');
const kinds: [verb: string, there: KubeObject[], step: (cluster: FakeCluster) => Step][] = [
  ['patch', [route()], patched],
  ['delete', [model()], (cluster) => remove(cluster.live(model())!)],
  ['create', [], () => create(model())],
  ['apply', [], () => apply(objective('new'))],
];

describe('a write whose answer was lost', () => {
  for (const [verb, there, step] of kinds) {
    it(`${verb}: is done where it took place`, async () => {
      const cluster = new Lossy(there);
      const { outcomes } = await run(cluster, [step(cluster)]);
      expect(outcomes).to.deep.equal(['done']);
      const writes = cluster.calls.filter((call) => call.startsWith(verb));
      // Applying twice is applying once; the others are not made again.
      expect(writes).to.have.length(verb === 'apply' ? 2 : 1);
    });

    it(`${verb}: is made again where it did not`, async () => {
      const cluster = new Lossy(there);
      cluster.reaches = false;
      const { outcomes } = await run(cluster, [step(cluster)]);
      expect(outcomes).to.deep.equal(['done']);
      expect(cluster.calls.filter((call) => call.startsWith(verb))).to.have.length(1);
    });

    it(`${verb}: says in the end that it does not know`, async () => {
      const cluster = new Lossy(there);
      cluster.left = 100;
      cluster.reaches = false;
      const error = await failure(run(cluster, [step(cluster)]));
      expect(error.message).to.match(/^It is not known/);
      expect(100 - cluster.left).to.equal(3);
    });

    if (verb !== 'apply')
      it(`${verb}: is not made again where nobody can look`, async () => {
        const cluster = new Lossy(there);
        const planned = step(cluster);
        let looks = 0;
        const failed = { state: 'failed', message: 'away' } as const;
        // A deletion looks before it begins, too.
        cluster.reads = () => (verb === 'delete' && looks++ === 0 ? undefined : failed);
        const error = await failure(run(cluster, [planned]));
        expect(error.message).to.match(/^It is not known/);
        expect(cluster.left, 'tried once').to.equal(0);
      });
  }

  it("patch: someone's change meanwhile is a conflict, and stays", async () => {
    const cluster = new Lossy([route()]);
    cluster.reaches = false;
    const step = patched(cluster);
    const theirs = { ...route(), spec: { ...route()['spec'], hostnames: ['new'] } };
    cluster.put(theirs);
    expect((await run(cluster, [step])).outcomes[0]).to.match(/^conflict/);
    expect(cluster.live(route())!['spec'].hostnames).to.deep.equal(['new']);
  });

  it('create: one that is there and is not ours is kept', async () => {
    const cluster = new Lossy();
    cluster.reaches = false;
    const other = { ...model(), spec: { ...model()['spec'], modelName: 'theirs' } };
    const step = create(model());
    cluster.put(other);
    expect((await run(cluster, [step])).outcomes).to.deep.equal(['unchanged: kept: it is there']);
  });
});
