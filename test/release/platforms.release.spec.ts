// A whole release, all five platforms from this machine, as far as each can be proved without a machine of its own.
// Takes minutes, so it runs only when named: npm test -- test/release/platforms.release.spec.ts
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageVersion } from '../../scripts/build/identity.ts';
import { nodePackageFolder } from '../../scripts/build/platform-node.ts';
import { nameOf, ownPlatform, platforms, type Platform } from '../../scripts/build/platforms.ts';
import { archiveName } from '../../scripts/release/names.ts';
import { run } from '../e2e/support.ts';
import { checkSignature } from './macho-signature.ts';
import { readPe } from './pe-resource.ts';
import { emulator } from './qemu.ts';
import { checksums, Krew, release } from './release.ts';

const VERSION = 'v0.9.1';
const root = join(import.meta.dirname, '..', '..');
/** Node starts the program in it when this ends in 1; in Node as it comes it ends in 0. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';
const EM = { amd64: 62, arm64: 183 };
const CPU = { amd64: 0x01000007, arm64: 0x0100000c };

describe('a release of all platforms', function () {
  this.timeout(900_000);
  let out: string;
  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'infpool-release-'));
    await release(VERSION, out, platforms);
  });
  after(() => rmSync(out, { recursive: true, force: true }));

  it('is an archive for each, with checksums, SBOM and manifest', () => {
    const archives = platforms.map((platform) => archiveName(VERSION, platform));
    const summed = [...archives, `kubectl-infpool_${VERSION}.cdx.json`].sort();
    expect(readdirSync(out).sort()).to.deep.equal(['checksums.txt', 'infpool.yaml', ...summed].sort());
    expect(Object.keys(checksums(out)).sort()).to.deep.equal(summed);
    for (const archive of archives) expect(statSync(join(out, archive)).size, archive).to.be.below(35e6);
  });

  it('has a manifest that krew-index takes', async () => {
    const krew = await Krew.start();
    try {
      const { code, stderr } = await krew.validate(join(out, 'infpool.yaml'));
      expect(code, stderr).to.equal(0);
    } finally {
      krew.end();
    }
  });

  it('has, for this machine, the very binary that `npm run build` makes and the end-to-end tests run', async () => {
    const own = ownPlatform()!;
    const folder = mkdtempSync(join(tmpdir(), 'infpool-release-'));
    const krew = await Krew.start();
    try {
      const version = `v${packageVersion(root)}`;
      await release(version, folder, [own]);
      await krew.install(folder, version, own);
      const built = join(folder, own.binary);
      const args = ['--disable-warning=ExperimentalWarning', 'scripts/build.ts', '--output', built];
      const { code, stderr } = await run(process.execPath, args, { env: process.env, cwd: root });
      expect(code, stderr).to.equal(0);
      expect(readFileSync(join(krew.store(version), own.binary)).equals(readFileSync(built))).to.equal(true);
    } finally {
      krew.end();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const platform of platforms)
    describe(nameOf(platform), () => {
      let krew: Krew;
      let binary: string;
      let file: Buffer;
      before(async () => {
        krew = await Krew.start();
        await krew.install(out, VERSION, platform);
        binary = join(krew.store(VERSION), platform.binary);
        file = readFileSync(binary);
      });
      after(() => krew?.end());

      it('is installed by krew, with licenses', () => {
        const wanted = ['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES', platform.binary];
        expect(readdirSync(krew.store(VERSION)).sort()).to.deep.equal(wanted);
        expect(statSync(binary).mode & 0o777).to.equal(0o755);
      });

      it('is an executable for it, with the program in it', () => {
        expect(machineOf(file, platform)).to.equal(true);
        expect(file.includes(`${FUSE}1`)).to.be.true;
        expect(file.includes('Only the version of this plugin')).to.be.true;
        expect(file.includes(`"${VERSION}"`)).to.be.true;
        expect(file.includes(root), 'a path of this machine').to.be.false;
      });

      prove(platform, () => ({ krew, binary, file }));
    });
});

interface Installed {
  krew: Krew;
  binary: string;
  file: Buffer;
}

/** What can be proved for this platform alone. */
function prove(platform: Platform, installed: () => Installed): void {
  if (platform === ownPlatform())
    it('runs by kubectl', async () => {
      const { code, stdout } = await installed().krew.kubectl('infpool', 'version', '--client');
      expect({ code, version: stdout.split(' ')[1] }).to.deep.equal({ code: 0, version: VERSION });
    });
  else if (platform.os === 'linux')
    it('runs under qemu', async function () {
      const { binary, krew } = installed();
      const emulated = emulator();
      if (!emulated) return this.skip();
      const version = await emulated.run(binary, ['version', '--client'], krew.folder);
      expect(version).to.deep.include({ code: 0, stderr: '' });
      expect(version.stdout).to.match(/^Client: v0\.9\.1 \(/);
      const converted = await emulated.run(
        binary,
        ['convert', '-f', join(root, 'test/fixtures/nothing')],
        krew.folder,
      );
      expect(converted.code).to.equal(1);
      expect(converted.stderr).to.match(/^error: .*nothing/);
    });

  if (platform.os === 'darwin') {
    it('has an ad-hoc signature in which every hash holds', () => {
      const { faults, adHoc, identifier } = checkSignature(installed().file);
      expect({ faults, adHoc, identifier }).to.deep.equal({
        faults: [],
        adHoc: true,
        identifier: 'kubectl-infpool',
      });
    });

    it("is judged by a check that agrees with Apple's codesign about Node's own signature", () => {
      const node = readFileSync(join(nodePackageFolder(root, platform), platform.nodeFile));
      expect(checkSignature(node).faults).to.deep.equal([]);
      node[node.length >> 1]! ^= 1;
      expect(checkSignature(node).faults).to.have.length(1);
    });
  }

  if (platform.os === 'windows')
    it('has the program as a resource, and no signature rather than a broken one', () => {
      const executable = readPe(installed().file);
      expect(executable.resource('NODE_SEA_BLOB')?.includes('Only the version of this plugin')).to.be.true;
      expect(executable.certificates).to.be.false;
    });
}

function machineOf(file: Buffer, { os, arch }: Platform): boolean {
  if (os === 'windows') return readPe(file).machine === 0x8664;
  if (os === 'linux') return file.toString('latin1', 1, 4) === 'ELF' && file.readUInt16LE(18) === EM[arch];
  return file.readUInt32LE(4) === CPU[arch];
}
