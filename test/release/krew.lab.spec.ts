// This machine's part of a release, made, installed, upgraded and removed by the real krew. All platforms:
// platforms.release.spec.ts.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownPlatform } from '../../scripts/build/platforms.ts';
import { archiveName } from '../../scripts/release/names.ts';
import { checksums, Krew, release } from './release.ts';

const VERSION = 'v0.9.1';
const NEXT = 'v0.9.2';

describe("this machine's release", function () {
  this.timeout(300_000);
  const platform = ownPlatform()!;
  const archive = archiveName(VERSION, platform);
  let out: string;
  let krew: Krew;

  before(async () => {
    out = mkdtempSync(join(tmpdir(), 'infpool-release-'));
    krew = await Krew.start();
    await release(VERSION, out, [platform]);
  });
  after(() => {
    krew?.end();
    rmSync(out, { recursive: true, force: true });
  });

  it('is an archive of at most 35 MB, with checksums, SBOM and manifest', () => {
    expect(readdirSync(out).sort()).to.deep.equal(
      [archive, `kubectl-infpool_${VERSION}.cdx.json`, 'checksums.txt', 'infpool.yaml'].sort(),
    );
    expect(statSync(join(out, archive)).size).to.be.below(35e6);
    for (const [name, sum] of Object.entries(checksums(out)))
      expect(
        createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex'),
        name,
      ).to.equal(sum);
  });

  it('has the same bytes when it is made again', async () => {
    const again = join(out, 'again');
    await release(VERSION, again, [platform]);
    const [first, second] = [checksums(out), checksums(again)];
    rmSync(again, { recursive: true });
    expect(second).to.deep.equal(first);
  });

  it('has a manifest that krew-index takes', async () => {
    const { code, stderr } = await krew.validate(join(out, 'infpool.yaml'));
    expect(code, stderr).to.equal(0);
  });

  it('is installed by krew, and kubectl runs it', async () => {
    await krew.install(out, VERSION, platform);
    const files = readdirSync(krew.store(VERSION)).sort();
    expect(files).to.deep.equal(['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES', platform.binary]);
    const { code, stdout, stderr } = await krew.kubectl('infpool', 'version', '--client');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/^Client: v0\.9\.1 \(/);
  });

  it('is listed by kubectl without a warning', async () => {
    const { code, stdout, stderr } = await krew.kubectl('plugin', 'list');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/\/kubectl-infpool\n/);
  });

  it('names in its archive what is in it, and under which licenses', () => {
    const text = readFileSync(join(krew.store(VERSION), 'THIRD_PARTY_LICENSES'), 'utf8');
    const bill = JSON.parse(readFileSync(join(out, `kubectl-infpool_${VERSION}.cdx.json`), 'utf8')) as {
      components: { name: string; group?: string; version: string }[];
    };
    expect(bill.components).to.have.length.above(10);
    for (const { group, name, version } of bill.components.slice(0, -1))
      expect(text).to.include(`${group ? `${group}/` : ''}${name} ${version} (`);
    expect(text).to.match(/Node\.js 22\.[^]*OpenSSL[^]*V8/);
  });

  it('is removed without a trace', async () => {
    await krew.krewDone(['uninstall', 'infpool']);
    expect(existsSync(krew.store(VERSION))).to.be.false;
    expect((await krew.kubectl('infpool', 'version', '--client')).code).not.to.equal(0);
  });

  describe('from an index', () => {
    let server: Server;

    /** The release's manifest as another version, with addresses of ours. */
    const publish = (version: string) => {
      const { port } = server.address() as AddressInfo;
      const text = readFileSync(join(out, 'infpool.yaml'), 'utf8')
        .replaceAll(/uri: .*\//g, `uri: http://127.0.0.1:${port}/`)
        .replace(`version: ${VERSION}`, `version: ${version}`);
      krew.publish(text);
    };

    before(async () => {
      server = createServer((request, response) =>
        response.end(readFileSync(join(out, request.url!.slice(1)))),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    after(() => {
      server.close();
      server.closeAllConnections();
    });

    it('it is downloaded and checked', async () => {
      publish(VERSION);
      await krew.krewDone(['update']);
      await krew.krewDone(['install', 'infpool']);
      expect((await krew.kubectl('infpool', 'version', '--client')).stdout).to.include(VERSION);
    });

    it('it is upgraded, and the old one goes', async () => {
      publish(NEXT);
      await krew.krewDone(['update']);
      await krew.krewDone(['upgrade', 'infpool']);
      expect(existsSync(join(krew.store(NEXT), platform.binary))).to.be.true;
      expect(existsSync(krew.store(VERSION))).to.be.false;
      expect((await krew.kubectl('infpool', 'version', '--client')).code).to.equal(0);
    });

    it('it is refused when the archive is another one', async () => {
      await krew.krewDone(['uninstall', 'infpool']);
      cpSync(join(out, archive), join(out, 'kept'));
      writeFileSync(join(out, archive), 'something else');
      const { code, stderr } = await krew.krew(['install', 'infpool']);
      cpSync(join(out, 'kept'), join(out, archive));
      rmSync(join(out, 'kept'));
      expect(code).not.to.equal(0);
      expect(stderr).to.match(/checksum does not match/);
    });
  });
});
