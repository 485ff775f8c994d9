// The traps that cost requests, on real endpoint pickers: none of them gets a percent of traffic by itself.
import { dirname } from 'node:path';
import { expect } from 'chai';
import type { KubeObject } from '../lab/kube.ts';
import { chartDir, crdFiles } from '../lab/parts/modules.ts';
import { timeline } from '../lab/load/print.ts';
import { expectZero, followed, migrateArgs, underLoad, until, v1Percent } from './live.ts';
import { Bench, GATEWAY_API, wanted } from './support.ts';

const REWRITE_HEADER = 'x-gateway-model-name-rewrite';
/** Known to the alpha picker only, which renames it to adapters that the servers know. */
const RENAMED = 'reviews';

describe('live traps', function () {
  this.timeout(200_000);
  let bench: Bench;

  beforeEach(async function () {
    this.timeout(900_000);
    bench = await Bench.start({}, { dataPlane: 'envoy', backoffMs: 500 });
  });
  afterEach(() => bench?.end());

  const epp = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'mine', name: 'mine-ga-epp' };

  async function expectNoTraffic(id: string): Promise<void> {
    const before = wanted(await bench.route('mine'));
    const { code, stderr } = await bench.infpool(['split', '50', '-n', 'mine', '--yes']);
    expect(stderr).to.include(`[${id}]`);
    expect(code, stderr).to.equal(3);
    const migrated = await bench.infpool(await migrateArgs('--interval', '1s'));
    expect(migrated.code, migrated.stderr).not.to.equal(0);
    expect(wanted(await bench.route('mine'))).to.deep.equal(before);
  }

  it('an endpoint picker left on the alpha group', async () => {
    await bench.preview('mine', { models: ['food-review'] });
    await bench.side('mine');
    await changeArgs((args) => [...args, '--pool-group', 'inference.networking.x-k8s.io']);
    await expectNoTraffic('epp-group');
  });

  it('an endpoint picker behind another port', async () => {
    await bench.preview('mine', { models: ['food-review'] });
    await bench.side('mine');
    await bench.lab.admin.mergePatch(
      { apiVersion: 'v1', kind: 'Service', namespace: 'mine', name: 'mine-ga-epp' },
      { spec: { ports: [{ name: 'grpc-ext-proc', port: 8000, protocol: 'TCP' }] } },
    );
    await expectNoTraffic('epp-service-port');
  });

  it('an endpoint picker without rights', async () => {
    await bench.preview('mine', { models: ['food-review'] });
    await bench.side('mine');
    await bench.lab.admin.delete({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      namespace: 'mine',
      name: 'mine-ga-epp',
    });
    for (const picker of bench.players.pickers!.of('mine', 'mine-ga-epp')) await picker.kill();
    await until(async () => ((await bench.get(epp))['status'].readyReplicas ?? 0) === 0);
    await expectNoTraffic('epp-deployment-ready');
  });

  it('adapters and release v1.0.0: forced, exactly the requests for them get 404', async () => {
    const { url } = await bench.preview('mine', { adapters: true, models: ['reviews', 'food-review-same'] });
    const load = await underLoad(url, [RENAMED, 'food-review']);
    const work = (async () => {
      await bench.side('mine', '--force');
      await bench.done(['split', '100', '-n', 'mine', '--yes']);
      await new Promise((resolve) => setTimeout(resolve, 3000)); // how long it is watched
    })();
    await followed(bench, load, work);
    await work;
    const report = await load.stop();
    console.log(timeline(report).replace(/^/gm, '      '));
    expect(Object.keys(report.problems)).to.deep.equal(['status 404']);
    expect(report.byModel['food-review']!.failed).to.equal(0);
    const failed = report.samples.filter(({ problem }) => problem);
    expect(
      failed.every(
        ({ model, pool }) => model === RENAMED && pool?.startsWith('inference.networking.k8s.io/'),
      ),
    ).to.equal(true);
    const onV1 = report.samples.filter(
      ({ model, pool }) => model === RENAMED && pool?.startsWith('inference.networking.k8s.io/'),
    );
    expect(failed.length).to.equal(onV1.length).and.to.be.above(50);
  });

  it('cured by release v1.3.1 and its InferenceModelRewrite', async () => {
    const { url } = await bench.preview('mine', { adapters: true, models: ['reviews'] });
    const load = await underLoad(url, [RENAMED]);
    const at = [
      '--release',
      'v1.3.1',
      '--chart',
      await chartDir('v1.3.1'),
      '--crds-from',
      dirname((await crdFiles('gie', 'v1.3.1'))[0]!),
    ];
    await bench.side('mine', ...at);
    // Without a token, which the API server passes on to no pod, the picker's own count can be read; the gates then say it.
    await changeArgs((args) => [...args, '--metrics-endpoint-auth=false']);
    await until(async () => {
      const { status } = await bench.get(epp);
      return status.replicas === 1 && status.updatedReplicas === 1 && status.readyReplicas === 1;
    });
    const run = bench.infpool([...(await migrateArgs('--steps', '50,100', '--interval', '4s')), ...at]);
    await followed(bench, load, run);
    const { code, stderr } = await run;
    const report = await load.stop();
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/gate: pass: \d+ requests, 0 failed; the v1 endpoint picker counted [1-9]\d*$/m);
    expectZero(report);
    expect(await v1Percent(bench)).to.equal(100);
  });

  it('cured by the header on a route that carries one model', async () => {
    const { url } = await bench.preview('mine', { adapters: true, models: ['reviews'] });
    const route = await bench.route('mine');
    const filters = [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: REWRITE_HEADER, value: 'food-review' }] },
      },
    ];
    await bench.lab.admin.mergePatch(
      { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: 'mine', name: 'llm-route' },
      { spec: { rules: (route['spec'].rules as KubeObject[]).map((rule) => ({ ...rule, filters })) } },
    );
    const load = await underLoad(url, [RENAMED]);
    const run = bench.infpool(await migrateArgs('--steps', '50,100', '--interval', '4s'));
    await followed(bench, load, run);
    const { code, stderr } = await run;
    const report = await load.stop();
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include('[target-models-by-header]');
    expectZero(report);
  });

  async function changeArgs(change: (args: string[]) => string[]): Promise<void> {
    const deployment = await bench.get(epp);
    const [container] = deployment['spec'].template.spec.containers as { args: string[] }[];
    const template = { spec: { containers: [{ ...container, args: change(container!.args) }] } };
    await bench.lab.admin.mergePatch(epp, { spec: { template } });
    await until(async () => {
      const { metadata, status } = await bench.get(epp);
      return status.observedGeneration === metadata['generation'];
    });
  }
});
