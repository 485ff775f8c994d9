import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { dueWith, entryRemovals } from '../../src/cleanup/entries.ts';
import { alphaPool, grant, object, policy, toAlpha, toV1 } from '../support/objects.ts';

const everyAlpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };
const everyV1 = { group: r.V1_GROUP, kind: 'InferencePool' };
const service = { group: '', kind: 'Service' };

function left(
  objects: KubeObject[],
  {
    going = [alphaPool()],
    pools = going,
    everywhere = false,
  }: {
    going?: KubeObject[];
    pools?: KubeObject[];
    everywhere?: boolean;
  } = {},
) {
  return entryRemovals(objects, dueWith(going, pools, everywhere)).map(({ step }) =>
    step.action === 'delete' ? 'deleted' : step.after['spec'],
  );
}

describe('the entries that a cleanup takes out', () => {
  it('are those of the alpha group; the others of the list stay as they are', () => {
    const removals = entryRemovals(
      [grant([everyAlpha, service, everyV1])],
      dueWith([alphaPool()], [alphaPool()], false),
    );
    expect(removals).to.have.length(1);
    const { step } = removals[0]!;
    expect(step.action === 'patch' && step.patch.slice(1)).to.deep.equal([
      { op: 'remove', path: '/spec/to/0' },
    ]);
    expect(step.action === 'patch' && step.after['spec'].to).to.deep.equal([service, everyV1]);
  });

  it('are taken out of the version that was read, and of no other', () => {
    const read = grant([everyAlpha, everyV1]);
    read.metadata.resourceVersion = '41';
    const { object: before, step } = entryRemovals([read], dueWith([alphaPool()], [], false))[0]!;
    expect(before).to.equal(read);
    expect(step).to.deep.include({
      resourceVersion: '41',
      patch: [
        { op: 'replace', path: '/metadata/resourceVersion', value: '41' },
        { op: 'remove', path: '/spec/to/0' },
      ],
    });
    const [unversioned] = entryRemovals([grant([everyAlpha, everyV1])], dueWith([alphaPool()], [], false));
    expect(unversioned!.step).to.include({ resourceVersion: '' });
  });

  it('are found at any place of the list', () => {
    const many = [...Array(10).fill(everyV1), everyAlpha];
    expect(left([grant(many)])).to.deep.equal([{ ...grant(many)['spec'], to: Array(10).fill(everyV1) }]);
  });

  it('are none of a policy with one target, which goes as a whole by itself', () => {
    expect(left([policy(r.HEALTH_CHECK_POLICY, toAlpha())])).to.be.empty;
  });

  it('go from the back, so that the indices hold', () => {
    const named = { ...everyAlpha, name: 'food' };
    const { step } = entryRemovals(
      [grant([everyAlpha, everyV1, named])],
      dueWith([alphaPool()], [alphaPool()], false),
    )[0]!;
    expect(step.action === 'patch' && step.patch.slice(1).map(({ path }) => path)).to.deep.equal([
      '/spec/to/2',
      '/spec/to/0',
    ]);
  });

  it('are none for all pools of a namespace while another alpha pool is left in it', () => {
    const pools = [alphaPool(), alphaPool('drinks')];
    const grants = [grant([everyAlpha, { ...everyAlpha, name: 'food' }, { ...everyAlpha, name: 'drinks' }])];
    expect(left(grants, { pools })).to.deep.equal([
      { ...grants[0]!['spec'], to: [everyAlpha, { ...everyAlpha, name: 'drinks' }] },
    ]);
  });

  it('take the object with them when nothing else is in it', () => {
    const several = object(r.GCP_TRAFFIC_POLICY, 'p', { spec: { targetRefs: [toAlpha()] } });
    expect(left([grant([everyAlpha]), several])).to.deep.equal(['deleted', 'deleted']);
  });

  it('are left alone in other namespaces, unless the last of all is cleaned up', () => {
    const elsewhere = grant([everyAlpha, everyV1]);
    elsewhere.metadata.namespace = 'web';
    expect(left([elsewhere])).to.be.empty;
    expect(left([elsewhere], { going: [], everywhere: true })).to.have.length(1);
    const busy = alphaPool('x', {}, { namespace: 'web' });
    expect(left([elsewhere], { going: [], pools: [busy], everywhere: true })).to.be.empty;
  });

  it('are none where only v1 pools and Services are named', () => {
    const several = object(r.GCP_TRAFFIC_POLICY, 'p', { spec: { targetRefs: [toV1(), service] } });
    expect(left([grant([everyV1, service]), several])).to.be.empty;
  });
});
