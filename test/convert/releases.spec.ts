import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import {
  compareVersions,
  DEFAULT_RELEASE,
  FIRST_RELEASE_WITH_REWRITES,
  RELEASES,
  releaseOf,
} from '../../src/convert/releases.ts';

describe('the releases', () => {
  it('go from v1.0.0 to v1.5.0, in order', () => {
    const versions = RELEASES.map(({ version }) => version);
    expect(versions[0]).to.equal('v1.0.0');
    expect(versions.at(-1)).to.equal('v1.5.0');
    expect(versions.toSorted(compareVersions)).to.deep.equal(versions);
    expect(releaseOf(DEFAULT_RELEASE).version).to.equal(DEFAULT_RELEASE);
  });

  it('are found with and without the v', () => {
    expect(releaseOf('1.3.1')).to.equal(releaseOf('v1.3.1'));
  });

  for (const version of ['v1.6.0', 'v0.3.0', 'v1', 'latest', '', 'v1.0.0 ', 'main'])
    it(`do not hold "${version}": an error that lists what there is`, () => {
      expect(() => releaseOf(version))
        .to.throw(UserError, 'is not known')
        .with.property('hint')
        .that.contains('v1.0.0, v1.0.1')
        .and.contains('v1.5.0');
    });

  it('all have objectives and v1 pools; only the last has no alpha pools', () => {
    for (const { version, crds } of RELEASES) {
      expect(crds).to.include('inferencepools.inference.networking.k8s.io');
      expect(crds).to.include('inferenceobjectives.inference.networking.x-k8s.io');
      expect(crds.includes('inferencepools.inference.networking.x-k8s.io')).to.equal(version !== 'v1.5.0');
      expect(crds, version).not.to.include('inferencemodels.inference.networking.x-k8s.io');
    }
  });

  it('read rewrites from v1.3.0 on, though v1.2.1 has a CRD of that name', () => {
    expect(RELEASES.find(({ rewrites }) => rewrites)!.version).to.equal(FIRST_RELEASE_WITH_REWRITES);
    expect(releaseOf('v1.2.1').crds).to.include('inferencemodelrewrites.inference.networking.x-k8s.io');
    for (const { rewrites, crds } of RELEASES)
      if (rewrites) expect(crds).to.include('inferencemodelrewrites.inference.networking.x-k8s.io');
  });
});

describe('what changed from release to release', () => {
  const since = (field: keyof (typeof RELEASES)[number]) => {
    let before: unknown = undefined;
    return Object.fromEntries(
      RELEASES.flatMap((release) => {
        const value = release[field];
        const changed = JSON.stringify(value) !== JSON.stringify(before);
        before = value;
        return changed ? [[release.version, value]] : [];
      }),
    );
  };

  it('is what their own files say', () => {
    expect(since('countsLabels')).to.deep.equal({ 'v1.0.0': false, 'v1.0.2': true });
    expect(since('rewrites')).to.deep.equal({ 'v1.0.0': false, 'v1.3.0': true });
    expect(since('chartFailureMode')).to.deep.equal({ 'v1.0.0': false, 'v1.4.0': true });
    expect(since('appProtocol')).to.deep.equal({ 'v1.0.0': false, 'v1.5.0': true });
    expect(since('targetPortNumber')).to.deep.equal({ 'v1.0.0': true, 'v1.5.0': false });
    expect(since('chartProbesFaster')).to.deep.equal({ 'v1.0.0': false, 'v1.0.1': true });
    expect(since('istio')).to.deep.equal({ 'v1.0.0': false, 'v1.0.1': true });
    expect(since('clusterRole')).to.deep.equal({
      'v1.0.0': 'release',
      'v1.0.1': 'release-and-namespace',
      'v1.2.0': 'none',
    });
    expect(since('monitoringValue')).to.deep.equal({
      'v1.0.0': null,
      'v1.0.1': 'inferenceExtension.monitoring.gke.enabled',
      'v1.1.0': 'inferenceExtension.monitoring.prometheus.enabled',
    });
    expect(since('metricsReaders')).to.deep.equal({
      'v1.0.0': 'with-token',
      'v1.2.0': 'all',
      'v1.3.0': 'nobody',
    });
    expect(since('tracesAlways')).to.deep.equal({ 'v1.0.0': false, 'v1.1.0': true, 'v1.2.0': false });
    expect(since('flags')).to.deep.equal({ 'v1.0.0': 'list', 'v1.2.0': 'map' });
    expect(Object.keys(since('imageValues'))).to.deep.equal(['v1.0.0', 'v1.5.0']);
    expect(since('electsLeader')).to.deep.equal({ 'v1.0.0': false, 'v1.0.1': true });
    expect(since('heavyRequests')).to.deep.equal({ 'v1.0.0': false, 'v1.4.0': true });
    expect(since('httpRouteValue')).to.deep.equal({ 'v1.0.0': false, 'v1.3.0': true });
    expect(Object.keys(since('modelServerTypes'))).to.deep.equal(['v1.0.0', 'v1.4.0', 'v1.5.0']);
  });
});

describe('comparing versions', () => {
  for (const [a, b, sign] of [
    ['v1.0.0', 'v1.0.0', 0],
    ['v1.0.10', 'v1.0.9', 1],
    ['v1.10.0', 'v1.9.9', 1],
    ['1.2.3', 'v1.2.3', 0],
    ['v1.3.0-rc.1', 'v1.3.0', 0],
    ['main-dev', 'v1.0.0', -1],
    ['', 'main', 0],
  ] as const)
    it(`${a || 'nothing'} and ${b} gives ${sign}`, () => {
      expect(Math.sign(compareVersions(a, b))).to.equal(sign);
      expect(Math.sign(compareVersions(b, a))).to.equal(sign === 0 ? 0 : -sign);
    });
});
