// `migrate` goes the whole way by itself, turns back by itself, and goes on after it was killed.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { complete } from '../lab/scenarios/building-blocks.ts';
import { ALPHA, ALPHA_POOLS, Bench, GATEWAY_API, MODELS, offline, V1, wanted } from './support.ts';

const MINUTE = 60_000;

describe('migrate', function () {
  this.timeout(3 * MINUTE);
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.start();
  });
  afterEach(() => bench?.end());

  const migrate = async (...more: string[]) => [
    'migrate',
    '-n',
    'mine',
    '--interval',
    '1s',
    '--yes',
    ...(await offline()),
    ...more,
  ];
  const weights = async () => {
    const route = await bench.route('mine');
    const refs = route['spec'].rules[0].backendRefs as { group: string; weight: number }[];
    return Object.fromEntries(
      refs.map((ref) => [ref.group === 'inference.networking.k8s.io' ? 'v1' : 'alpha', ref.weight]),
    );
  };

  it('goes from alpha to v1 and cleans up, every gate passed', async () => {
    const { url } = await bench.preview('mine', { models: ['base-model', 'food-review'] });
    const { code, stdout, stderr } = await bench.infpool(
      await migrate('--cleanup', '--crds', '--helm-uninstall'),
    );
    expect(code, stderr).to.equal(0);
    expect(stdout.split('\n')[0]).to.match(/V1 WANTED +SEEN +GATE/);
    for (const percent of ['0', '10', '50', '100'])
      expect(stdout).to.match(new RegExp(`^${percent}% +${percent}% +pass +\\d+ +0 `, 'm'));
    expect(await weights()).to.deep.equal({ v1: 100 });
    expect(await bench.crd(ALPHA_POOLS)).to.equal(undefined);
    expect(await bench.crd(MODELS)).to.equal(undefined);
    expect((await complete(url, 'food-review')).pool).to.match(/^inference\.networking\.k8s\.io\//);
    expect(readdirSync(bench.cwd).filter((name) => name.startsWith('infpool-backup-'))).to.have.length(1);
    // Again: nothing left to do, and that is success.
    const again = await bench.infpool(await migrate('--cleanup', '--crds', '--helm-uninstall'));
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stderr).to.include('No alpha pool is left to migrate');
  });

  it('stops before cleanup when it was not told to clean up, and says how to go on and back', async () => {
    await bench.preview('mine');
    const { stderr } = await bench.done(await migrate('--steps', '100'));
    expect(stderr)
      .to.include('kubectl infpool rollback')
      .and.include('kubectl infpool cleanup mine-preview --helm-uninstall --crds -n mine');
    expect(await bench.lab.admin.list(ALPHA, 'inferencepools', 'mine')).to.have.length(1);
    await bench.done(['rollback', '-n', 'mine', '--yes']);
    expect(await weights()).to.deep.equal({ alpha: 1 });
  });

  it('puts the original backendRefs back when requests fail at a step', async () => {
    await bench.preview('mine');
    const before = wanted(await bench.route('mine'));
    const running = bench.infpool(await migrate('--steps', '50,100', '--interval', '20s'));
    await until(async () => (await weights())['v1'] === 50);
    for (const server of bench.players.servers.of('mine')) server.fault = { status: 500 };
    const { code, stdout, stderr } = await running;
    expect(code, stderr).to.equal(2);
    expect(stdout).to.match(/^50% +50% +fail/m);
    expect(stderr).to.match(
      /Rolled back \d+\.\d s after the first sign; \d+ of our own \d+ requests of this step failed\./,
    );
    expect(wanted(await bench.route('mine'))).to.deep.equal(before);
    expect(await bench.lab.admin.list(V1, 'inferencepools', 'mine')).to.have.length(1);
  });

  it('does not start when alpha itself does not serve', async () => {
    await bench.preview('mine');
    for (const server of bench.players.servers.of('mine')) server.fault = { status: 500 };
    const before = wanted(await bench.route('mine'));
    const { code, stderr } = await bench.infpool(await migrate());
    expect(stderr).to.include('Stopped before anything moved');
    expect(code).to.equal(2);
    expect(wanted(await bench.route('mine'))).to.deep.equal(before);
  });

  it('with a server that fails a fifth of the requests: turns back, or bears it up to --max-error-rate', async () => {
    await bench.preview('mine');
    const fail = async (...more: string[]) => {
      const running = bench.infpool(await migrate('--steps', '100', '--interval', '10s', ...more));
      await until(async () => (await weights())['v1'] === 100);
      for (const server of bench.players.servers.of('mine')) server.fault = { status: 500, share: 0.2 };
      const outcome = await running;
      for (const server of bench.players.servers.of('mine')) server.fault = undefined;
      return outcome;
    };
    const strict = await fail();
    expect(strict.code, strict.stderr).to.equal(2);
    expect(await weights()).to.deep.equal({ alpha: 1 });
    const lenient = await fail('--max-error-rate', '60');
    expect(lenient.code, lenient.stderr).to.equal(0);
    expect(lenient.stdout).to.match(/^100% +100% +pass +\d+ +[1-9]/m);
  });

  it('with a server that gets slow: goes on, and the table says how slow', async () => {
    await bench.preview('mine');
    const running = bench.infpool(await migrate('--steps', '100', '--interval', '5s'));
    await until(async () => (await weights())['v1'] === 100);
    for (const server of bench.players.servers.of('mine')) server.fault = { slowMs: 700 };
    const { code, stdout, stderr } = await running;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^100% +100% +pass +\d+ +0 +.* (7|8|9)\d\d ms +[\d.]+ s$/m);
  });

  it('is refused before anything is written where a release would lose targetModels', async () => {
    await bench.preview('mine', { adapters: true, models: ['reviews'] });
    const { code, stderr } = await bench.infpool(await migrate());
    expect({ code }).to.deep.equal({ code: 3 });
    expect(stderr).to.include('[target-models-lost]').and.include('404');
    expect(await bench.lab.admin.list('apps/v1', 'deployments', 'mine')).to.have.length(2);
    expect(await bench.crd('inferencepools.inference.networking.k8s.io')).to.equal(undefined);
  });

  it('is refused before anything is written for who may not do all of it', async () => {
    await bench.preview('mine');
    const read = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
    await bench.lab.addUser('reader', [read]);
    const { code, stderr } = await bench.infpool(await migrate(), { user: 'reader' });
    expect(stderr).to.include('[not-allowed]').and.include('patch').and.include('customresourcedefinitions');
    expect(code).to.equal(3);
  });

  it('is refused before anything is written where the cleanup at its end could not be done', async () => {
    await bench.preview('mine');
    const verbs = ['get', 'list', 'watch', 'create', 'patch', 'update'];
    await bench.lab.addUser('mover', [{ apiGroups: ['*'], resources: ['*'], verbs }]);
    const flags = ['--cleanup', '--crds'];
    const as = async (user: string, ...more: string[]) =>
      bench.infpool(await migrate(...flags, ...more), { user });
    const { code, stderr } = await as('mover', '--helm-uninstall');
    expect({ code }, stderr).to.deep.equal({ code: 3 });
    for (const what of [MODELS, 'customresourcedefinitions.apiextensions.k8s.io'])
      expect(stderr).to.match(new RegExp(`You may not "delete" ${what}`));
    // What lacks in many kinds is told of some, and the others are named.
    expect(stderr).to.match(new RegExp(`\\[not-allowed\\] also for .*${ALPHA_POOLS}`));
    // Whose the pool is does not change on the way, either.
    const owned = await as('admin');
    expect({ code: owned.code }, owned.stderr).to.deep.equal({ code: 3 });
    expect(owned.stderr).to.include('[owned]').and.include('--helm-uninstall');
    expect(await bench.crd('inferencepools.inference.networking.k8s.io')).to.equal(undefined);
  });

  it('goes on from the state of the cluster after SIGKILL, at whatever moment', async () => {
    const { url } = await bench.preview('mine');
    const args = await migrate('--cleanup', '--crds', '--helm-uninstall', '--steps', '50,100');
    for (let kills = 0; kills < 4; kills++) {
      const child = spawn(
        process.env['INFPOOL_BINARY'] ?? 'dist/kubectl-infpool',
        [...args, '--backup', `${bench.cwd}/killed-${kills}.yaml`],
        {
          env: { ...process.env, ...bench.lab.env, KUBECONFIG: bench.lab.kubeconfig('admin') },
          stdio: 'ignore',
        },
      );
      const ended = new Promise((resolve) => child.on('close', resolve));
      const writes = await writesSoFar();
      await Promise.race([ended, until(async () => (await writesSoFar()) !== writes)]);
      child.kill('SIGKILL');
      await ended;
    }
    const { code, stderr } = await bench.infpool(args);
    expect(code, stderr).to.equal(0);
    expect(await weights()).to.deep.equal({ v1: 100 });
    expect(await bench.crd(ALPHA_POOLS)).to.equal(undefined);
    expect((await complete(url, 'meta-llama/Llama-3.1-8B-Instruct')).status).to.equal(200);
  });

  it('--simple measures its downtime', async () => {
    await bench.preview('mine');
    const { code, stderr } = await bench.infpool(await migrate('--simple', '--crds'));
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/^Downtime: \d+\.\d s without a 2xx\.$/m);
    expect(await weights()).to.deep.equal({ v1: 100 });
    expect(await bench.crd(ALPHA_POOLS)).to.equal(undefined);
  });

  // Whatever the migration writes, counted by what is there.
  async function writesSoFar(): Promise<string> {
    const admin = bench.lab.admin;
    const lists = await Promise.all([
      admin.list(GATEWAY_API, 'httproutes', 'mine'),
      admin.list('apps/v1', 'deployments', 'mine'),
      admin.list('apiextensions.k8s.io/v1', 'customresourcedefinitions'),
      admin.list(V1, 'inferencepools', 'mine').catch(() => []),
      admin.list(ALPHA, 'inferenceobjectives', 'mine').catch(() => []),
      admin.list(ALPHA, 'inferencemodels', 'mine').catch(() => []),
    ]);
    return lists
      .map((list) => list.map(({ metadata }) => `${metadata.name}${metadata['generation']}`).join())
      .join('\n');
  }
});

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
}
