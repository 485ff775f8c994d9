import { expect } from 'chai';
import type { Json, KubeObject } from '../kube.ts';
import { startLab, type Lab } from '../lab.ts';
import { complete, serving } from '../scenarios/building-blocks.ts';
import * as manual from '../scenarios/manual.ts';
import { preview, type Preview } from '../scenarios/preview.ts';
import { startPlayers, type Players } from '../scenarios/players.ts';
import { until } from '../scenarios/wait.ts';

describe('the preview scenario on the lab', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;
  let made: Preview;
  const by = manual.migration();
  const seconds = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work;
    console.log(`      ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
    return result;
  };
  const get = async (apiVersion: string, kind: string, name: string): Promise<KubeObject> =>
    (await lab.admin.get({ apiVersion, kind, name, namespace: 'default' }))!;
  const said = (conditions: Json[]) =>
    Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));

  before('a lab with the preview stack', async () => {
    lab = await seconds('control plane up', startLab({ quiet: true }));
    players = await startPlayers(lab.admin);
    made = await seconds('preview up', preview(lab));
  });
  after(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('serves a completion from the alpha pool at the address of the Gateway', async () => {
    const answer = await complete(made.url, made.model);
    expect(answer.status).to.equal(200);
    expect(answer.pool).to.equal(`inference.networking.x-k8s.io/default/${by.preview}`);
    expect(answer.pod).to.match(/^vllm-llama3-8b-instruct-/);
    expect(players.servers.of('default', answer.pod!)[0]!.asked).to.include(made.model);
  });

  it('spreads requests over all three pods', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => complete(made.url, made.model)));
    expect(new Set(answers.map(({ pod }) => pod))).to.have.property('size', 3);
  });

  it('refuses a model that no InferenceModel allows, as an alpha picker does', async () => {
    expect((await complete(made.url, 'nobody-knows')).status).to.equal(404);
  });

  it("writes the statuses that GKE's controller writes", async () => {
    const gatewayApi = 'gateway.networking.k8s.io/v1';
    const gateway = await get(gatewayApi, 'Gateway', made.gateway);
    expect(said(gateway['status'].conditions)).to.deep.equal({
      Accepted: 'True Accepted',
      Programmed: 'True Programmed',
      'networking.gke.io/GatewayHealthy': 'True GatewayHealthy',
    });
    expect(gateway['status'].listeners[0].attachedRoutes).to.equal(1);
    const route = await get(gatewayApi, 'HTTPRoute', made.route);
    const [parent] = route['status'].parents;
    expect(parent.controllerName).to.equal('networking.gke.io/gateway');
    expect(said(parent.conditions)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
      Reconciled: 'True ReconciliationSucceeded',
    });
    const pool = await get('inference.networking.x-k8s.io/v1alpha2', 'InferencePool', by.preview);
    expect(said(pool['status'].parent[0].conditions)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
    });
    const policy = await get('networking.gke.io/v1', 'HealthCheckPolicy', by.preview);
    expect(said(policy['status'].conditions)).to.deep.equal({ Attached: 'True Attached' });
  });

  it('lets no v1 pool have a parent before a route names it', async () => {
    await seconds('manual phase 1', manual.phase1(lab, by));
    const pool = await get('inference.networking.k8s.io/v1', 'InferencePool', by.ga);
    expect(pool['status']?.parents ?? []).to.deep.equal([]);
  });

  it('splits by weight once the route names both', async () => {
    await seconds('manual phase 2', manual.phase2(lab, by));
    const answers = await Promise.all(Array.from({ length: 40 }, () => complete(made.url, made.model)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    const v1 = answers.filter(({ pool }) => pool === `inference.networking.k8s.io/default/${by.ga}`);
    expect(v1.length).to.be.within(18, 22);
    const pool = await get('inference.networking.k8s.io/v1', 'InferencePool', by.ga);
    expect(said(pool['status'].parents[0].conditions)['ResolvedRefs']).to.equal('True ResolvedRefs');
  });

  it('is served by v1 alone in the end, and the alpha pool has no parent any more', async () => {
    await seconds('manual phase 3', manual.phase3(lab, by));
    const answer = await serving(made.url, made.model);
    expect(answer.pool).to.equal(`inference.networking.k8s.io/default/${by.ga}`);
    await until('the alpha pool to lose its parent', async () => {
      const pool = await get('inference.networking.x-k8s.io/v1alpha2', 'InferencePool', by.preview);
      return pool['status']?.parent === undefined;
    });
  });

  it('goes on serving after the manual has cleaned up', async () => {
    await seconds('manual cleanup', manual.cleanup(lab, by));
    expect((await complete(made.url, made.model)).status).to.equal(200);
    const crds = await lab.admin.list('apiextensions.k8s.io/v1', 'customresourcedefinitions');
    const left = crds.map(({ metadata }) => metadata.name).filter((name) => name.includes('inference'));
    expect(left.sort()).to.deep.equal([
      'inferenceobjectives.inference.networking.x-k8s.io',
      'inferencepools.inference.networking.k8s.io',
    ]);
  });
});
