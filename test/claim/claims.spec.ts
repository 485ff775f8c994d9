import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import { EXIT, UserError } from '../../src/api/errors.ts';
import { refOf, type Ref } from '../../src/api/ref.ts';
import { Claims, type Surroundings } from '../../src/claim/claims.ts';
import type { Holder } from '../../src/claim/holder.ts';
import { claimIn, leaseFor, leaseRef } from '../../src/claim/lease.ts';
import { FakeCluster } from '../support/fakes.ts';
import { alphaPool } from '../support/objects.ts';

const alice: Holder = { user: 'alice', host: 'laptop', pid: 42, origin: 'here' };
const bob: Holder = { user: 'bob', host: 'ci', pid: 7, origin: 'there' };
const pool = refOf(alphaPool());
const other = refOf(alphaPool('other'));
const START = Date.parse('2026-03-04T05:06:07Z');

class Bench {
  readonly cluster = new FakeCluster();
  readonly said: string[] = [];
  readonly pauses: number[] = [];
  time = START;
  alive = true;
  /** What others do while we pause. */
  meanwhile: () => void = () => undefined;

  as(me: Holder): Claims {
    const around: Surroundings = {
      me,
      now: () => new Date(this.time),
      runs: () => this.alive,
      pause: async (ms) => {
        this.pauses.push(ms);
        this.time += ms;
        this.meanwhile();
      },
      say: (line) => void this.said.push(line),
    };
    return new Claims(this.cluster, around);
  }

  holder(of: Ref = pool): string | null {
    const lease = this.cluster.objects.get(
      JSON.stringify(['coordination.k8s.io', 'Lease', of.namespace, leaseRef(of).name]),
    );
    return lease ? claimIn(lease).holder.user : null;
  }
}

