// `cleanup` deletes one pool's things and nothing else, and only when nothing is lost by it; `restore` undoes it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { KubeObject } from '../lab/kube.ts';
import { complete, ready } from '../lab/scenarios/building-blocks.ts';
import { until } from '../lab/scenarios/wait.ts';
import { comparable, differences, everything } from './everything.ts';
import { alphaPool, model, readerBut } from './samples.ts';
import { ALPHA, ALPHA_POOLS, Bench, GATEWAY_API, MODELS, snapshotOf } from './support.ts';

describe('cleanup and restore', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await bench.preview('mine', { models: ['base-model', 'food-review'] });
    await bench.preview('theirs');
    await bench.side('mine');
    await bench.done(['split', '100', '-n', 'mine', '--yes']);
    await bench.done(['verify', '-n', 'mine', '--wait', '--timeout', '30s']);
    // A neighbour in the very namespace, and somebody's policy on it.
    await bench.lab.admin.apply(alphaPool('mine', 'neighbour', { selector: { app: 'mine-vllm' } }));
    await bench.lab.admin.apply(model('mine', 'neighbours', 'neighbour'));
  });
  after(() => bench?.end());

  const all = async () => comparable(await everything(bench.lab.admin));
  const cleanup = ['cleanup', 'mine-preview', '-n', 'mine', '--helm-uninstall'];
  const alphas = async (namespace: string): Promise<KubeObject[]> =>
    [
      await bench.lab.admin.list(ALPHA, 'inferencepools', namespace),
      await bench.lab.admin.list(ALPHA, 'inferencemodels', namespace),
    ].flat();

  /** Exit 3, with this id, and every object of the cluster as it was. */
  async function expectRefused(
    args: string[],
    id: string,
    named: string | RegExp,
    user = 'admin',
  ): Promise<void> {
    const before = await all();
    const { code, stdout, stderr } = await bench.infpool([...args, '--yes'], { user });
    expect(stderr).to.include(`[${id}]`).and.match(new RegExp(named));
    expect(stderr).to.match(/Refused: nothing was written\./);
    expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
    expect(differences(await all(), before)).to.deep.equal([]);
  }

  it('refuses while a route of any namespace still points at the pool', async () => {
    const route = { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: 'theirs', name: 'far-away' };
    const backendRefs = [
      {
        group: 'inference.networking.x-k8s.io',
        kind: 'InferencePool',
        name: 'mine-preview',
        namespace: 'mine',
        weight: 0,
      },
    ];
    await bench.lab.admin.apply({
      apiVersion: route.apiVersion,
      kind: route.kind,
      metadata: { namespace: route.namespace, name: route.name },
      spec: { parentRefs: [{ name: 'inference-gateway' }], rules: [{ backendRefs }] },
    });
    await expectRefused(cleanup, 'still-referenced', 'far-away in namespace theirs');
    await bench.lab.admin.delete(route);
  });

  it('refuses the CRDs while another namespace has objects of them, also with --force', async () => {
    await expectRefused([...cleanup, '--crds'], 'crd-has-objects', 'theirs-preview in namespace theirs');
    await expectRefused(
      [...cleanup, '--crds', '--force'],
      'crd-has-objects',
      'theirs-preview in namespace theirs',
    );
  });

  it('refuses when a list answered 403, also with --force', async () => {
    for (const kind of ['httproutes.gateway.networking.k8s.io', MODELS, ALPHA_POOLS]) {
      const user = `without-${kind.split('.')[0]}`;
      await bench.lab.addUser(user, readerBut(kind));
      const args = ['cleanup', '-n', 'mine', '--ignore-owner'];
      await expectRefused(args, 'could-not-read', kind, user);
      await expectRefused([...args, '--force', '--crds'], 'could-not-read', kind, user);
    }
  });

  it('refuses what Helm looks after, unless it is said how', () =>
    expectRefused(cleanup.slice(0, -1), 'owned', 'Helm release mine-preview'));

  it('refuses while the v1 side does not verify', async () => {
    bench.players.gateway.setFaults({ refusedRoutes: ['mine/llm-route'] });
    const verify = ['verify', 'mine-preview', '-n', 'mine'];
    try {
      await until('verify to fail', async () => (await bench.infpool(verify)).code === 2);
      await expectRefused(cleanup, 'verify-failed', 'route-accepted');
    } finally {
      bench.players.gateway.setFaults({});
      await bench.done([...verify, '--wait', '--timeout', '30s']);
    }
  });

  it('refuses a backup over an older file, and deletes nothing then', async () => {
    const before = await all();
    const { code, stderr } = await bench.infpool([...cleanup, '--yes', '--backup', bench.lab.kubeconfig()]);
    expect(stderr).to.match(/the file is there already\. Nothing was deleted\./);
    expect(code).to.equal(1);
    expect(differences(await all(), before)).to.deep.equal([]);
  });

  it('shows what it would do, by the client and by the server, and does nothing', async () => {
    const before = await all();
    for (const how of [['--dry-run=client'], ['--dry-run=server'], ['-o', 'diff']]) {
      const { stdout, stderr } = await bench.done([...cleanup, ...how]);
      expect(stdout + stderr)
        .to.include('base-model')
        .and.include('mine-preview');
    }
    expect(differences(await all(), before)).to.deep.equal([]);
  });

  describe('done, then undone', () => {
    let original: KubeObject[];
    let backup: string;

    before(async () => {
      original = await everything(bench.lab.admin);
      backup = join(bench.cwd, 'backup.yaml');
      const { stderr } = await bench.done([...cleanup, '--yes', '--backup', backup]);
      expect(stderr).to.include(`kubectl infpool restore -f ${backup}`);
    });

    it("everything of the pool is gone, and nothing of its neighbours', of the v1 side or of the objectives", async () => {
      const gone = new Set(
        differences(await all(), comparable(original)).map((line) =>
          line
            .split(': ')[0]!
            .replace(/^\S+ /, '')
            .replace(/(ReplicaSet .*)-\w+$/, '$1'),
        ),
      );
      expect([...gone].sort()).to.deep.equal([
        'ClusterPodMonitoring /mine-mine-preview',
        'ClusterRole /mine-preview-epp',
        'ClusterRoleBinding /mine-preview-epp',
        'Deployment mine/mine-preview-epp',
        'GCPBackendPolicy mine/mine-preview',
        'HealthCheckPolicy mine/mine-preview',
        'InferenceModel mine/base-model',
        'InferenceModel mine/food-review',
        'InferencePool mine/mine-preview',
        'ReplicaSet mine/mine-preview-epp',
        'Secret mine/sh.helm.release.v1.mine-preview.v1',
        'Service mine/mine-preview-epp',
        'ServiceAccount mine/mine-preview-epp',
      ]);
      expect(snapshotOf(await alphas('mine'))).to.have.all.keys(
        `${ALPHA} InferencePool mine/neighbour`,
        `${ALPHA} InferenceModel mine/neighbours`,
      );
    });

    it('v1 serves', async () => {
      const url = bench.players.gateway.url('mine', 'inference-gateway')!;
      const { status, pool } = await complete(url, 'food-review');
      expect({ status, pool }).to.deep.equal({
        status: 200,
        pool: 'inference.networking.k8s.io/mine/mine-ga',
      });
    });

    it('again: nothing to do', async () => {
      const now = await all();
      const outcome = await bench.infpool(['cleanup', '-n', 'theirs-not', '--yes']);
      expect(outcome.code).to.equal(0);
      expect(outcome.stderr).to.match(/Nothing to clean up in namespace theirs-not/);
      expect(differences(await all(), now)).to.deep.equal([]);
    });

    it('the backup holds no Secrets and no Helm release data, and is for its owner only', () => {
      const text = readFileSync(backup, 'utf8');
      expect(text).not.to.match(/kind: Secret|sh\.helm\.release|helm\.sh\/release\.v1/);
      expect(statSync(backup).mode & 0o077).to.equal(0);
      expect(text).to.include('kind: InferencePool').and.include('kind: InferenceModel');
    });

    it('restore without --yes writes nothing', async () => {
      const now = await all();
      expect((await bench.infpool(['restore', '-f', backup])).code).to.equal(3);
      expect(differences(await all(), now)).to.deep.equal([]);
    });

    it('restore brings every object back as it was: spec, labels, annotations', async () => {
      await bench.done(['restore', '-f', backup, '--yes']);
      const helms = (object: KubeObject) => object.kind === 'Secret'; // the release itself is not restored
      const was = comparable(original.filter((object) => !helms(object)));
      const is = comparable((await everything(bench.lab.admin)).filter((object) => !helms(object)));
      expect(differences(is, was)).to.deep.equal([]);
      await ready(bench.lab, 'mine', { deployments: ['mine-preview-epp'] });
    });

    it('restore again keeps what is there', async () => {
      const pool = { apiVersion: ALPHA, kind: 'InferencePool', namespace: 'mine', name: 'mine-preview' };
      await bench.lab.admin.mergePatch(pool, { metadata: { labels: { since: 'restore' } } });
      const { stderr } = await bench.done(['restore', '-f', backup, '--yes']);
      expect(stderr).to.match(/Nothing to restore: all \d+ objects are there/);
      expect((await bench.get(pool)).metadata['labels']).to.include({ since: 'restore' });
    });

    it('and rollback sends the traffic back', async () => {
      await bench.done(['rollback', '-n', 'mine', '--yes']);
      const [ref] = (await bench.route('mine'))['spec'].rules[0].backendRefs;
      expect(ref.group).to.equal('inference.networking.x-k8s.io');
    });
  });
});
