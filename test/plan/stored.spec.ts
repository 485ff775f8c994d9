// A patch is done when the API server stores what it was sent; and it is sent only on what it was decided on.
import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { PatchStep } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import { patchObject } from '../../src/plan/patchObject.ts';
import { FakeCluster } from '../support/fakes.ts';
import { route } from '../support/objects.ts';
import { failure, run } from './steps.ts';

const withSpec = (spec: unknown): KubeObject => ({ ...route(), spec });

function patching(before: KubeObject, sent: unknown): PatchStep {
  return {
    action: 'patch',
    ref: refOf(before),
    reason: '',
    resourceVersion: before.metadata.resourceVersion ?? '',
    patch: [{ op: 'replace', path: '/spec', value: sent }],
    before,
    after: { ...before, spec: sent },
  };
}

/** Sends a spec to a server that stores another. */
async function storing(stored: unknown, sent: unknown) {
  const cluster = new FakeCluster([route()]);
  const step = patching(cluster.live(route())!, sent);
  cluster.patch = async () => withSpec(stored);
  return patchObject(step, cluster, 'none');
}

describe('what the API server stores of a patch', () => {
  const others: [what: string, stored: unknown, sent: unknown, words: string][] = [
    ['another value', { a: { b: 1 } }, { a: { b: 2 } }, 'spec.a.b is 1, not 2'],
    ['the second of two fields', { a: 1, b: 'x' }, { a: 1, b: 'y' }, 'spec.b is "x", not "y"'],
    ['an item of a list', { a: [1, 2] }, { a: [1, 3] }, 'spec.a[1] is 2, not 3'],
    ['a longer list, as a whole', { a: [2, 3] }, { a: [1] }, 'spec.a is [2,3], not [1]'],
    ['no list', { a: { 0: 2, length: 1 } }, { a: [1] }, 'spec.a is {"0":2,"length":1}, not [1]'],
    ['nothing', {}, { a: 1 }, 'spec.a is nothing, not 1'],
    ['null', { a: null }, { a: { b: 1 } }, 'spec.a is null, not {"b":1}'],
    ['something where null was sent', { a: { b: 1 } }, { a: null }, 'spec.a is {"b":1}, not null'],
    ['a word for an object', { a: 'word' }, { a: { b: 1 } }, 'spec.a is "word", not {"b":1}'],
    ['an object for a word', { a: { b: 1 } }, { a: 'word' }, 'spec.a is {"b":1}, not "word"'],
  ];
  for (const [what, stored, sent, words] of others)
    it(`is refused as done where it is ${what}`, async () => {
      const { message, exitCode, hint } = await failure(storing(stored, sent));
      expect(message).to.contain(`stored something else than it was sent: ${words}. An admission webhook`);
      expect(exitCode).to.equal(3);
      expect(hint).to.contain('run this again');
    });

  it('is shown in part only where it is long', async () => {
    const { message } = await failure(storing({ a: 'x'.repeat(10_000) }, { a: 'y' }));
    expect(message.length).to.be.below(600);
  });

  it('is looked at whatever kind of object it is', async () => {
    const cluster = new FakeCluster([route()]);
    const step = patching(cluster.live(route())!, { a: 1 });
    expect((await run(cluster, [step])).outcomes).to.deep.equal(['done']);
  });

  it('may hold more than was sent', async () => {
    expect(await storing({ a: 1, b: 2 }, { a: 1 })).to.deep.equal({ outcome: 'done', detail: '' });
  });
});

describe('writing on what was decided on', () => {
  /** What a patch is sent with, after the first was too late because `meanwhile` was written. */
  async function after(before: KubeObject, meanwhile: KubeObject) {
    const cluster = new FakeCluster([before]);
    const step = patching(cluster.live(before)!, before['spec']);
    cluster.put(meanwhile);
    return patchObject(step, cluster, 'none');
  }
  const annotated = (annotations?: Record<string, string>): KubeObject => ({
    ...route(),
    metadata: { ...route().metadata, ...(annotations && { annotations }) },
  });
  const OURS = { [ORIGINAL_REFS_ANNOTATION]: '[]' };

  it('another value of our annotation is a conflict, for somebody else is at it', async () => {
    const other = annotated({ [ORIGINAL_REFS_ANNOTATION]: '[1]' });
    expect(await after(annotated(OURS), other)).to.include({ outcome: 'conflict' });
    expect(await after(annotated(OURS), annotated(OURS))).to.include({ outcome: 'done' });
  });

  it('so is the first annotation of all: ours is added in another way then', async () => {
    expect(await after(annotated(), annotated({ a: 'b' }))).to.include({ outcome: 'conflict' });
    expect(await after(annotated({ a: 'b' }), annotated({ c: 'd' }))).to.include({ outcome: 'done' });
  });

  it('one that cannot be read any more is a conflict, never written blindly', async () => {
    const cluster = new FakeCluster([route()]);
    const step = patching(cluster.live(route())!, {});
    cluster.put(route());
    cluster.reads = () => ({ state: 'absent' });
    expect(await patchObject(step, cluster, 'none')).to.include({ outcome: 'conflict' });
    expect(cluster.calls).to.have.length(1);
  });

  it('the version that was read goes with it as a replacement, and a dry run says so', async () => {
    const cluster = new FakeCluster([route()]);
    const step = patching(cluster.live(route())!, { a: 1 });
    const sent: unknown[] = [];
    cluster.patch = async (_ref, patch, options) => {
      sent.push(patch, options);
      return withSpec({ a: 1 });
    };
    await patchObject(step, cluster, 'server');
    const { resourceVersion } = cluster.live(route())!.metadata;
    expect(sent).to.deep.equal([
      [{ op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }, ...step.patch],
      { dryRun: 'server' },
    ]);
  });

  it('without a version it is looked up first, not sent without one', async () => {
    const cluster = new FakeCluster([route()]);
    const step = { ...patching(cluster.live(route())!, { a: 1 }), resourceVersion: '' };
    expect(await patchObject(step, cluster, 'none')).to.include({ outcome: 'done' });
    expect(cluster.calls).to.deep.equal(['patch HTTPRoute llm-route']);
    const { resourceVersion: _, ...metadata } = route().metadata;
    const bare = { ...route(), metadata };
    const unversioned = new FakeCluster();
    unversioned.reads = () => ({ state: 'ok', object: bare });
    expect(await patchObject(patching(bare, {}), unversioned, 'none')).to.include({ outcome: 'conflict' });
    expect(unversioned.calls).to.be.empty;
  });

  it('it is tried five times, and not once more', async () => {
    const cluster = new FakeCluster([route()]);
    let tries = 0;
    cluster.patch = async () => {
      tries++;
      throw new WriteRefused(409, 'conflict', 'modified');
    };
    const step = patching(cluster.live(route())!, {});
    expect(await patchObject(step, cluster, 'none')).to.include({ outcome: 'conflict' });
    expect(tries).to.equal(5);
  });
});
