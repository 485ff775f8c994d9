import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import type { Step } from '../../src/api/plan.ts';
import * as r from '../../src/api/resource.ts';
import { FakeCluster, FakeHelm } from '../support/fakes.ts';
import { alphaPool, condition, crd, model, objective, v1Pool } from '../support/objects.ts';
import { apply, create, failure, helm, install, remove, run, wait } from './steps.ts';

const established = { status: { conditions: [condition('Established')] } };

describe('carrying out a plan', () => {
  it('goes step by step, and says what became of each', async () => {
    const cluster = new FakeCluster([objective('same')]);
    const same = cluster.live(objective('same'))!;
    const definition = { ...crd(r.OBJECTIVE, 'v1.0.0'), ...established };
    const steps = [
      install(definition),
      helm(),
      apply(objective('new')),
      apply(objective('same'), same),
      wait(v1Pool()),
    ];
    const helmOf = new FakeHelm();
    const { outcomes, conflicts, waited } = await run(cluster, steps, { helm: helmOf });
    expect(outcomes).to.deep.equal(['done', 'done', 'done', 'unchanged', 'done']);
    expect(conflicts).to.be.empty;
    expect(waited).to.deep.equal(['food-ga']);
    expect(helmOf.calls).to.deep.equal(['install food-ga']);
    expect(cluster.calls).to.deep.equal([
      'force CustomResourceDefinition inferenceobjectives.inference.networking.x-k8s.io',
      'wait for the CRD inferenceobjectives.inference.networking.x-k8s.io to be established',
      'apply InferenceObjective new',
      'apply InferenceObjective same',
    ]);
  });

  it('stops at the first step that fails, and says that what was done stays', async () => {
    const cluster = new FakeCluster();
    cluster.before = (_, { name }) => {
      if (name === 'bad') throw new WriteRefused(422, 'invalid', 'spec.priority: Invalid value');
    };
    const steps = [apply(objective('good')), apply(objective('bad')), apply(objective('never'))];
    const error = await failure(run(cluster, steps));
    expect(error.message)
      .to.contain('InferenceObjective bad in namespace llm')
      .and.to.contain('spec.priority');
    expect(error.hint).to.contain('What was done before this step stays');
    expect(error.exitCode).to.equal(1);
    expect(cluster.calls).to.deep.equal(['apply InferenceObjective good']);
  });

  it('does not take a field from someone else', async () => {
    const cluster = new FakeCluster();
    cluster.before = () => {
      throw new WriteRefused(409, 'conflict', 'conflict with "argocd": .spec.priority');
    };
    const error = await failure(run(cluster, [apply(objective())]));
    expect(error).to.include({ exitCode: 3 });
    expect(error.message).to.contain('argocd');
  });

  it('takes fields over only where the step says so', async () => {
    const cluster = new FakeCluster();
    const forced = { ...apply(objective('ours')), force: true } as Step;
    await run(cluster, [forced, apply(objective('theirs'))]);
    expect(cluster.calls).to.deep.equal(['force InferenceObjective ours', 'apply InferenceObjective theirs']);
  });

  it('says done, not unchanged, of an object that the server stored anew', async () => {
    const cluster = new FakeCluster([objective('moved')]);
    const before = cluster.live(objective('moved'))!;
    const wanted = { ...objective('moved'), spec: { ...objective('moved')['spec'], priority: 7 } };
    expect((await run(cluster, [apply(wanted, before)])).outcomes).to.deep.equal(['done']);
  });

  it('waits until a CRD is established, whatever else its status says', async () => {
    const others = [condition('NamesAccepted'), condition('Established', 'False')];
    const definition = (conditions: unknown[]) => ({ ...crd(r.MODEL), status: { conditions } });
    const error = await run(new FakeCluster(), [install(definition(others))]).catch(
      (caught: Error) => caught,
    );
    expect(error).to.be.instanceOf(Error).and.to.have.property('message').that.contains('not settled');
    const settled = [condition('NamesAccepted'), condition('Established')];
    expect((await run(new FakeCluster(), [install(definition(settled))])).outcomes).to.deep.equal(['done']);
    const bare = await run(new FakeCluster(), [install(crd(r.MODEL))]).catch((caught: Error) => caught);
    expect(bare).to.be.instanceOf(Error).and.to.have.property('message').that.contains('not settled');
  });

  it('lets a bug be a bug', async () => {
    const cluster = new FakeCluster();
    cluster.before = () => {
      throw new TypeError('x is undefined');
    };
    const error = await run(cluster, [apply(objective())]).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(TypeError);
  });

  it('creates what is not there, and keeps what is', async () => {
    const cluster = new FakeCluster([model('there')]);
    const { outcomes } = await run(cluster, [create(model('there')), create(model('new'))]);
    expect(outcomes).to.deep.equal(['unchanged: kept: it is there', 'done']);
  });

  it('keeps a CRD that is there when it restores, and waits for one that it makes', async () => {
    const definition = { ...crd(r.MODEL), ...established };
    const cluster = new FakeCluster([definition]);
    const { outcomes } = await run(cluster, [
      install(definition, { onlyIfAbsent: true }),
      install({ ...crd(r.ALPHA_POOL), ...established }, { onlyIfAbsent: true }),
    ]);
    expect(outcomes).to.deep.equal(['unchanged: kept: it is there', 'done']);
    expect(cluster.calls.filter((call) => call.startsWith('force'))).to.be.empty;
    expect(cluster.calls.filter((call) => call.startsWith('wait'))).to.have.length(2);
  });
});

