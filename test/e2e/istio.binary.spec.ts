// A real controller that serves v1 only: no weighted split, but a swap.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { complete } from '../lab/scenarios/building-blocks.ts';
import type { Preview } from '../lab/scenarios/preview.ts';
import { onIstio } from '../lab/scenarios/scenarios.ts';
import { Bench, offline, V1, versionsOf, wanted } from './support.ts';

describe('on Istio', function () {
  this.timeout(120_000);
  let bench: Bench;
  let made: Preview;
  let alphaName: string;

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    bench = await Bench.start({ crds: ['gateway-api'] }, { controller: 'istio' });
    made = await onIstio(bench.lab);
    const [pool] = await bench.lab.admin.list(
      'inference.networking.x-k8s.io/v1alpha2',
      'inferencepools',
      'default',
    );
    alphaName = pool!.metadata.name;
  });
  after(() => bench?.end());

  const conditionsOf = (object: KubeObject): Record<string, string> =>
    Object.fromEntries(
      ((object['status']?.parents ?? []) as Json[])
        .flatMap(({ conditions }) => conditions as Json[])
        .map(({ type, status }) => [type as string, status as string]),
    );

  it('detect says that it serves v1 only, and how we know', async () => {
    const { stdout } = await bench.done(['detect', '-o', 'json']);
    const [gateway] = (JSON.parse(stdout) as { gateways: Json[] }).gateways;
    expect(gateway).to.include({ controller: 'istio.io/gateway-controller', serves: 'v1' });
    expect(gateway!['evidence']).to.include('InvalidKind');
  });

  it('a weighted split is refused, and says why and what to do instead', async () => {
    await bench.done(['convert', '--apply', '--yes', '--provider', 'none', ...(await offline())]);
    const before = await bench.route('default');
    for (const more of [[], ['--strategy', 'weighted']]) {
      const { code, stderr } = await bench.infpool(['split', '50', '--yes', ...more]);
      expect(code, stderr).to.equal(3);
      expect(stderr)
        .to.include('serves v1 pools only')
        .and.include('InvalidKind')
        .and.include('split 100 --strategy swap');
    }
    expect(versionsOf([await bench.route('default')])).to.deep.equal(versionsOf([before]));
  });

  it('a swap pre-warms the v1 pool and ends with Istio content with the route and the pool', async () => {
    const before = wanted(await bench.route('default'));
    const { stderr } = await bench.done(['split', '100', '--strategy', 'swap', '--yes', '--timeout', '60s']);
    expect(stderr).to.include('pre-warm');
    await bench.done(['verify', '--wait', '--timeout', '30s', '--model', made.model]);
    expect(conditionsOf(await bench.route('default'))).to.include({ Accepted: 'True', ResolvedRefs: 'True' });
    const [pool] = await bench.lab.admin.list(V1, 'inferencepools', 'default');
    expect(conditionsOf(pool!)).to.include({ Accepted: 'True', ResolvedRefs: 'True' });
    expect((await complete(made.url, made.model)).pool).to.equal(
      `inference.networking.k8s.io/default/${pool!.metadata.name}`,
    );
    await bench.done(['rollback', '--yes']);
    expect(wanted(await bench.route('default'))).to.deep.equal(before);
    expect(alphaName).not.to.equal(pool!.metadata.name);
  });

  it('migrate does it by itself, in one step', async () => {
    const { stdout, stderr } = await bench.done([
      'migrate',
      '--yes',
      '--interval',
      '2s',
      '--provider',
      'none',
      ...(await offline()),
    ]);
    expect(stderr).to.include('The controller serves v1 pools only');
    expect(stdout).to.match(/^100% +100% +pass/m);
    expect(conditionsOf(await bench.route('default'))).to.include({ ResolvedRefs: 'True' });
  });
});
