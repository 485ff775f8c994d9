// Others at the same cluster: a second migrate, a Git controller, webhooks, whoever makes a pool anew.
import { hostname, userInfo } from 'node:os';
import { expect } from 'chai';
import type { Json, KubeObject, KubeRef } from '../lab/kube.ts';
import { ALPHA, Bench, GATEWAY_API, offline, wanted } from '../e2e/support.ts';
import { v1Percent } from '../e2e/live.ts';
import { annotator, applier, lostMarks, replace, Rivals, updater } from './rival.ts';
import { restartApiServer } from './restart.ts';
import { claims, reached, running } from './running.ts';
import { startWebhook } from './webhook.ts';

const ME = `${userInfo().username}@${hostname()}`;

const otherThan = (spec: Json) => (spec.extensionRef.failureMode === 'FailOpen' ? 'FailClose' : 'FailOpen');

describe('rivals', function () {
  this.timeout(180_000);
  let bench: Bench;
  let chart: string[];

  before(async () => {
    bench = await Bench.start();
    chart = await offline();
  });
  after(() => bench?.end());

  const migrate = (namespace: string, ...more: string[]) => [
    'migrate',
    '-n',
    namespace,
    '--yes',
    '--steps',
    '50,100',
    '--interval',
    '1s',
    ...chart,
    ...more,
  ];
  const routeRef = (namespace: string): KubeRef => ({
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    namespace,
    name: 'llm-route',
  });
  const poolRef = (namespace: string): KubeRef => ({
    apiVersion: ALPHA,
    kind: 'InferencePool',
    namespace,
    name: `${namespace}-preview`,
  });
  const at = async (namespace: string, percent: number) => (await v1Percent(bench, namespace)) === percent;

  describe('a pool that somebody migrates', () => {
    before(() => bench.preview('held'));

    it('the second is told who and since when; split, rollback and cleanup too; --force past a split ends the first, which says by whom', async () => {
      const first = running(bench, migrate('held', '--interval', '90s'));
      await reached(first, () => at('held', 50));
      const [lease] = await claims(bench.lab.admin, 'held');
      expect(lease!.metadata.name).to.equal('kubectl-infpool-held-preview');
      expect(lease!['spec'].holderIdentity).to.equal(`${ME} (pid ${first.pid})`);

      const who = `being migrated by ${ME} (pid ${first.pid}) since ${lease!['spec'].acquireTime}`;
      for (const args of [
        migrate('held'),
        ['split', '80', '-n', 'held', '--yes'],
        ['rollback', '-n', 'held', '--yes'],
      ]) {
        const { code, stderr } = await bench.infpool(args);
        expect(stderr).to.contain(who).and.contain('--take-over');
        expect(code, stderr).to.equal(3);
      }
      const cleanup = await bench.infpool(['cleanup', '-n', 'held', '--helm-uninstall', '--yes']);
      expect(cleanup.stderr).to.contain(who);
      expect(await v1Percent(bench, 'held')).to.equal(50);

      const forced = await bench.done(['split', '20', '-n', 'held', '--yes', '--force']);
      expect(forced.stderr).to.contain('--force goes past pool-claimed');
      const { code, stderr } = await first.ended;
      expect(stderr)
        .to.contain('rule 0 of httproutes.gateway.networking.k8s.io/llm-route in namespace held was changed')
        .and.contain('another run of kubectl-infpool');
      expect(code).to.equal(3);
      expect(await v1Percent(bench, 'held')).to.equal(20);
      expect(await claims(bench.lab.admin, 'held')).to.deep.equal([]);
    });

    it('Ctrl-C gives the claim back; after a crash the next run of the same user has it at once', async () => {
      const interrupted = running(bench, migrate('held', '--interval', '90s'));
      await reached(
        interrupted,
        async () => interrupted.stderr().includes('Step: 50') && (await at('held', 50)),
      );
      interrupted.kill('SIGINT');
      expect((await interrupted.ended).code).to.equal(130);
      expect(await claims(bench.lab.admin, 'held')).to.deep.equal([]);

      const crashed = running(bench, migrate('held', '--interval', '90s'));
      await reached(crashed, async () => (await claims(bench.lab.admin, 'held')).length === 1);
      crashed.kill('SIGKILL');
      await crashed.ended;
      expect(await claims(bench.lab.admin, 'held')).to.have.length(1);
      const next = running(bench, migrate('held', '--interval', '90s'));
      await reached(next, () => next.stderr().includes('Step: 50'));
      expect(next.stderr()).to.contain(`over from ${ME} (pid ${crashed.pid}), whose process has ended`);

      // From another machine: that one stops, and the route is where the taker wants it.
      const { code, stderr } = await bench.infpool(migrate('held', '--take-over'));
      expect(code, stderr).to.equal(0);
      const told = await next.ended;
      expect(told.code).to.equal(3);
      expect(told.stderr).to.match(
        /took over the migration of pool held\/held-preview at|was changed after we brought it/,
      );
      expect(await v1Percent(bench, 'held')).to.equal(100);
      expect(await claims(bench.lab.admin, 'held')).to.deep.equal([]);
      const { annotations } = wanted(await bench.route('held'));
      expect(Object.keys(annotations).filter((key) => key.includes('claim'))).to.deep.equal([]);
    });

    it('of someone elsewhere whose claim was left behind: watched, then taken over, and removed', async () => {
      await bench.done(['rollback', '-n', 'held', '--yes']);
      const spec = {
        holderIdentity: 'alice@laptop (pid 4711)',
        leaseDurationSeconds: 30,
        acquireTime: '2026-01-01T00:00:00.000000Z',
        renewTime: '2026-01-01T00:00:00.000000Z',
      };
      const name = 'kubectl-infpool-held-preview';
      await bench.lab.admin.apply({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace: 'held', name },
        spec,
      });
      const { code, stderr } = await bench.infpool(migrate('held', '--steps', '100'));
      expect(code, stderr).to.equal(0);
      expect(stderr)
        .to.contain('is being migrated by alice@laptop (pid 4711) since 2026-01-01T00:00:00.000000Z')
        .and.contain(
          'Took pool held/held-preview over from alice@laptop (pid 4711), which gives no sign of life any more',
        );
      expect(await claims(bench.lab.admin, 'held')).to.deep.equal([]);
    });
  });

  describe('a route that others write to', () => {
    before(async () => {
      await bench.preview('busy');
      await bench.side('busy');
    });

    it('a webhook that refuses is named, and the route is as it was', async () => {
      const before = wanted(await bench.route('busy'));
      const refuse = 'weights are changed on Mondays';
      const webhook = await startWebhook(bench.lab.admin, 'Validating', {
        name: 'mondays.example.com',
        namespace: 'busy',
        decide: (object) => (JSON.stringify(object['spec']).includes('"weight":50') ? { refuse } : null),
      });
      const { code, stderr } = await bench.infpool(['split', '50', '-n', 'busy', '--yes']);
      expect(stderr)
        .to.contain(
          'admission webhook "mondays.example.com" denied the request: weights are changed on Mondays',
        )
        .and.contain('kubectl get validatingwebhookconfigurations')
        .and.contain('HTTPRoute llm-route in namespace busy');
      expect(code).to.equal(1);
      // A webhook that does not answer is named, too.
      webhook.broken = true;
      const broken = await bench.infpool(['split', '50', '-n', 'busy', '--yes']);
      expect(broken.stderr).to.contain('failed calling webhook "mondays.example.com"');
      expect(broken.code).to.equal(1);
      await webhook.stop();
      expect(wanted(await bench.route('busy'))).to.deep.equal(before);
    });

    it('a webhook that changes what we write is noticed: it is no success', async () => {
      const webhook = await startWebhook(bench.lab.admin, 'Mutating', {
        name: 'carefully.example.com',
        namespace: 'busy',
        decide: (object) =>
          JSON.stringify(object['spec']).includes('"weight":50')
            ? { patch: [{ op: 'replace', path: '/spec/rules/0/backendRefs/1/weight', value: 7 }] }
            : null,
      });
      const { code, stderr } = await bench.infpool(['split', '50', '-n', 'busy', '--yes']);
      await webhook.stop();
      expect(stderr)
        .to.contain('spec.rules[0].backendRefs[1].weight is 7, not 50')
        .and.contain('kubectl get mutatingwebhookconfigurations');
      expect(code).to.equal(3);
      await bench.done(['rollback', '-n', 'busy', '--yes']);
    });

    it('a controller that puts the weights back: we stop, name it, and leave its route alone', async () => {
      const original = await bench.route('busy');
      const run = running(bench, migrate('busy', '--interval', '60s'));
      await reached(run, () => at('busy', 50));
      // As a controller does after a conflict: a status may come in between.
      for (let tries = 1; ; tries++) {
        const theirs = await bench.route('busy');
        theirs['spec'] = original['spec'];
        const conflict = await replace(bench.lab.admin, theirs, 'weights-keeper').catch(
          (error: Error) => error,
        );
        if (conflict === undefined) break;
        if (tries === 10 || !conflict.message.includes('409')) throw conflict;
      }
      const { code, stderr } = await run.ended;
      expect(stderr)
        .to.contain('Stopped at 50 percent')
        .and.contain('last written by weights-keeper (Update,');
      expect(stderr).to.contain('--show-managed-fields');
      expect(code).to.equal(3);
      expect((await bench.route('busy'))['spec']).to.deep.equal(original['spec']);
      expect(await claims(bench.lab.admin, 'busy')).to.deep.equal([]);
      await bench.done(['rollback', '-n', 'busy', '--yes']);
    });

    it('notes and updates of three others, and an API server that is restarted: all of theirs is there, and we end', async () => {
      const { admin } = bench.lab;
      const rivals = new Rivals();
      const timeouts = (object: KubeObject, k: number) =>
        (object['spec'].rules[0].timeouts = { request: `${30 + (k % 10)}s` });
      rivals.start(
        annotator(admin, 'notes', routeRef('busy')),
        updater(admin, 'scaler', routeRef('busy'), timeouts, 400),
        applier(admin, 'kubectl-team', routeRef('busy')),
        annotator(admin, 'pool-notes', poolRef('busy'), 300),
      );
      const run = running(bench, migrate('busy', '--interval', '4s', '--timeout', '60s'));
      await reached(run, () => at('busy', 50));
      await restartApiServer(bench.lab, 1500);
      const { code, stderr } = await run.ended;
      await rivals.stop();
      expect(code, stderr).to.equal(0);
      expect(rivals.marks.length).to.be.above(20);
      expect(await lostMarks(admin, rivals.marks)).to.deep.equal([]);
      expect(await v1Percent(bench, 'busy')).to.equal(100);
      expect(await claims(admin, 'busy')).to.deep.equal([]);
    });

    it('somebody who makes the pool anew, with another spec: the plan was for the old one', async () => {
      await bench.done(['rollback', '-n', 'busy', '--yes']);
      // By what is read alone: requests that come while the pool is away fail, and a gate may see those first.
      const run = running(bench, migrate('busy', '--interval', '60s', '--no-probe'));
      await reached(run, () => at('busy', 50));
      const pool = await bench.get(poolRef('busy'));
      await bench.lab.admin.delete(poolRef('busy'));
      const { apiVersion, kind, metadata, spec } = pool;
      await bench.lab.admin.apply({
        apiVersion,
        kind,
        metadata: { namespace: 'busy', name: metadata.name },
        // It serves as before: what ends the run is that it is another one, not requests that fail.
        spec: { ...spec, extensionRef: { ...spec.extensionRef, failureMode: otherThan(spec) } },
      });
      const { code, stderr } = await run.ended;
      expect(stderr, stderr).to.contain('was deleted and made again with another spec');
      expect(code).to.equal(3);
      expect(await v1Percent(bench, 'busy')).to.equal(50);
    });

    it('somebody who deletes the pool: requests fail, and nothing is sent back to where it was', async () => {
      await bench.done(['rollback', '-n', 'busy', '--yes']);
      const run = running(bench, migrate('busy', '--interval', '60s'));
      await reached(run, () => at('busy', 50));
      await bench.lab.admin.delete(poolRef('busy'));
      const { code, stderr } = await run.ended;
      expect(stderr).to.match(/is not there any more|was deleted/);
      expect(code, stderr).to.equal(3);
      expect(await v1Percent(bench, 'busy')).to.equal(50);
    });
  });

  it('who may not write leases is told that others are not told, and migrates', async () => {
    await bench.preview('unclaimed');
    await bench.side('unclaimed');
    const all = { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] };
    const most = [
      'gateway.networking.k8s.io',
      'inference.networking.k8s.io',
      'inference.networking.x-k8s.io',
    ];
    await bench.lab.addUser('nolease', [
      all,
      { apiGroups: [...most, 'apiextensions.k8s.io'], resources: ['*'], verbs: ['*'] },
    ]);
    const { code, stderr } = await bench.infpool(migrate('unclaimed', '--steps', '100'), { user: 'nolease' });
    expect(stderr).to.contain(
      'Warning: you may not "create" leases.coordination.k8s.io in namespace unclaimed',
    );
    expect(code, stderr).to.equal(0);
  });
});
