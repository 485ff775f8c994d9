import { expect } from 'chai';
import type { KubeObject } from '../kube.ts';
import { startLab, type Lab } from '../lab.ts';
import { complete } from './building-blocks.ts';
import { startPlayers, type Players } from './players.ts';
import { absent, halfDone, namesakes, namespaces, nothing } from './scenarios.ts';
import { previewAdapters } from './preview.ts';

const alphaPools = ['inference.networking.x-k8s.io/v1alpha2', 'inferencepools'] as const;
const v1Pools = ['inference.networking.k8s.io/v1', 'inferencepools'] as const;
const names = (objects: KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();

describe('scenarios on the lab', function () {
  this.timeout(120_000);
  let lab: Lab;
  let players: Players;

  beforeEach(async () => {
    lab = await startLab({ quiet: true });
    players = await startPlayers(lab.admin);
  });
  afterEach(async () => {
    await players?.stop();
    await lab?.down();
  });

  it('absent, then nothing: the CRDs come, and no object of them', async () => {
    await absent(lab);
    const crds = await lab.admin.list('apiextensions.k8s.io/v1', 'customresourcedefinitions');
    expect(names(crds).filter((name) => name.includes('inference'))).to.deep.equal([]);
    await nothing(lab);
    expect(await lab.admin.list(...alphaPools)).to.deep.equal([]);
  });

  it('namespaces: three previews serve side by side, one also for the route of another namespace', async () => {
    const all = await namespaces(lab);
    expect(names(await lab.admin.list(...alphaPools))).to.deep.equal(all.map(({ release }) => release));
    const answers = await Promise.all(all.map(({ url, model }) => complete(url, model)));
    expect(answers.map(({ pool }) => pool)).to.deep.equal(
      all.map(({ namespace, release }) => `inference.networking.x-k8s.io/${namespace}/${release}`),
    );
    const shared = players.gateway.url('platform', 'shared-gateway')!;
    expect((await complete(shared, 'tweet-summary')).pool).to.match(/team-c-preview$/);
  });

  it('namesakes: pools of one name in both groups are two, each behind its own rule', async () => {
    const { url, model, release } = await namesakes(lab);
    expect(names(await lab.admin.list(...alphaPools))).to.deep.equal([release]);
    expect(names(await lab.admin.list(...v1Pools))).to.deep.equal([release]);
    expect((await complete(url, model)).pool).to.match(/^inference.networking.x-k8s.io\//);
    const response = await fetch(`${url}/v1/completions`, {
      method: 'POST',
      headers: { 'x-try-ga': 'true' },
      body: JSON.stringify({ model, prompt: 'hi' }),
    });
    expect(response.status).to.equal(200);
    expect(response.headers.get('x-served-pool')).to.match(/^inference.networking.k8s.io\//);
  });

  it('half done: both pools serve, and one objective is missing', async () => {
    const { url, model } = await halfDone(lab);
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(url, model)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ pool }) => pool))).to.have.property('size', 2);
    const objectives = await lab.admin.list('inference.networking.x-k8s.io/v1alpha2', 'inferenceobjectives');
    expect(objectives).to.have.length(3);
  });

  it('preview with adapters: the alpha picker renames by weight', async () => {
    const { url } = await previewAdapters(lab);
    const before = players.servers.of('default').flatMap(({ asked }) => asked).length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(url, 'reviews')));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    const asked = players.servers.of('default').flatMap((server) => server.asked);
    expect(asked).to.have.length(before + 20);
    expect(new Set(asked)).to.deep.equal(new Set(['food-review', 'cad-fabricator']));
  });
});