describe('a dry run on the server', () => {
  const pool = v1Pool();
  const mark = apply({ ...pool, spec: undefined });
  const rendered = 'notChecked: helm could render the chart; the API server has not seen what is in it';
  const skipped = 'notChecked: an earlier step would make what it needs';

  it('tries every write, and waits for nothing', async () => {
    const cluster = new FakeCluster([alphaPool()]);
    const helmOf = new FakeHelm();
    const steps = [
      install(crd(r.REWRITE, 'v1.3.0')),
      helm(),
      apply(objective()),
      wait(pool),
      remove(cluster.live(alphaPool())!),
    ];
    const { outcomes, waited } = await run(cluster, steps, { dryRun: 'server', helm: helmOf });
    expect(outcomes).to.deep.equal([
      'done',
      rendered,
      'done',
      'unchanged: not waited for in a dry run',
      'done',
    ]);
    expect(waited).to.be.empty;
    expect(helmOf.calls).to.deep.equal(['install food-ga --dry-run=server']);
    expect(cluster.calls.every((call) => call.endsWith('(dry)'))).to.be.true;
    expect(cluster.live(alphaPool())).not.to.be.undefined;
  });

  it('passes over what needs a kind or an object that only an earlier step would make', async () => {
    const cluster = new FakeCluster();
    const steps = [
      install(crd(r.OBJECTIVE, 'v1.0.0')),
      helm(),
      mark,
      apply(objective()),
      create(objective('b')),
    ];
    const { outcomes } = await run(cluster, steps, { dryRun: 'server' });
    expect(outcomes).to.deep.equal(['done', rendered, skipped, skipped, skipped]);
    const withoutPools = [install(crd(r.V1_POOL, 'v1.0.0')), helm(), mark];
    const helmOf = new FakeHelm();
    expect((await run(cluster, withoutPools, { dryRun: 'server', helm: helmOf })).outcomes).to.deep.equal([
      'done',
      skipped,
      skipped,
    ]);
    expect(helmOf.calls).to.be.empty;
  });

  it('checks what is there already', async () => {
    const cluster = new FakeCluster([pool]);
    const live = cluster.live(pool)!;
    const steps = [
      install(crd(r.OBJECTIVE, 'v1.3.0'), { live: crd(r.OBJECTIVE, 'v1.0.0') }),
      helm(),
      apply(pool, live),
      apply(objective()),
    ];
    const deployed = new FakeHelm({});
    const { outcomes } = await run(cluster, steps, { dryRun: 'server', helm: deployed });
    expect(outcomes.filter((outcome) => outcome === skipped)).to.be.empty;
  });

  it('tries creations too, and leaves nothing behind', async () => {
    const cluster = new FakeCluster([model('there')]);
    const steps = [
      create(model('there')),
      create(model('new')),
      install(crd(r.MODEL), { onlyIfAbsent: true }),
    ];
    const { outcomes } = await run(cluster, steps, { dryRun: 'server' });
    expect(outcomes).to.deep.equal(['unchanged: kept: it is there', 'done', 'done']);
    expect(cluster.calls.every((call) => call.endsWith('(dry)'))).to.be.true;
    expect(cluster.objects.size).to.equal(1);
  });

  it('checks what builds on a CRD that is kept, or on a release that is deployed', async () => {
    const cluster = new FakeCluster([crd(r.OBJECTIVE)]);
    const steps = [install(crd(r.OBJECTIVE), { onlyIfAbsent: true }), apply(objective()), helm(), mark];
    const { outcomes } = await run(cluster, steps, { dryRun: 'server', helm: new FakeHelm({}) });
    expect(outcomes.map((outcome) => outcome.replace(/: .*/, ''))).to.deep.equal([
      'unchanged',
      'done',
      'unchanged',
      'done',
    ]);
    expect(outcomes).not.to.include(skipped);
  });

  it('takes only an installation for what makes the pool', async () => {
    const uninstalled = await run(new FakeCluster(), [helm('uninstall'), mark], {
      dryRun: 'server',
      helm: new FakeHelm({}),
    });
    expect(uninstalled.outcomes).to.deep.equal(['done', 'done']);
    const applied = await run(new FakeCluster(), [apply(pool), mark], { dryRun: 'server' });
    expect(applied.outcomes).to.deep.equal(['done', 'done']);
  });

  it('passes over writes that build on an earlier step, and over nothing else', async () => {
    const cluster = new FakeCluster([objective('old')]);
    const live = cluster.live(objective('old'))!;
    const steps = [install(crd(r.OBJECTIVE)), wait(objective('a')), remove(live), helm()];
    const { outcomes } = await run(cluster, steps, { dryRun: 'server' });
    expect(outcomes).to.deep.equal(['done', 'unchanged: not waited for in a dry run', 'done', rendered]);
    const made = await run(new FakeCluster(), [helm(), create(pool)], { dryRun: 'server' });
    expect(made.outcomes).to.deep.equal([rendered, 'done']);
  });

  it('of a CRD that says nothing of its kind goes on', async () => {
    for (const spec of [undefined, { group: 'example.com' }]) {
      const steps = [install({ ...crd(r.MODEL), spec }), apply(objective())];
      const { outcomes } = await run(new FakeCluster(), steps, { dryRun: 'server' });
      expect(outcomes).to.deep.equal(['done', 'done']);
    }
  });

  it('of a cleanup does not mind the objects whose deletion it has tried before', async () => {
    const cluster = new FakeCluster([model(), crd(r.MODEL)]);
    const steps = [remove(cluster.live(model())!), remove(cluster.live(crd(r.MODEL))!)];
    expect((await run(cluster, steps, { dryRun: 'server' })).outcomes).to.deep.equal(['done', 'done']);
    expect(cluster.objects.size).to.equal(2);
  });
});
