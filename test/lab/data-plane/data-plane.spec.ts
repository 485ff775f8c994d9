// The manual's migration under load, through Envoy and real endpoint pickers.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { startLab, type Lab } from '../lab.ts';
import { startLoad } from '../load/load.ts';
import { timeline } from '../load/print.ts';
import { span, type LoadReport } from '../load/report.ts';
import { complete } from '../scenarios/building-blocks.ts';
import * as manual from '../scenarios/manual.ts';
import { startPlayers, type Players } from '../scenarios/players.ts';
import { previewAdapters, type Preview } from '../scenarios/preview.ts';
import { deploymentReady, until, waitFor } from '../scenarios/wait.ts';
import { backend, setRules, V1_GROUP } from './pools.ts';

// Served by both: known to the servers under its own name, and allowed by an InferenceModel.
const MODEL = 'food-review';
// Known to nobody but the alpha picker, which renames it.
const RENAMED = 'reviews';

describe('the data plane: Envoy and real endpoint pickers', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;
  let made: Preview;
  const by = manual.migration({ objectives: { 'food-review': 0 } });

  const post = async (model: string, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ model, prompt: 'hi' });
    const response = await fetch(`${made.url}/v1/completions`, { method: 'POST', headers, body });
    const text = await response.text();
    const answered = response.ok ? (JSON.parse(text) as { model: string }).model : text;
    return { status: response.status, model: answered, pool: response.headers.get('x-served-pool') };
  };
  const expectNoFailure = (report: LoadReport) =>
    expect(report.failed, `\n${timeline(report)}\n${JSON.stringify(report.problems)}`).to.equal(0);

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    lab = await startLab({ quiet: true });
    players = await startPlayers(lab.admin, { dataPlane: 'envoy', backoffMs: 500 });
    made = await previewAdapters(lab);
  });
  after(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('an alpha picker renames a model to its adapters, and refuses one that it does not know', async () => {
    const asked = () => players.servers.of('default').flatMap((server) => server.asked);
    const before = asked().length;
    const answers = await Promise.all(Array.from({ length: 24 }, () => post(RENAMED)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    const models = new Set(answers.map(({ model }) => model));
    expect([...models].sort()).to.deep.equal(['cad-fabricator', 'food-review']);
    expect(asked())
      .to.have.length(before + 24)
      .and.not.include(RENAMED);
    const refused = await post('nobody-knows');
    expect(refused).to.deep.include({
      status: 404,
      pool: `inference.networking.x-k8s.io/default/${by.preview}`,
    });
  });

  it('not one request fails while traffic moves from alpha to v1 and alpha is cleaned up', async () => {
    const load = await startLoad({ url: made.url, rate: 100, models: [MODEL], maxSeconds: 60 });
    const now = () => Date.now() - load.startedAt;
    try {
      await manual.phase1(lab, by);
      load.mark('50 percent');
      await manual.phase2(lab, by);
      const half = now();
      await sleep(3000);
      load.mark('100 percent');
      await manual.phase3(lab, by);
      const all = now();
      await sleep(1000);
      load.mark('cleanup');
      await manual.cleanup(lab, by, { crds: false });
      await sleep(1000);
      const report = await load.stop();
      console.log(timeline(report).replace(/^/gm, '      '));
      expectNoFailure(report);
      expect(report.sent / report.seconds, 'requests a second').to.be.within(90, 105);
      const share = span(report, half, half + 3000);
      const deviation = Math.sqrt(0.25 / share.sent);
      expect(share.v1Share).to.be.closeTo(0.5, 4 * deviation);
      expect(span(report, all).v1Share).to.equal(1);
      expect(Object.keys(report.byPod)).to.have.length(3);
    } finally {
      await load.stop();
    }
  });

  it('a picker of v1.0 renames nothing, so the old public name is a 404 …', async () => {
    const ga = `inference.networking.k8s.io/default/${by.ga}`;
    expect(await post(RENAMED)).to.deep.include({ status: 404, pool: ga });
    expect(await post(MODEL)).to.deep.equal({ status: 200, model: MODEL, pool: ga });
  });

  it('… unless the header says what it becomes, from the client or set by the route', async () => {
    const header = { 'x-gateway-model-name-rewrite': MODEL };
    expect(await post(RENAMED, header)).to.include({ status: 200, model: MODEL });
    const set = Object.entries(header).map(([name, value]) => ({ name, value }));
    const rule = (filters: object[]) => [{ filters, backendRefs: [backend(V1_GROUP, by.ga)] }];
    await setRules(lab, rule([{ type: 'RequestHeaderModifier', requestHeaderModifier: { set } }]));
    expect(await post(RENAMED)).to.include({ status: 200, model: MODEL });
    await setRules(lab, rule([]));
    expect(await post(RENAMED)).to.include({ status: 404 });
  });

  it('a killed picker costs requests until it is back, and its Deployment says so', async () => {
    const epp = `${by.ga}-epp`;
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: epp };
    const [picker] = players.pickers!.of('default', epp);
    const load = await startLoad({ url: made.url, rate: 50, models: [MODEL], maxSeconds: 60 });
    try {
      await sleep(500);
      load.mark('killed');
      await picker!.kill({ forGood: true });
      await waitFor(lab.admin, deployment, (it) => !it['status'].readyReplicas);
      await sleep(500);
      load.mark('revived');
      picker!.revive();
      await waitFor(lab.admin, deployment, deploymentReady);
      await until(
        'requests to be served again',
        async () => (await complete(made.url, MODEL)).status === 200,
      );
      load.mark('served again');
      await sleep(1000);
      const report = await load.stop();
      const [, killed, , again] = report.phases;
      expect(span(report, 0, killed!.from - 100).failed, 'before').to.equal(0);
      expect(killed!.failed, 'while it was dead').to.be.greaterThan(10);
      expect(report.problems).to.have.property('status 500');
      expect(again!.failed).to.equal(0);
      const pods = await lab.admin.list('v1', 'pods', 'default');
      const pod = pods.find(({ metadata }) => metadata.name.startsWith(epp))!;
      expect(pod['status'].containerStatuses[0].restartCount).to.equal(1);
    } finally {
      await load.stop();
    }
  });
});
