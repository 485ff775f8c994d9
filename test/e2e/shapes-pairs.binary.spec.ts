// The shapes that pools, models and what is there already come in, each in a namespace of its own.
import { expect } from 'chai';
import type { Json } from '../lab/kube.ts';
import { alphaPool, model } from './samples.ts';
import * as shape from './shapes.ts';
import { expectRefused, Shapes } from './shapes.ts';
import { ALPHA, MODELS, OBJECTIVES, offline, V1 } from './support.ts';

describe('shapes of pools and models', function () {
  this.timeout(60_000);
  const shapes = new Shapes();

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    await shapes.start();
  });
  after(() => shapes.bench?.end());

  it('a v1 pool by hand under the usual name and with the same pods is taken as it is', async () => {
    const args = ['--pool-name', 'hand-ga', '--pool-namespace', 'byhand'];
    await shapes.given(
      'byhand',
      alphaPool('byhand', 'hand', { selector: { app: 'hand' } }),
      shape.v1Pool('byhand', 'hand-ga', { app: 'hand' }),
      shape.picker('byhand', 'hand-ga-epp', args),
    );
    expect((await shapes.only('byhand')).v1).to.include({ name: 'hand-ga' });
    const { steps } = await shapes.json(
      'convert',
      '--apply',
      '--dry-run=client',
      '-n',
      'byhand',
      ...(await offline()),
    );
    expect((steps as Json[]).filter(({ action }) => action === 'helm')).to.deep.equal([]);
    const before = await shapes.bench.get({
      apiVersion: V1,
      kind: 'InferencePool',
      namespace: 'byhand',
      name: 'hand-ga',
    });
    await shapes.bench.side('byhand');
    const after = await shapes.bench.get({
      apiVersion: V1,
      kind: 'InferencePool',
      namespace: 'byhand',
      name: 'hand-ga',
    });
    expect(after['spec']).to.deep.equal(before['spec']);
    expect(after.metadata['annotations']).to.include({ 'kubectl-infpool/migrated-from': 'hand' });
  });

  it('one of the very same name, and one of the usual name for other pods, are not taken', async () => {
    await shapes.given(
      'others',
      alphaPool('others', 'same', { selector: { app: 'same' } }),
      shape.v1Pool('others', 'same', { app: 'else' }),
      alphaPool('others', 'usual-preview', { selector: { app: 'usual' } }),
      shape.v1Pool('others', 'usual-ga', { app: 'usual', track: 'new' }),
      shape.picker('others', 'usual-ga-epp', ['--pool-name', 'usual-ga', '--pool-namespace', 'others']),
    );
    const { pools, findings: found } = await shapes.json('detect', '-n', 'others');
    expect((pools as Json[]).map(({ v1 }) => v1)).to.deep.equal([null, null]);
    expect((found as Json[]).map(({ id }) => id)).to.deep.equal(['name-in-both-groups']);
    const apply = ['convert', '--apply', '--yes', '-n', 'others', ...(await offline())];
    const taken = await shapes.bench.infpool([...apply, 'usual-preview']);
    expectRefused(taken, 'name-taken', '--pair usual-preview=usual-ga');
    expect(taken.stderr.match(/\[name-taken\]/g)).to.have.length(1);
  });

  it('--pair says which it is, is remembered, and a wrong name is refused', async () => {
    const convert = ['convert', 'usual-preview', '--apply', '--yes', '-n', 'others', ...(await offline())];
    for (const [pair, text] of [
      ['usual-preview=usual-gaa', 'Did you mean: usual-ga'],
      ['nobody=usual-ga', `inferencepools.${shape.ALPHA_GROUP}/nobody`],
      ['usual-preview', 'is not OLD=NEW'],
    ] as const) {
      const { code, stderr } = await shapes.bench.infpool([...convert, '--pair', pair]);
      expect({ pair, code }).to.deep.equal({ pair, code: 1 });
      expect(stderr).to.include(text);
    }
    await shapes.bench.done([...convert, '--pair', 'usual-preview=usual-ga']);
    const { pools } = await shapes.json('detect', '-n', 'others');
    expect((pools as Json[]).map(({ v1 }) => v1?.name)).to.deep.equal([undefined, 'usual-ga']);
  });

  it('objectives that are there already are kept, and named', async () => {
    const objective = {
      apiVersion: ALPHA,
      kind: 'InferenceObjective',
      metadata: { namespace: 'priorities', name: 'first' },
      spec: { priority: 9, poolRef: { group: shape.V1_GROUP, kind: 'InferencePool', name: 'ranked-ga' } },
    };
    await shapes.given(
      'priorities',
      alphaPool('priorities', 'ranked'),
      model('priorities', 'first', 'ranked', { criticality: 'Critical' }),
      model('priorities', 'second', 'ranked', { criticality: 'Sheddable' }),
      objective,
    );
    const { stderr } = await shapes.bench.done([
      'convert',
      '--apply',
      '--yes',
      '-n',
      'priorities',
      ...(await offline()),
    ]);
    expect(stderr).to.match(new RegExp(`${OBJECTIVES}/first .*"priority":9.*\\[objective-differs\\]`));
    const kept = await shapes.bench.lab.admin.list(ALPHA, 'inferenceobjectives', 'priorities');
    expect(kept.map(({ metadata, spec }) => [metadata.name, spec.priority])).to.deep.equal([
      ['first', 9],
      ['second', -1],
    ]);
  });

  it('models without a pool are named, and keep their CRD', async () => {
    await shapes.given('strays', model('strays', 'lonely', 'nowhere'));
    const [finding] = await shapes.findings('model-without-pool', 'detect', '-n', 'strays');
    expect(finding!.hint).to.include(`kubectl delete -n strays ${MODELS}/lonely`);
    const cleanup = ['cleanup', '--crds', '-n', 'strays', '--yes'];
    for (const force of [[], ['--force']])
      expectRefused(await shapes.bench.infpool([...cleanup, ...force]), 'crd-has-objects', 'lonely');
  });

  it('models that share a name, and a pool without any', async () => {
    await shapes.given(
      'names',
      alphaPool('names', 'shared'),
      model('names', 'one', 'shared', { modelName: 'llama' }),
      model('names', 'two', 'shared', { modelName: 'llama' }),
      alphaPool('names', 'bare', { selector: { app: 'bare' } }),
    );
    const { stdout, stderr } = await shapes.bench.infpool(['convert', '-n', 'names']);
    expect(stderr).to.match(/\[model-name-shared\]/);
    expect(stdout).to.match(/name: bare-ga\n/);
    const { objects } = await shapes.json('convert', 'bare', '-n', 'names');
    expect((objects as Json[]).map(({ kind }) => kind)).to.deep.equal(['InferencePool']);
  });
});
