// What `detect` says of clusters in every state, and of those that it may not see all of.
import { expect } from 'chai';
import type { Json } from '../lab/kube.ts';
import { absent, nothing } from '../lab/scenarios/scenarios.ts';
import { alphaPool, model, readerBut } from './samples.ts';
import { ALPHA, ALPHA_POOLS, Bench, crdFolder, MODELS, V1, V1_POOLS, versionsOf } from './support.ts';

const ROUTES = 'httproutes.gateway.networking.k8s.io';

describe('detect', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start({ controllerManager: false });
  });
  after(() => bench?.end());

  async function inventory(user = 'admin', ...more: string[]): Promise<Json> {
    const { code, stdout } = await bench.infpool(['detect', '-o', 'json', ...more], { user });
    return { code, ...(JSON.parse(stdout) as object) } as unknown as Json;
  }

  it('CRDs absent: not needed, and each kind is said to be not installed', async () => {
    await absent(bench.lab);
    expect(await inventory()).to.include({ code: 0, verdict: 'NotNeeded' });
    const { code, stdout, stderr } = await bench.infpool(['detect', '--exit-code']);
    expect(code).to.equal(0);
    expect(stderr).to.match(/^No migration needed/);
    expect(stderr).to.include(`${ALPHA_POOLS}: not installed`).and.include(`${MODELS}: not installed`);
    expect(stdout).to.match(/inferencepools\.inference\.networking\.x-k8s\.io +not installed/);
  });

  it('none of both: not needed, and what was checked in words', async () => {
    await nothing(bench.lab);
    expect(await inventory()).to.include({ code: 0, verdict: 'NotNeeded' });
    const { stderr } = await bench.done(['detect', '--exit-code']);
    for (const kind of [ALPHA_POOLS, MODELS]) expect(stderr).to.include(`${kind}: none in all namespaces`);
  });

  it('one InferenceModel alone is enough', async () => {
    await bench.lab.admin.apply(model('default', 'lonely', 'gone'));
    const found = await inventory();
    expect(found).to.include({ code: 0, verdict: 'MigrationNeeded' });
    expect(found.pools).to.deep.equal([]);
    expect(found.models).to.have.length(1);
    const { code, stderr } = await bench.infpool(['detect', '--exit-code']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Migration needed.*0 alpha pools, 1 InferenceModel\./);
    // A model whose pool is not there is said, not passed over.
    expect(stderr).to.match(/inferencemodels\S+\/lonely in namespace default.*"?gone"?/);
    await bench.lab.admin.delete({
      apiVersion: ALPHA,
      kind: 'InferenceModel',
      namespace: 'default',
      name: 'lonely',
    });
  });

  // These readers may not look at monitoring, autoscaling and permissions either, which is told apart.
  const missed = ({ unread }: Json) =>
    unread.filter(({ advisory }: Json) => !advisory).map(({ resource }: Json) => resource);

  for (const kind of [ALPHA_POOLS, MODELS])
    it(`${kind} may not be listed: Unknown, exit 4, and the kind is named`, async () => {
      const user = `without-${kind.split('.')[0]}`;
      await bench.lab.addUser(user, readerBut(kind));
      const found = await inventory(user);
      expect(found).to.include({ code: 4, verdict: 'Unknown' });
      expect(missed(found)).to.deep.equal([kind]);
      const { code, stderr } = await bench.infpool(['detect', '--exit-code'], { user });
      expect(code).to.equal(4);
      expect(stderr).to.match(/^Unknown/);
      expect(stderr).to.match(new RegExp(`Could not check[^]*\\b${kind}[^:]*: .*forbidden`));
      expect(stderr).not.to.include(`${kind}: none`);
    });

  it('a kind that is found elsewhere: needed all the same, and exit 4', async () => {
    await bench.lab.admin.apply(alphaPool('default', 'food'));
    await bench.lab.addUser('models-unseen', readerBut(MODELS));
    expect(await inventory('models-unseen')).to.include({ code: 4, verdict: 'MigrationNeeded' });
  });

  it('routes may not be listed: the verdict stands, the doubt is told', async () => {
    await bench.lab.addUser('routes-unseen', readerBut(ROUTES));
    const found = await inventory('routes-unseen');
    expect(found).to.include({ code: 4, verdict: 'MigrationNeeded' });
    expect(missed(found)).to.deep.equal([ROUTES]);
  });

  it('every command of a user who may not list pools says so, and none writes', async () => {
    await bench.lab.addUser('blind', readerBut(ALPHA_POOLS));
    const look = async () => versionsOf(await bench.lab.admin.list(ALPHA, 'inferencepools'));
    const before = await look();
    const expected: Record<string, number> = {
      status: 4,
      verify: 4,
      convert: 4,
      'convert --apply --yes': 4,
      'verify food': 4,
      'cleanup --yes': 3,
    };
    for (const [command, exit] of Object.entries(expected)) {
      const { code, stderr } = await bench.infpool(command.split(' '), { user: 'blind' });
      expect(stderr, command).to.include(ALPHA_POOLS);
      expect(code, `${command}: ${stderr}`).to.equal(exit);
    }
    expect(await look()).to.deep.equal(before);
  });

  it('crds cares for CRDs only, and names those that it may not see', async () => {
    expect((await bench.infpool(['crds'], { user: 'blind' })).code).to.equal(0);
    await bench.lab.addUser('crd-blind', readerBut('customresourcedefinitions.apiextensions.k8s.io'));
    for (const command of [['crds'], ['crds', 'install', '--yes', '--from', await crdFolder('v1.0.0')]]) {
      const { code, stderr } = await bench.infpool(command, { user: 'crd-blind' });
      expect(stderr).to.include(V1_POOLS);
      expect(code, stderr).to.equal(command.length === 1 ? 4 : 3);
    }
  });

  it('a v1 pool is not called done while its alpha pool may be there unseen', async () => {
    await bench.lab.installCrds(['gie-v1.0.0']);
    await bench.lab.admin.apply({
      apiVersion: V1,
      kind: 'InferencePool',
      metadata: {
        name: 'food-ga',
        namespace: 'default',
        annotations: { 'kubectl-infpool/migrated-from': 'food' },
      },
      spec: {
        selector: { matchLabels: { app: 'vllm' } },
        targetPorts: [{ number: 8000 }],
        endpointPickerRef: { name: 'food-ga-epp', port: { number: 9002 } },
      },
    });
    expect((await inventory()).verdict).to.equal('InProgress');
    expect(await inventory('blind')).to.include({ code: 4, verdict: 'Unknown' });
    expect((await bench.infpool(['status'], { user: 'blind' })).stdout).not.to.include('Done');
  });

  it('looks into one namespace with -n, and at one pool with -l', async () => {
    expect((await inventory('admin', '-n', 'kube-system')).pools).to.deep.equal([]);
    expect((await inventory('admin', '-n', 'default')).pools).to.have.length(1);
    expect((await inventory('admin', '-l', 'app=other')).pools).to.deep.equal([]);
  });

  it('output for programs is data alone, also when something is wrong', async () => {
    for (const output of ['json', 'yaml', 'name', 'markdown', 'wide']) {
      const { stdout } = await bench.infpool(['detect', '-o', output], { user: 'models-unseen' });
      expect(stdout, output).to.include('food');
      expect(stdout).not.to.match(/^(error|warning|Next)/m);
    }
    expect((await bench.infpool(['detect', '-o', 'name'])).stdout).to.equal(
      'inferencepool.inference.networking.x-k8s.io/food\n',
    );
  });
});
