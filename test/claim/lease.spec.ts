import { expect } from 'chai';
import fc from 'fast-check';
import type { KubeObject } from '../../src/api/object.ts';
import { ref, refOf } from '../../src/api/ref.ts';
import { ALPHA_POOL } from '../../src/api/resource.ts';
import { claimText, standingOf, type Claim, type Holder } from '../../src/claim/holder.ts';
import { claimIn, leaseFor, leaseRef, microTime, takeOverPatch } from '../../src/claim/lease.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool } from '../support/objects.ts';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const alice: Holder = { user: 'alice', host: 'laptop', pid: 42, origin: 'boot-1 pid-ns' };
const pool = refOf(alphaPool());

function claim(holder: Holder, secondsAgo = 0): Claim {
  const renewed = new Date(NOW.getTime() - secondsAgo * 1000).toISOString();
  return { holder, since: renewed, renewed, seconds: 30 };
}

describe('the Lease that claims a pool', () => {
  it('lies beside the pool, is named after it, and says who, since when and for how long', () => {
    expect(leaseFor(pool, alice, NOW)).to.deep.equal({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: 'kubectl-infpool-food',
        namespace: 'llm',
        labels: { 'app.kubernetes.io/managed-by': 'kubectl-infpool' },
        annotations: { 'kubectl-infpool/claimed-by': JSON.stringify(alice) },
      },
      spec: {
        holderIdentity: 'alice@laptop (pid 42)',
        leaseDurationSeconds: 30,
        acquireTime: '2026-03-04T05:06:07.089000Z',
        renewTime: '2026-03-04T05:06:07.089000Z',
        leaseTransitions: 0,
      },
    });
  });

  it('has a name that the API server takes, and another one for every pool, however long', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 230, maxLength: 253 });
    fc.assert(
      fc.property(letters, letters, (a, b) => {
        const [one, two] = [a, b].map((name) => leaseRef(ref(ALPHA_POOL, 'llm', name)).name);
        expect(one!.length).to.be.at.most(253);
        expect(one === two).to.equal(a === b);
      }),
    );
  });

  it('gives back whom it was made for, whatever they are called', () => {
    const text = fc.string({ unit: 'grapheme' });
    const holders = fc.record({ user: text, host: text, pid: fc.nat(), origin: text });
    fc.assert(
      fc.property(holders, (holder) => {
        expect(claimIn(leaseFor(pool, holder, NOW)).holder).to.deep.equal(holder);
      }),
    );
  });

  it('has times with six digits, which is all that the API server takes', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }), (date) => {
        expect(microTime(date)).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(Date.parse(microTime(date))).to.equal(date.getTime());
      }),
    );
  });

  it('taken over it is ours, keeps what others noted, and counts the change of hands', () => {
    const lease = leaseFor(pool, alice, NOW);
    const noted: KubeObject = {
      ...lease,
      metadata: { ...lease.metadata, resourceVersion: '7', annotations: { other: 'note' } },
    };
    const bob = { ...alice, user: 'bob' };
    const after = applyJsonPatch(noted, takeOverPatch(noted, bob, NOW));
    expect(claimIn(after).holder).to.deep.equal(bob);
    expect(after.metadata.annotations).to.include({ other: 'note' });
    expect(after['spec']).to.include({ leaseTransitions: 1 });
    expect(after.metadata.resourceVersion).to.equal('7');
  });

  const others: [name: string, change: (lease: KubeObject) => void, user: string][] = [
    [
      'with another identity than its annotation',
      ({ spec }) => (spec.holderIdentity = 'carol@ci (pid 7)'),
      'carol',
    ],
    ['of another program', ({ spec }) => (spec.holderIdentity = 'some-controller-0'), 'some-controller-0'],
    ['of nobody', ({ spec }) => (spec.holderIdentity = ''), 'nobody we know'],
  ];
  for (const [name, change, user] of others)
    it(`${name} is a claim of whom it names, of no process that we could look for`, () => {
      const lease = leaseFor(pool, alice, NOW);
      change(lease);
      expect(claimIn(lease).holder).to.include({ user, origin: '' });
    });

  it('that says nothing at all is as old as the object', () => {
    const lease = leaseFor(pool, alice, NOW);
    const bare = {
      ...lease,
      metadata: { ...lease.metadata, annotations: {}, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { renewTime: 'yesterday' },
    };
    const { since, renewed } = claimIn(bare);
    expect([since, renewed]).to.deep.equal(['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z']);
  });
});

describe('whether a claim still stands', () => {
  const rows: [name: string, claim: Claim, me: Holder, alive: boolean, standing: string][] = [
    ['our own', claim(alice), alice, true, 'ours'],
    ['our own, not renewed for long', claim(alice, 999), alice, true, 'ours'],
    ['a process of ours that has ended', claim(alice), { ...alice, pid: 43 }, false, 'over'],
    ['a process of ours that runs', claim(alice), { ...alice, pid: 43 }, true, 'live'],
    ['a process of ours that hangs', claim(alice, 31), { ...alice, pid: 43 }, true, 'silent'],
    ["another user's on this machine", claim(alice), { ...alice, user: 'bob', pid: 43 }, false, 'live'],
    [
      'the same pid in another container',
      claim(alice),
      { ...alice, origin: 'boot-1 other-ns' },
      false,
      'live',
    ],
    [
      'the same pid before a reboot',
      claim(alice, 31),
      { ...alice, origin: 'boot-2 pid-ns' },
      false,
      'silent',
    ],
    ['another machine, renewed in time', claim(alice, 30), { ...alice, origin: 'x' }, false, 'live'],
    ['another machine, not renewed in time', claim(alice, 31), { ...alice, origin: 'x' }, false, 'silent'],
    ['nobody knows where', claim({ ...alice, origin: '' }), { ...alice, origin: '' }, false, 'live'],
  ];
  for (const [name, found, me, alive, standing] of rows)
    it(`${name}: ${standing}`, () => {
      expect(standingOf(found, me, NOW, () => alive)).to.equal(standing);
    });

  const texts: [secondsAgo: number, words: string][] = [
    [-5, 'just now'],
    [4, '4 s ago'],
    [180, '3 min ago'],
    [10_000, '3 h ago'],
  ];
  for (const [secondsAgo, words] of texts)
    it(`is said with who and since when: ${words}`, () => {
      const said = claimText(claim(alice, secondsAgo), NOW);
      expect(said).to.match(/^is being migrated by alice@laptop \(pid 42\) since 2026-03-04T/);
      expect(said).to.contain(`(${words}; last sign of life ${words})`);
    });
});
