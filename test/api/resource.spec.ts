import { expect } from 'chai';
import * as r from '../../src/api/resource.ts';

describe('resources', () => {
  it('are told apart by group and kind', () => {
    const keys = r.RESOURCES.map(({ group, kind }) => `${group}/${kind}`);
    expect(new Set(keys).size).to.equal(keys.length);
    for (const one of r.RESOURCES) expect(r.resourceOf(one.group, one.kind)).to.equal(one);
  });

  it('are not found by kind alone', () => {
    expect(r.resourceOf('', 'InferencePool')).to.be.undefined;
  });

  it('have one unambiguous name', () => {
    expect(r.qualifiedName(r.ALPHA_POOL)).to.equal('inferencepools.inference.networking.x-k8s.io');
    expect(r.qualifiedName(r.V1_POOL)).to.equal('inferencepools.inference.networking.k8s.io');
    expect(r.qualifiedName(r.SERVICE)).to.equal('services');
  });

  it('keep objectives and rewrites in the x-k8s.io group, which v1 did not move', () => {
    expect(r.apiVersionOf(r.OBJECTIVE)).to.equal('inference.networking.x-k8s.io/v1alpha2');
    expect(r.apiVersionOf(r.REWRITE)).to.equal('inference.networking.x-k8s.io/v1alpha2');
  });

  for (const [apiVersion, group, version] of [
    ['v1', '', 'v1'],
    ['apps/v1', 'apps', 'v1'],
    ['inference.networking.x-k8s.io/v1alpha2', 'inference.networking.x-k8s.io', 'v1alpha2'],
  ] as const) {
    it(`reads ${apiVersion} as group "${group}" and version ${version}`, () => {
      expect([r.groupOf(apiVersion), r.versionOf(apiVersion)]).to.deep.equal([group, version]);
    });
  }
});
