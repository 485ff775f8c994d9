// The Node that becomes the binary: this machine's out of node_modules, another platform's out of a cache
// that npm fills, checked by the lockfile's sum either way.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BuildError } from './error.ts';
import { ownPlatform, platforms, type Platform } from './platforms.ts';

export interface PlatformNode {
  platform: Platform;
  /** The executable that becomes the binary. */
  path: string;
  version: string;
  /** Whether it runs on this machine, and so can make its own code cache. */
  own: boolean;
}

/** The pinned Node for this machine, from node_modules. */
export function platformNode(root: string): PlatformNode {
  const platform = ownPlatform();
  if (!platform)
    throw new BuildError(
      `no binary for ${process.platform}/${process.arch}; there are ones for ${platforms.map(({ node }) => node).join(', ')}.`,
    );
  const folder = join(root, 'node_modules', platform.nodePackage);
  const path = join(folder, platform.nodeFile);
  if (!existsSync(path))
    throw new BuildError(
      `the Node for ${platform.node} is missing: npm package ${platform.nodePackage}, an optional dependency. ` +
        'Run `npm ci --include=optional`.',
    );
  return { platform, path, version: versionIn(folder), own: true };
}

/** The pinned Node for any platform; fetched by npm when it is another one's and not in the cache. */
export function nodeFor(root: string, platform: Platform): PlatformNode {
  if (platform === ownPlatform()) return platformNode(root);
  const folder = nodePackageFolder(root, platform);
  return { platform, path: join(folder, platform.nodeFile), version: versionIn(folder), own: false };
}

/** The folder of a platform's Node package: executable, LICENSE (not on Windows), package.json. */
export function nodePackageFolder(root: string, { nodePackage }: Platform): string {
  const installed = join(root, 'node_modules', nodePackage);
  if (existsSync(join(installed, 'package.json'))) return installed;
  const { version, integrity } = pinned(root, nodePackage);
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const cache = join(base, 'kubectl-infpool', 'node');
  const folder = join(cache, `${nodePackage}-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'tmp-'));
  try {
    fetch(`${nodePackage}@${version}`, integrity, scratch);
    renameInto(join(scratch, 'package'), folder);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

interface Pinned {
  version: string;
  integrity: string;
}

/** What package-lock.json says of a package. */
export function pinned(root: string, name: string): Pinned {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Partial<Pinned>>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version || !integrity)
    throw new BuildError(`package-lock.json has no version and integrity of ${name}.`);
  return { version, integrity };
}

/** `npm pack`, so that npm's own settings (registry, proxy, certificates) count; then checked by us. */
function fetch(spec: string, integrity: string, folder: string): void {
  const shell = process.platform === 'win32';
  const args = ['pack', spec, '--pack-destination', folder, '--silent', '--ignore-scripts'];
  const packed = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', shell });
  if (packed.status !== 0)
    throw new BuildError(
      `npm could not fetch ${spec}, the Node for another platform:\n${packed.stderr || packed.error?.message}`,
    );
  const [name] = readdirSync(folder);
  const archive = join(folder, name!);
  if (!matches(readFileSync(archive), integrity))
    throw new BuildError(`${spec} is not the one of package-lock.json: its checksum differs. Not used.`);
  const unpacked = spawnSync('tar', ['-xzf', name!], { cwd: folder, encoding: 'utf8' });
  if (unpacked.status !== 0)
    throw new BuildError(`tar could not unpack ${spec}:\n${unpacked.stderr || unpacked.error?.message}`);
}

/** @param integrity one sum, `sha512-…` in base64, as npm writes it */
export function matches(data: Buffer, integrity: string): boolean {
  const [, algorithm, sum] = /^(sha512)-([\w+/=]+)$/.exec(integrity) ?? [];
  return algorithm !== undefined && createHash(algorithm).update(data).digest('base64') === sum;
}

function renameInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error; // another process was faster
  }
}

function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}