async function failure(work: Promise<unknown>): Promise<UserError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('claims on pools', () => {
  it('are taken, each on its own, and given back', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool, other], false);
    expect([bench.holder(pool), bench.holder(other)]).to.deep.equal(['alice', 'alice']);
    await claims.release();
    expect(bench.cluster.objects.size).to.equal(0);
  });

  it('the second is told who is at it and since when, keeps nothing, and what to do', async () => {
    const bench = new Bench();
    await bench.as(alice).take([other], false);
    bench.time += 5000;
    const second = bench.as(bob);
    const { message, hint, exitCode } = await failure(second.take([pool, other], false));
    expect(message).to.equal(
      'Pool llm/other is being migrated by alice@laptop (pid 42) since 2026-03-04T05:06:07.000000Z (5 s ago; last sign of life 5 s ago). Nothing was written.',
    );
    expect(hint).to.contain('kubectl infpool migrate llm/other --take-over');
    expect(exitCode).to.equal(EXIT.refused);
    await second.release();
    expect([bench.holder(pool), bench.holder(other)]).to.deep.equal([null, 'alice']);
  });

  it('that cannot be written say why, rather than that somebody keeps changing them', async () => {
    const bench = new Bench();
    const refused = new UserError('The API server does not accept the credentials (401)');
    bench.cluster.create = () => Promise.reject(refused);
    expect(await failure(bench.as(alice).take([pool], false))).to.equal(refused);
  });

  it('that somebody keeps changing are not fought for', async () => {
    const bench = new Bench();
    bench.cluster.create = () => Promise.reject(new WriteRefused(409, 'exists', 'it exists'));
    const { message, exitCode } = await failure(bench.as(alice).take([pool], false));
    expect(message).to.contain('kept changing');
    expect(exitCode).to.equal(EXIT.refused);
  });

  it('of a process of ours that has ended are taken over at once', async () => {
    const bench = new Bench();
    await bench.as({ ...alice, pid: 41 }).take([pool], false);
    bench.alive = false;
    const claims = bench.as(alice);
    await claims.take([pool], false);
    expect(bench.pauses).to.deep.equal([]);
    expect(bench.said[0]).to.equal(
      'Took pool llm/food over from alice@laptop (pid 41), whose process has ended.',
    );
    await claims.release();
    expect(bench.holder()).to.equal(null);
  });

  it('that were not renewed are watched first, and taken over if nothing comes', async () => {
    const bench = new Bench();
    await bench.as(bob).take([pool], false);
    bench.time += 31_000;
    await bench.as(alice).take([pool], false);
    expect(bench.pauses).to.deep.equal([15_000]);
    expect(bench.said.join('\n'))
      .to.contain('Watching for 15 s')
      .and.contain('which gives no sign of life any more');
    expect(bench.holder()).to.equal('alice');
  });

  it('of someone whose clock is behind are left to them: they are renewed while we watch', async () => {
    const bench = new Bench();
    const slow = bench.as(bob);
    await slow.take([pool], false);
    bench.time += 3_600_000;
    const lease = [...bench.cluster.objects.values()][0]!;
    bench.meanwhile = () => void bench.cluster.put(lease);
    const { message } = await failure(bench.as(alice).take([pool], false));
    expect(message).to.contain('bob@ci (pid 7)');
    expect(bench.holder()).to.equal('bob');
  });

  it('are taken over with --take-over; who had them is told before the next write', async () => {
    const bench = new Bench();
    const first = bench.as(bob);
    await first.take([pool], false);
    await bench.as(alice).take([pool], true);
    expect(bench.holder()).to.equal('alice');
    bench.time += 2000;
    const { message, exitCode } = await failure(first.confirm());
    expect(message).to.contain('alice@laptop (pid 42) took over the migration of pool llm/food');
    expect(exitCode).to.equal(EXIT.refused);
    expect(() => first.standFast()).to.throw(UserError);
    await first.release();
    expect(bench.holder(), "another one's claim is not ours to give back").to.equal('alice');
  });

  it('two that begin at the same moment: one has it, the other is told', async () => {
    const bench = new Bench();
    const results = await Promise.allSettled([
      bench.as(alice).take([pool], false),
      bench.as(bob).take([pool], false),
    ]);
    expect(results.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('are held still where the answer to the first write was lost', async () => {
    const bench = new Bench();
    let lost = true;
    bench.cluster.before = (verb) => {
      if (verb !== 'create' || !lost) return;
      lost = false;
      bench.cluster.put(leaseFor(pool, alice, new Date(START)));
      throw new UserError('It is not known whether …');
    };
    const claims = bench.as(alice);
    await claims.take([pool], false);
    await claims.release();
    expect(bench.cluster.objects.size).to.equal(0);
  });

  it('outlive an API server that is away, and a Lease that somebody deleted', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool], false);
    bench.cluster.before = () => {
      throw new UserError('Cannot reach the API server');
    };
    bench.time += 10_000;
    await claims.confirm();
    bench.cluster.before = () => undefined;
    bench.cluster.objects.clear();
    bench.time += 10_000;
    await claims.confirm();
    expect(bench.holder()).to.equal('alice');
  });

  it('that could not be renewed until others may go on: nothing is written any more, unless it is ours still', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool, other], false);
    bench.cluster.before = (verb, ref) => {
      if (verb === 'patch' && ref.name === leaseRef(other).name)
        throw new WriteRefused(403, 'forbidden', 'a webhook is away');
    };
    bench.time += 30_000;
    await claims.confirm();
    bench.time += 1;
    const { message, hint, exitCode, cause } = await failure(claims.confirm());
    expect(cause, 'what may pass is told from what does not').to.be.instanceOf(WriteRefused);
    expect(message).to.equal(
      'The claim on pool llm/other could not be renewed for 30 s, so somebody else may have gone on with its migration; nothing more is written: a webhook is away',
    );
    expect(hint).to.contain('get -n llm leases.coordination.k8s.io/kubectl-infpool-other');
    expect(exitCode).to.equal(EXIT.incomplete);
    bench.cluster.before = () => undefined;
    await claims.confirm();
  });

  it('a note that somebody writes on the Lease does not cost us the claim', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool], false);
    const [lease] = [...bench.cluster.objects.values()];
    bench.cluster.put({ ...lease!, metadata: { ...lease!.metadata, labels: { noted: 'yes' } } });
    bench.time += 10_000;
    await claims.confirm();
    await claims.release();
    expect(bench.holder()).to.equal(null);
  });

  it('given back by Ctrl-C, nothing is written any more; while they are taken, too', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    const taking = claims.take([pool, other], false);
    const interrupted = new UserError('Interrupted.', { exitCode: EXIT.interrupted });
    await Promise.all([failure(taking), claims.release(interrupted)]);
    expect(bench.cluster.objects.size).to.equal(0);
    expect(await failure(claims.confirm())).to.equal(interrupted);
  });

  it('that can not be given back are said, with the command that does it', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool], false);
    bench.cluster.before = () => {
      throw new WriteRefused(403, 'forbidden', 'no');
    };
    await claims.release();
    expect(bench.said.join()).to.contain(
      'kubectl delete -n llm leases.coordination.k8s.io/kubectl-infpool-food',
    );
  });

  it('that an API server which is away keeps: it is said while we try, and nobody waits longer than for the Lease to run out', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool], false);
    let asked = 0;
    bench.cluster.before = () => {
      asked++;
      bench.time += 12_000;
      throw new UserError('Cannot reach the API server');
    };
    bench.cluster.reads = () => ({ state: 'failed', message: 'Cannot reach the API server' });
    await claims.release();
    expect(asked).to.equal(3);
    expect(bench.said).to.have.length(2);
    expect(bench.said[0]).to.equal(
      'The claim leases.coordination.k8s.io/kubectl-infpool-food in namespace llm could not be removed yet (Cannot reach the API server); trying again for 30 s at most.',
    );
    expect(bench.said[1]).to.contain('could not be removed (Cannot reach the API server). It has no effect');
  });

  it('whose removal was answered by nobody, but done, are not spoken of', async () => {
    const bench = new Bench();
    const claims = bench.as(alice);
    await claims.take([pool], false);
    bench.cluster.before = () => {
      bench.cluster.objects.clear();
      throw new UserError('It is not known whether …');
    };
    await claims.release();
    expect(bench.said).to.deep.equal([]);
  });

  it('that can not be read are no claim of nobody', async () => {
    const bench = new Bench();
    bench.cluster.reads = () => ({ state: 'failed', message: 'no etcd' });
    const { message, exitCode } = await failure(bench.as(alice).take([pool], false));
    expect(message).to.contain('could not be read: no etcd');
    expect(exitCode).to.equal(EXIT.incomplete);
  });
});
