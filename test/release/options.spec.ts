import { expect } from 'chai';
import { platforms } from '../../scripts/build/platforms.ts';
import { checkCheckout, readOptions, type ReleaseOptions } from '../../scripts/release/options.ts';

const read = (...args: string[]): ReleaseOptions => {
  const options = readOptions(args, 'dist/release');
  return options === 'help' ? expect.fail('help') : options;
};
const clean = { packageVersion: '1.2.3', changes: '' };

describe('the command line of a release', () => {
  for (const version of ['v0.1.0', 'v1.2.3', 'v10.20.30', 'v1.0.0-rc.1', 'v1.0.0-alpha'])
    it(`takes ${version}`, () => expect(read('--version', version).version).to.equal(version));

  // prettier-ignore
  for (const version of ['1.2.3', 'v1', 'v1.2', 'v1.2.3.4', 'v01.2.3', 'v1.2.3-', 'v1.2.3+build', 'V1.2.3', 'latest', '', 'v1.2.3\n', 'v1.2.3/../x'])
    it(`refuses ${JSON.stringify(version)}`, () =>
      expect(() => read('--version', version)).to.throw(/no version of a release: it has to be vX\.Y\.Z/));

  it('says what is missing without a version', () =>
    expect(() => read()).to.throw(/which version\?[^]*--platform/));

  it('refuses what it does not know', () =>
    expect(() => read('--version', 'v1.2.3', '--force')).to.throw(/--force[^]*npm run release/));

  it('is about all platforms, or those that are named, in one order', () => {
    expect(read('--version', 'v1.2.3').platforms).to.equal(platforms);
    const some = read('--version', 'v1.2.3', '--platform', 'windows/amd64', '--platform', 'linux/amd64');
    expect(some.platforms.map(({ os }) => os)).to.deep.equal(['linux', 'windows']);
    expect(() => read('--version', 'v1.2.3', '--platform', 'linux/x64')).to.throw(
      'no platform linux/x64; there are linux/amd64, linux/arm64, darwin/amd64, darwin/arm64, windows/amd64.',
    );
  });
});

describe('what a release is made from', () => {
  const options = read('--version', 'v1.2.3');
  const allowed = read('--version', 'v1.2.3', '--allow-dirty');

  it('is the commit, with the version that it says', () => checkCheckout(options, clean));

  it('may not differ from the commit', () => {
    const changes = ' M src/cli.ts\n?? notes.txt';
    expect(() => checkCheckout(options, { ...clean, changes })).to.throw(
      /^2 files differ[^]* M src\/cli\.ts/,
    );
    checkCheckout(allowed, { ...clean, changes });
  });

  it('has to be in git', () => {
    expect(() => checkCheckout(options, { ...clean, changes: undefined })).to.throw(/git checkout/);
    checkCheckout(allowed, { ...clean, changes: undefined });
  });

  it('may not call itself another version', () => {
    const checkout = { ...clean, packageVersion: '1.2.2' };
    expect(() => checkCheckout(options, checkout)).to.throw(/npm version --no-git-tag-version 1\.2\.3/);
    checkCheckout(allowed, checkout);
  });
});
