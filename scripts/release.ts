// `npm run release -- --version vX.Y.Z`: what a release is made of, from any machine, for all platforms: archives,
// SBOM, checksums and the krew manifest. The same commit gives the same bytes. Nothing is uploaded.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Metafile } from 'esbuild';
import { bake, tryOut } from './build/binary.ts';
import { bundle } from './build/bundle.ts';
import { BuildError } from './build/error.ts';
import { git, identify, packageVersion, type Identity } from './build/identity.ts';
import { nodeFor, nodePackageFolder, pinned } from './build/platform-node.ts';
import { nameOf, platforms, type Platform } from './build/platforms.ts';
import { tarGz, zip, type Entry } from './release/archive.ts';
import { components, nodeLicense } from './release/components.ts';
import { describeFiles } from './release/describe.ts';
import { thirdPartyLicenses } from './release/licenses.ts';
import { archiveName } from './release/names.ts';
import { checkCheckout, readOptions, usage, type ReleaseOptions } from './release/options.ts';
import { megabytes, step } from './release/progress.ts';

/** What somebody has to download. Past it a krew user waits for too long, and something has come in by mistake. */
const ARCHIVE_LIMIT = 45e6;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = join(root, 'dist', `.release-${process.pid}`);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

try {
  const options = readOptions(process.argv.slice(2), join(root, 'dist', 'release'));
  if (options === 'help') console.log(usage);
  else await release(options);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

async function release(options: ReleaseOptions): Promise<void> {
  checkCheckout(options, {
    packageVersion: packageVersion(root),
    changes: git(root, 'status', '--porcelain'),
  });
  const identity = { ...identify(root), version: options.version };
  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });
  mkdirSync(scratch, { recursive: true });

  const script = join(scratch, 'kubectl-infpool.cjs');
  const metafile = await step('bundle', async () => {
    const made = await bundle({ root, entry: join(root, 'plugin', 'main.ts'), outfile: script, identity });
    return [made, `${Object.keys(made.inputs).length} files, commit ${identity.commit}`];
  });
  const parts = components(root, metafile);
  if (!options.collect) await buildArchives(options, { identity, script, metafile, out });

  await step('describe', () => {
    const written = describeFiles({ root, out, identity, components: parts, platforms: options.platforms });
    return Promise.resolve([undefined, written.join(', ')]);
  });
  console.log(`${relative(process.cwd(), out) || '.'}: ${identity.version} of ${identity.date}`);
}

interface Work {
  identity: Identity;
  script: string;
  metafile: Metafile;
  out: string;
}

async function buildArchives(
  options: ReleaseOptions,
  { identity, script, metafile, out }: Work,
): Promise<void> {
  const texts = textFiles(metafile);
  for (const platform of options.platforms) {
    const binary = join(scratch, platform.node.replace('/', '-'), platform.binary);
    await step(nameOf(platform), async () => {
      const node = nodeFor(root, platform);
      await bake({ root, node, script, output: binary });
      if (node.own) await tryOut(binary);
      const entries: Entry[] = [{ name: platform.binary, mode: 0o755, data: readFileSync(binary) }, ...texts];
      rmSync(dirname(binary), { recursive: true });
      const data = pack(platform, entries, identity);
      const name = archiveName(identity.version, platform);
      if (data.length > ARCHIVE_LIMIT)
        throw new BuildError(`${name} has ${megabytes(data.length)}, over ${megabytes(ARCHIVE_LIMIT)}.`);
      writeFileSync(join(scratch, name), data);
      renameSync(join(scratch, name), join(out, name));
      const how = node.own ? 'tried, with code cache' : 'for another machine: not run, no code cache';
      return [undefined, `${name}, ${megabytes(data.length)} (${how})`];
    });
  }
}

function pack(platform: Platform, entries: Entry[], { date }: Identity): Uint8Array {
  const time = new Date(date === 'unknown' ? 0 : date);
  return platform.os === 'windows' ? zip(entries, { time }) : tarGz(entries, { time });
}

/** The same in every archive. */
function textFiles(metafile: Metafile): Entry[] {
  const runtime = platforms[0]!; // its package has Node's license, which the one for Windows has not
  const node = {
    version: pinned(root, runtime.nodePackage).version,
    license: nodeLicense(nodePackageFolder(root, runtime)),
  };
  const text = (name: string, data: Buffer): Entry => ({ name, mode: 0o644, data });
  const own = ['LICENSE', 'README.md'].filter((name) => existsSync(join(root, name)));
  return [
    ...own.map((name) => text(name, readFileSync(join(root, name)))),
    text('THIRD_PARTY_LICENSES', Buffer.from(thirdPartyLicenses(components(root, metafile), node))),
  ];
}
