import { expect } from 'chai';
import { convertModel, DEFAULT_PRIORITIES } from '../../src/convert/models.ts';
import { RELEASES, releaseOf } from '../../src/convert/releases.ts';
import { byHelm, model } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

function convert(subject = model(), version = 'v1.0.0', priorities = DEFAULT_PRIORITIES) {
  return convertModel(subject, 'food-ga', priorities, releaseOf(version));
}

const adapters = [
  { name: 'review-1', weight: 90 },
  { name: 'review-2', weight: 10 },
];
const poolRef = { group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'food-ga' };

describe('the InferenceObjective of an InferenceModel', () => {
  for (const [criticality, priority, found] of [
    ['Critical', 2, ['objective-header']],
    ['Standard', 0, ['standard-was-sheddable']],
    ['Sheddable', -1, ['objective-header']],
    [undefined, 0, ['standard-was-sheddable']],
    ['critical', 0, ['criticality-unknown', 'standard-was-sheddable']],
  ] as const)
    it(`has priority ${priority} for ${criticality ?? 'an unset criticality'}, and the findings ${found.join(', ')}`, () => {
      const { objects, findings } = convert(model('review', { criticality }));
      expect(objects).to.deep.equal([
        {
          apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
          kind: 'InferenceObjective',
          metadata: { name: 'review', namespace: 'llm' },
          spec: { priority, poolRef },
        },
      ]);
      expect(ids(findings)).to.deep.equal(found);
    });

  it('has the priorities that the user gave; where standard is still shed nothing changes for it', () => {
    const mine = { Critical: 0, Standard: -5, Sheddable: -10 };
    const of = (criticality: string) => convert(model('m', { criticality }), 'v1.0.0', mine);
    expect(
      ['Critical', 'Standard', 'Sheddable'].map((one) => of(one).objects[0]!['spec'].priority),
    ).to.deep.equal([0, -5, -10]);
    expect(ids(of('Critical').findings)).to.be.empty;
    expect(ids(of('Standard').findings)).to.deep.equal(['objective-header']);
  });

  it('names the header that a request needs, because v1 does not go by the model name', () => {
    const [finding] = convert(model('review', { criticality: 'Critical' })).findings;
    expect(finding!.message).to.contain('"x-gateway-inference-objective: review"');
    expect(finding!.ref).to.include({ kind: 'InferenceModel', name: 'review' });
  });

  it('keeps what people wrote on it, and none of what tools wrote', () => {
    const { objects } = convert(model('review', {}, byHelm('x', { labels: { a: 'b' }, uid: '1' })));
    expect(objects[0]!.metadata).to.deep.equal({ name: 'review', namespace: 'llm', labels: { a: 'b' } });
  });
});

describe('the targetModels of an InferenceModel', () => {
  const renamed = model('review', { modelName: 'food-review', targetModels: adapters });

  for (const { version, rewrites } of RELEASES)
    it(`${rewrites ? 'become an InferenceModelRewrite' : 'are lost, which is an error,'} with ${version}`, () => {
      const { objects, findings } = convert(renamed, version);
      expect(objects.map(({ kind }) => kind)).to.deep.equal(
        rewrites ? ['InferenceObjective', 'InferenceModelRewrite'] : ['InferenceObjective'],
      );
      const lost = findings.find(({ id }) => id === 'target-models-lost');
      expect(lost !== undefined).to.equal(!rewrites);
      if (lost) {
        expect(lost).to.include({ severity: 'error', field: 'spec.targetModels' });
        expect(lost.message).to.contain('"review-1, review-2"').and.to.contain('404').and.to.contain(version);
        expect(lost.hint).to.contain('--release v1.3.0').and.to.contain('x-gateway-model-name-rewrite');
      }
    });

  it('keep their names and weights in the rewrite', () => {
    expect(convert(renamed, 'v1.3.1').objects[1]).to.deep.equal({
      apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
      kind: 'InferenceModelRewrite',
      metadata: { name: 'review', namespace: 'llm' },
      spec: {
        poolRef,
        rules: [
          {
            matches: [{ model: { type: 'Exact', value: 'food-review' } }],
            targets: [
              { modelRewrite: 'review-1', weight: 90 },
              { modelRewrite: 'review-2', weight: 10 },
            ],
          },
        ],
      },
    });
    const bare = model('m', { modelName: 'a', targetModels: [{ name: 'b' }] });
    expect(convert(bare, 'v1.3.1').objects[1]!['spec'].rules[0].targets).to.deep.equal([
      { modelRewrite: 'b' },
    ]);
  });

  it('need no rewrite where nothing is renamed', () => {
    for (const targetModels of [undefined, [], [{ name: 'a' }], [{ name: 'a', weight: 100 }]]) {
      const { objects, findings } = convert(model('m', { modelName: 'a', targetModels }), 'v1.3.1');
      expect(objects).to.have.length(1);
      expect(ids(findings)).not.to.include('target-models-lost');
    }
  });

  it('need one where only some of the requests are renamed', () => {
    const half = model('m', {
      modelName: 'a',
      targetModels: [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 1 },
      ],
    });
    expect(convert(half, 'v1.3.1').objects).to.have.length(2);
    expect(ids(convert(half).findings)).to.include('target-models-lost');
  });
});
