// Pools of one name in both groups are two pools, in every command.
import { expect } from 'chai';
import { fixtureNames } from '../lab/scenarios/fixtures.ts';
import { namesakes } from '../lab/scenarios/scenarios.ts';
import type { Json } from '../lab/kube.ts';
import { differences } from './everything.ts';
import { Bench, ALPHA_POOLS, V1_POOLS, wanted } from './support.ts';

const NAME = fixtureNames.release;

describe('namesakes', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await namesakes(bench.lab);
  });
  after(() => bench?.end());

  const json = async (...args: string[]): Promise<Json> =>
    JSON.parse((await bench.infpool([...args, '-o', 'json'])).stdout) as Json;

  it('detect tells them apart, and says that kubectl does not', async () => {
    const { pools, findings } = await json('detect');
    expect(pools).to.have.length(1);
    expect(pools[0].ref).to.include({ group: 'inference.networking.x-k8s.io', name: NAME });
    expect(pools[0].v1).to.include({ group: 'inference.networking.k8s.io', name: NAME });
    const paths = (references: Json[]) =>
      references.filter(({ relation }) => relation === 'backendRef').map(({ path }) => path);
    expect(paths(pools[0].references)).to.deep.equal(['spec.rules[0].backendRefs[0]']);
    expect(paths(pools[0].referencesV1)).to.deep.equal(['spec.rules[1].backendRefs[0]']);
    expect(findings.map(({ id }: Json) => id)).to.include('name-in-both-groups');
    expect((await bench.done(['detect', '-o', 'name'])).stdout).to.include(
      `inferencepool.inference.networking.x-k8s.io/${NAME}\n`,
    );
  });

  it('arguments: the name means alpha, a full name what it says, the kind alone is refused', async () => {
    for (const argument of [NAME, `default/${NAME}`, `${ALPHA_POOLS}/${NAME}`, `${V1_POOLS}/${NAME}`]) {
      const { pools } = await json('status', argument);
      expect(pools, argument).to.have.length(1);
      expect(pools[0].ref.group).to.equal('inference.networking.x-k8s.io');
      expect(pools[0].v1.group).to.equal('inference.networking.k8s.io');
    }
    const { code, stderr } = await bench.infpool(['status', `inferencepool/${NAME}`]);
    expect(stderr).to.match(/ambiguous.*\n.*inferencepools\.inference\.networking\.x-k8s\.io/);
    expect(code).to.equal(1);
  });

  it('convert: objectives of the v1 one, whose picker is its own', async () => {
    const { objects } = await json('convert');
    const pool = (objects as Json[]).find(({ kind }) => kind === 'InferencePool')!;
    expect(pool.spec.endpointPickerRef.name).to.equal(`${NAME}-ga-epp`);
    for (const { kind, spec } of objects as Json[])
      if (kind === 'InferenceObjective')
        expect(spec.poolRef).to.include({ group: 'inference.networking.k8s.io', name: NAME });
  });

  it('verify looks at the v1 one', async () => {
    const { checks } = await json('verify');
    const pools = (checks as Json[]).filter(({ subject }) => subject.kind === 'InferencePool');
    expect(new Set(pools.map(({ subject }) => subject.group))).to.deep.equal(
      new Set(['inference.networking.k8s.io']),
    );
  });

  it('split and rollback: the rule of the alpha one gets both, and is itself again', async () => {
    const before = wanted(await bench.route('default'));
    await bench.done(['split', '50', '--yes']);
    const [rule] = (await bench.route('default'))['spec'].rules as Json[];
    expect(rule!.backendRefs.map(({ group, name, weight }: Json) => [group, name, weight])).to.deep.equal([
      ['inference.networking.x-k8s.io', NAME, 50],
      ['inference.networking.k8s.io', NAME, 50],
    ]);
    await bench.done(['rollback', '--yes']);
    expect(differences(wanted(await bench.route('default')), before)).to.deep.equal([]);
  });

  it('cleanup would delete the alpha one only', async () => {
    await bench.done(['split', '100', '--yes']);
    const args = ['cleanup', '--helm-uninstall', '--crds', '--force', '--dry-run=client'];
    const { steps } = await json(...args);
    const refs = (steps as Json[]).map(({ ref }) => ref);
    expect(refs.filter(({ group }) => group === 'inference.networking.k8s.io')).to.deep.equal([]);
    expect(refs.map(({ name }) => name)).not.to.include(`${NAME}-ga-epp`);
    expect(refs.map(({ name }) => name))
      .to.include(NAME)
      .and.include(ALPHA_POOLS)
      .and.not.include(V1_POOLS);
  });
});
