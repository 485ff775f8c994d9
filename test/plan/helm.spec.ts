import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { HelmRelease } from '../../src/api/cluster.ts';
import type { HelmStep } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { runHelm } from '../../src/plan/helm.ts';
import { FakeHelm } from '../support/fakes.ts';
import { v1Pool } from '../support/objects.ts';

const step = (verb: HelmStep['verb']): HelmStep => ({
  action: 'helm',
  verb,
  ref: refOf(v1Pool()),
  reason: '',
  release: 'food-ga',
  namespace: 'llm',
  args: [verb, 'food-ga', '--namespace', 'llm'],
});

describe('installing by helm', () => {
  it('installs a release that is not there', async () => {
    const helm = new FakeHelm({ name: 'other' }, { namespace: 'other' });
    expect(await runHelm(step('install'), helm, 'none')).to.deep.equal({ outcome: 'done', detail: '' });
    expect(helm.calls).to.deep.equal(['install food-ga --namespace llm']);
  });

  it('leaves a deployed release alone', async () => {
    const helm = new FakeHelm({});
    expect(await runHelm(step('install'), helm, 'none')).to.deep.equal({
      outcome: 'unchanged',
      detail: 'release food-ga is deployed (inferencepool-v1.0.0)',
    });
    expect(helm.calls).to.be.empty;
  });

  it('takes up a release that failed', async () => {
    const helm = new FakeHelm({ status: 'failed' });
    expect(await runHelm(step('install'), helm, 'none')).to.include({
      detail: 'release was in state "failed"',
    });
    expect(helm.calls).to.deep.equal(['upgrade --install food-ga --namespace llm']);
  });

  it('waits for another helm that is installing it', async () => {
    const helm = new FakeHelm({ status: 'pending-install' });
    const running = runHelm(step('install'), helm, 'none', 5);
    helm.releases[0] = { ...helm.releases[0]!, status: 'deployed' };
    expect(await running).to.deep.equal({
      outcome: 'unchanged',
      detail: 'another helm has just installed it',
    });
    expect(helm.calls).to.be.empty;
  });

  it('begins anew where an install was interrupted and nobody goes on with it', async () => {
    const helm = new FakeHelm({ status: 'pending-install' });
    expect(await runHelm(step('install'), helm, 'none', 1)).to.include({ outcome: 'done' });
    expect(helm.calls[0]).to.equal('uninstall food-ga --namespace llm --wait');
    expect(helm.calls[1]).to.match(/^install food-ga/);
  });

  it('looks at its own release only, and not for ever', async () => {
    const helm = new FakeHelm({ name: 'other' }, { status: 'pending-install' });
    const looks: string[] = [];
    const list = helm.list.bind(helm);
    helm.list = async (namespace) => {
      looks.push(namespace);
      return list(namespace);
    };
    const { detail } = await runHelm(step('install'), helm, 'none', 0);
    expect(detail).to.contain('begun anew');
    expect(looks).to.have.length(21);
    expect(helm.calls.map((call) => call.split(' ')[0])).to.deep.equal(['uninstall', 'install']);
  });

  it('waits no longer when the other helm is gone or has failed, and uninstalls only what is there', async () => {
    for (const [after, verbs] of [
      [[], ['install']],
      [[{ status: 'failed' }], ['uninstall', 'install']],
    ] as const) {
      const helm = new FakeHelm({ status: 'pending-install' });
      let looks = 0;
      const then = new FakeHelm(...after).releases;
      helm.list = async () => (looks++ === 0 ? helm.releases : then);
      expect(await runHelm(step('install'), helm, 'none', 1000)).to.include({ outcome: 'done' });
      expect(looks).to.equal(2);
      // `helm uninstall` of what is not there fails.
      expect(helm.calls.map((call) => call.split(' ')[0])).to.deep.equal(verbs);
    }
  });

  // Source: helm, pkg/action/upgrade.go (prepareUpgrade): such a release "has no deployed releases".
  it('brings an uninstall that was interrupted to its end first: helm upgrades no such release', async () => {
    const helm = new FakeHelm({ status: 'uninstalling' });
    const { detail } = await runHelm(step('install'), helm, 'none', 0);
    expect(detail).to.contain('interrupted');
    expect(helm.calls).to.deep.equal([
      'uninstall food-ga --namespace llm --wait',
      'install food-ga --namespace llm',
    ]);
  });

  it('waits for another helm that is uninstalling it, and installs it then', async () => {
    const helm = new FakeHelm({ status: 'uninstalling' });
    const running = runHelm(step('install'), helm, 'none', 5);
    helm.releases.length = 0;
    expect(await running).to.include({ outcome: 'done' });
    expect(helm.calls).to.deep.equal(['install food-ga --namespace llm']);
  });

  it('does not wait in a dry run', async () => {
    const helm = new FakeHelm({ status: 'pending-install' });
    const error = await runHelm(step('install'), helm, 'server', 0).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
    expect(helm.calls).to.be.empty;
  });

  for (const status of ['pending-upgrade', 'pending-rollback'])
    it(`does not get in the way of a helm at work (${status})`, async () => {
      const helm = new FakeHelm({ status });
      const error = await runHelm(step('install'), helm, 'none').catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).message).to.contain(status);
      expect((error as UserError).hint).to.contain('helm rollback food-ga -n llm');
      expect(helm.calls).to.be.empty;
    });
});

describe('uninstalling by helm', () => {
  it('uninstalls a release that is there, and is done where it is not', async () => {
    const helm = new FakeHelm({});
    expect(await runHelm(step('uninstall'), helm, 'none')).to.deep.equal({ outcome: 'done', detail: '' });
    expect(helm.calls).to.deep.equal(['uninstall food-ga --namespace llm']);
    expect(await runHelm(step('uninstall'), new FakeHelm(), 'none')).to.deep.equal({
      outcome: 'unchanged',
      detail: 'already uninstalled',
    });
  });
});

it('helm is told about dry runs in its own words', async () => {
  const helm = new FakeHelm();
  await runHelm(step('install'), helm, 'server');
  const there = new FakeHelm({});
  await runHelm(step('uninstall'), there, 'server');
  expect([...helm.calls, ...there.calls]).to.deep.equal([
    'install food-ga --namespace llm --dry-run=server',
    'uninstall food-ga --namespace llm --dry-run',
  ]);
});

describe('uninstalling by helm beside one that was left behind', () => {
  const failing = (after: Partial<HelmRelease>[]) => {
    const helm = new FakeHelm({ status: 'uninstalling' });
    const left = new FakeHelm(...after).releases;
    helm.run = async () => {
      helm.list = async () => left;
      throw new UserError('`helm uninstall food-ga` failed (1): release: not found');
    };
    return runHelm(step('uninstall'), helm, 'none');
  };

  it('is done where the other one got there first', async () => {
    expect(await failing([])).to.deep.equal({ outcome: 'done', detail: 'another helm was at it, too' });
    expect(await failing([{ name: 'other' }])).to.include({ outcome: 'done' });
  });

  it('is an error where the release is still there', async () => {
    const error = await failing([{ status: 'uninstalling' }]).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
  });
});
