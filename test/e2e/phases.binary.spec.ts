// The whole way, twice: once by the manual's own commands, once by the binary, on a cluster each. After every
// phase all objects of both clusters are compared, field by field.
import { expect } from 'chai';
import { startLab, type Lab } from '../lab/lab.ts';
import { complete, gatewayUrl } from '../lab/scenarios/building-blocks.ts';
import * as manual from '../lab/scenarios/manual.ts';
import { preview, type Preview } from '../lab/scenarios/preview.ts';
import { startPlayers, type Players } from '../lab/scenarios/players.ts';
import { comparable, differences, everything } from './everything.ts';
import { Bench, CRDS, offline, type Wanted } from './support.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MIGRATED_FROM = 'kubectl-infpool/migrated-from';
const ORIGINAL_REFS = 'kubectl-infpool/original-backend-refs';
const MODELS = 'kubectl-infpool/models';
const OURS = [LAST_APPLIED, MIGRATED_FROM, ORIGINAL_REFS, MODELS];

/**
 * Every difference that there may be, and why:
 * - our annotations: which alpha pool and which models a v1 pool takes over, and a route's original backendRefs;
 * - `kubectl apply` notes in an annotation what it was given; we use server-side apply, which needs no such note.
 */
function withoutKnownDifferences(objects: Record<string, Wanted>): Record<string, Wanted> {
  return Object.fromEntries(
    Object.entries(objects).map(([key, { annotations, ...object }]) => {
      const kept = Object.entries(annotations).filter(([name]) => !OURS.includes(name));
      return [key, { ...object, annotations: Object.fromEntries(kept) }];
    }),
  );
}

describe('the three phases, against the manual', function () {
  this.timeout(120_000);
  let ours: Bench;
  let theirs: Lab;
  let players: Players;
  let made: Preview;
  const by = manual.migration();

  before(async () => {
    [ours, theirs] = await Promise.all([Bench.start(), startLab({ quiet: true })]);
    players = await startPlayers(theirs.admin);
    [made] = await Promise.all([preview(ours.lab), preview(theirs)]);
  });
  after(async () => {
    await players?.stop();
    await theirs?.down();
    await ours?.end();
  });

  async function expectEqual(): Promise<void> {
    const [mine, manuals] = await Promise.all([everything(ours.lab.admin), everything(theirs.admin)]);
    expect(mine.length, 'something was compared').to.be.greaterThan(60);
    const [a, b] = [mine, manuals].map((objects) => withoutKnownDifferences(comparable(objects)));
    expect(differences(a, b)).to.deep.equal([]);
  }

  async function expectServed(pool: RegExp): Promise<void> {
    const answers = await Promise.all(Array.from({ length: 20 }, () => complete(made.url, made.model)));
    for (const { status, pool: served } of answers) {
      expect(status).to.equal(200);
      expect(served).to.match(pool);
    }
  }

  it('start from the same preview', async () => {
    await expectEqual();
    await expectServed(/x-k8s\.io/);
  });

  it('phase 1: side by side, and no traffic moved', async () => {
    const [{ stdout, stderr }] = await Promise.all([
      ours.done(['convert', '--apply', '--yes', ...(await offline())]),
      manual.phase1(theirs, by),
    ]);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/Phase 1 is done/);
    await expectEqual();
    await expectServed(/x-k8s\.io/);
  });

  it('phase 1 again: nothing to do, nothing written', async () => {
    const before = comparable(await everything(ours.lab.admin));
    const { stderr } = await ours.done(['convert', '--apply', '--yes', ...(await offline())]);
    expect(stderr).to.match(/Nothing to do\./);
    expect(differences(comparable(await everything(ours.lab.admin)), before)).to.deep.equal([]);
  });

  it('phase 2: half of the traffic', async () => {
    await Promise.all([ours.done(['split', '50', '--yes']), manual.phase2(theirs, by)]);
    await expectEqual();
    await expectServed(/./);
    await ours.done(['verify', '--wait', '--timeout', '30s']);
  });

  it('phase 3: all of it, served by v1', async () => {
    await Promise.all([ours.done(['split', '100', '--yes']), manual.phase3(theirs, by)]);
    await ours.done(['verify', '--wait', '--timeout', '30s']);
    await expectEqual();
    await expectServed(/^inference\.networking\.k8s\.io\//);
  });

  it("cleanup: what remains of v1alpha2, and its two CRDs; InferenceObjective's stays", async () => {
    const [{ stderr }] = await Promise.all([
      ours.done(['cleanup', '--helm-uninstall', '--crds', '--yes']),
      manual.cleanup(theirs, by),
    ]);
    expect(stderr).to.match(/To undo: kubectl infpool restore -f \S+/);
    await expectEqual();
    const url = await gatewayUrl(ours.lab, 'default', made.gateway);
    expect((await complete(url, made.model)).pool).to.match(/^inference\.networking\.k8s\.io\//);
    const crds = await ours.lab.admin.list(CRDS, 'customresourcedefinitions');
    expect(
      crds.map(({ metadata }) => metadata.name).filter((name) => name.includes('inference')),
    ).to.have.members([
      'inferenceobjectives.inference.networking.x-k8s.io',
      'inferencepools.inference.networking.k8s.io',
    ]);
  });

  it('detect and status: done, and nothing left to do', async () => {
    expect(JSON.parse((await ours.done(['detect', '-o', 'json'])).stdout).verdict).to.equal('Done');
    const { pools } = JSON.parse((await ours.done(['status', '-o', 'json'])).stdout);
    expect(pools).to.have.length(1);
    expect(pools[0]).to.include({ phase: 'Done', next: '' });
  });
});
