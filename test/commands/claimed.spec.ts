import { expect } from 'chai';
import type { Cluster } from '../../src/api/cluster.ts';
import { refOf } from '../../src/api/ref.ts';
import { withClaims } from '../../src/commands/claimed.ts';
import type { Context } from '../../src/commands/context.ts';
import { FakeCluster } from '../support/fakes.ts';
import { alphaPool } from '../support/objects.ts';

const context = {
  stderr: { write: () => undefined },
  now: () => new Date(),
  holder: () => ({ user: 'alice', host: 'laptop', pid: 1, origin: 'boot' }),
  runs: () => true,
  patienceMs: 60_000,
  onInterrupt: () => () => undefined,
} as unknown as Context;

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('the claims of a run', () => {
  it('are given back with all that renews them, also where they were taken twice: it would never end', async () => {
    const cluster = new FakeCluster();
    await cluster.allowed(); // mocha's own timer runs from the first await on
    const before = timers();
    await withClaims(cluster as unknown as Cluster, { positionals: [] }, context, async ({ claim }) => {
      // A migration with downtime plans again where somebody changed a route meanwhile.
      await claim([refOf(alphaPool())]);
      await claim([refOf(alphaPool())]);
    });
    expect(cluster.objects).to.be.empty;
    expect(timers()).to.equal(before);
  });
});
