import { expect } from 'chai';
import type { CrdEntry } from '../../src/api/inventory.ts';
import { decideCrds } from '../../src/convert/crds.ts';
import { compareVersions, RELEASES, releaseOf, type Release } from '../../src/convert/releases.ts';
import { serverEntry } from '../../src/inventory/server.ts';
import { INFERENCE_CRDS } from '../../src/inventory/wanted.ts';
import { ids } from '../support/snapshot.ts';

const V1 = 'inferencepools.inference.networking.k8s.io';
const ALPHA = 'inferencepools.inference.networking.x-k8s.io';
const MODELS = 'inferencemodels.inference.networking.x-k8s.io';
const OBJECTIVES = 'inferenceobjectives.inference.networking.x-k8s.io';
const REWRITES = 'inferencemodelrewrites.inference.networking.x-k8s.io';

const plain = serverEntry({ gitVersion: 'v1.34.2' });
const owning = serverEntry({ gitVersion: 'v1.34.0-gke.1626000' });

type State = CrdEntry['state'] | `v${string}` | 'v0.x';

/** All CRDs in one state, some in another: a bundle version means installed. */
function installed(state: State, others: Record<string, State> = {}): CrdEntry[] {
  return INFERENCE_CRDS.map((name) => {
    const is = others[name] ?? state;
    if (is === 'v0.x') return { name, state: 'installed', bundleVersion: null };
    return is.startsWith('v')
      ? { name, state: 'installed', bundleVersion: is }
      : { name, state: is as CrdEntry['state'], bundleVersion: null };
  });
}

function actions(release: Release, server: typeof plain | null, crds: CrdEntry[]): Record<string, string> {
  return Object.fromEntries(
    decideCrds(release, server, crds).decisions.map(({ name, action }) => [name, action]),
  );
}

describe('the CRDs that a cluster needs', () => {
  for (const release of RELEASES) {
    it(`of ${release.version} on any cluster are all of its own, except an alpha pool that nobody has`, () => {
      const decided = actions(release, plain, installed('absent'));
      expect(Object.keys(decided)).to.have.members(release.crds);
      for (const [name, action] of Object.entries(decided))
        expect(action, name).to.equal(name === ALPHA ? 'keep' : 'install');
    });

    it(`of ${release.version} on a GKE that brings the v1 pool are objectives, and rewrites where they are read`, () => {
      const decided = actions(release, owning, installed('absent', { [V1]: 'v1.0.0' }));
      expect(decided).to.deep.equal({
        [OBJECTIVES]: 'install',
        ...(release.rewrites ? { [REWRITES]: 'install' } : {}),
        [V1]: 'keep',
      });
    });

    for (const bundle of ['v0.x', 'v0.9.0', 'v1.0.0', 'v1.2.1', 'v1.5.0', 'v2.0.0'] as const)
      it(`of ${release.version} over ${bundle} are updated if they are older, and never taken back`, () => {
        const newer = bundle !== 'v0.x' && compareVersions(bundle, release.version) >= 0;
        const decided = actions(release, plain, installed(bundle));
        expect(new Set(Object.values(decided))).to.deep.equal(new Set([newer ? 'keep' : 'update']));
        expect(actions(release, owning, installed(bundle))[V1]).to.equal('keep');
      });
  }

  it('never hold InferenceModel, which no release from v1.0 on brings', () => {
    for (const release of RELEASES)
      expect(actions(release, plain, installed('v0.x'))).not.to.have.property(MODELS);
  });

  for (const [gitVersion, kept] of [
    ['v1.33.5-gke.1200000', false],
    ['v1.34.0-gke.1625999', false],
    ['v1.34.0-gke.1626000', true],
    ['v1.35.0-gke.1', true],
    ['v1.34.2', false],
  ] as const)
    it(`${kept ? 'leave the v1 pool to GKE' : 'hold the v1 pool'} on ${gitVersion}, whatever is installed`, () => {
      const server = serverEntry({ gitVersion });
      for (const state of ['absent', 'v0.x', 'v1.0.0'] as const)
        for (const release of RELEASES) {
          const action = actions(release, server, installed(state))[V1];
          if (kept) expect(action).to.equal('keep');
          else if (state !== 'v1.0.0') expect(action).to.equal(state === 'absent' ? 'install' : 'update');
        }
    });

  it('are an error where GKE should have brought the v1 pool and did not', () => {
    const { findings } = decideCrds(releaseOf('v1.0.0'), owning, installed('v0.x', { [V1]: 'absent' }));
    expect(ids(findings)).to.deep.equal(['gke-crd-missing']);
    expect(findings[0]).to.include({ severity: 'error', field: V1 });
  });

  it('are not known where one could not be read, or the version could not', () => {
    for (const state of ['forbidden', 'failed'] as const) {
      const { findings } = decideCrds(
        releaseOf('v1.0.0'),
        plain,
        installed('v1.0.0', { [OBJECTIVES]: state }),
      );
      expect(findings.map(({ id, field }) => `${id} ${field}`)).to.deep.equal([`crd-unread ${OBJECTIVES}`]);
    }
    const { findings } = decideCrds(releaseOf('v1.0.0'), null, installed('v1.0.0'));
    expect(findings[0]).to.include({ id: 'server-version-unread', severity: 'error' });
  });

  it('are decided with a reason for a person', () => {
    const { decisions } = decideCrds(
      releaseOf('v1.2.0'),
      plain,
      installed('absent', { [ALPHA]: 'v0.x', [V1]: 'v1.0.0', [OBJECTIVES]: 'v1.5.0' }),
    );
    expect(decisions.map(({ name, reason }) => `${name.split('.')[0]} ${reason}`)).to.deep.equal([
      'inferencepools installed from a v0.x release; v1.2.0 is newer',
      'inferenceobjectives already of v1.5.0, which is newer than v1.2.0',
      'inferencepools of v1.0.0; v1.2.0 is newer',
      'inferencepoolimports not installed; release v1.2.0 brings it',
    ]);
  });
});
