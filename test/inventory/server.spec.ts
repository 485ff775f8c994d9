import { expect } from 'chai';
import { serverEntry } from '../../src/inventory/server.ts';

describe('the version gate', () => {
  for (const [gitVersion, gke, gkeOwnsV1PoolCrd] of [
    ['v1.33.5-gke.1200000', true, false],
    ['v1.34.0-gke.1625999', true, false],
    ['v1.34.0-gke.1626000', true, true],
    ['v1.34.0-gke.1626001', true, true],
    ['v1.34.1-gke.1', true, true],
    ['v1.35.0-gke.1', true, true],
    ['v2.0.0-gke.1', true, true],
    ['v1.9.99-gke.9999999', true, false],
    ['1.34.0-gke.1626000', true, true],
    ['v1.34.2', false, false],
    ['v1.34.0-eks-1626000', false, false],
    ['v1.35.0+k3s1', false, false],
    // Odd ones: nobody may overwrite what GKE owns because of an odd word in its version.
    ['v1.34.0-gke', true, false],
    ['v1.35.0-gke', true, true],
    ['v1.35.0-rc.1-gke.5', true, true],
    ['v1.34.0-alpha.2-gke.1626000', true, true],
    ['v1.35.0-gke.1-dirty', true, true],
    ['v1.35.0-gkey.1', false, false],
    ['', false, false],
    ['unknown', false, false],
  ] as const)
    it(`takes ${gitVersion || 'an empty version'} for ${gke ? 'GKE' : 'not GKE'}${gkeOwnsV1PoolCrd ? ', which owns the v1 pool CRD' : ''}`, () =>
      expect(serverEntry({ gitVersion })).to.deep.equal({ gitVersion, gke, gkeOwnsV1PoolCrd }));
});
