import { expect } from 'chai';
import { sharedNames } from '../../src/convert/sharedNames.ts';
import { model } from '../support/objects.ts';

const at = (name: string, modelName: string, day: string) =>
  model(name, { modelName }, { creationTimestamp: `2026-01-${day}T00:00:00Z` });

describe('InferenceModels that share a modelName', () => {
  it('are named but for the oldest, by which the alpha picker goes', () => {
    const findings = sharedNames([
      at('new', 'chat', '03'),
      at('old', 'chat', '01'),
      at('newer', 'chat', '04'),
      at('alone', 'x', '02'),
    ]);
    expect(findings.map(({ ref }) => ref!.name)).to.deep.equal(['new', 'newer']);
    expect(findings[0]!.message).to.contain('InferenceModel old').and.contain('"chat"');
  });

  it('are judged alike in any order', () => {
    const models = [at('b', 'chat', '01'), at('a', 'chat', '01')];
    expect(sharedNames(models)).to.deep.equal(sharedNames(models.toReversed()));
    expect(sharedNames(models).map(({ ref }) => ref!.name)).to.deep.equal(['b']);
  });

  it('are none where each has its own', () => {
    expect(sharedNames([at('a', 'a', '01'), at('b', 'b', '01')])).to.be.empty;
  });
});
