// The files of a release that tell about its archives: SBOM, checksums, krew manifest.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from '../build/error.ts';
import type { Identity } from '../build/identity.ts';
import { pinned } from '../build/platform-node.ts';
import { nameOf, type Platform } from '../build/platforms.ts';
import type { Component } from './components.ts';
import { renderManifest } from './manifest.ts';
import { archiveName, downloadUrl, HOMEPAGE, sbomName } from './names.ts';
import { sbom } from './sbom.ts';

interface Options {
  root: string;
  out: string;
  identity: Identity;
  components: Component[];
  platforms: readonly Platform[];
}

/** @returns the names of what it wrote */
export function describeFiles({ root, out, identity, components, platforms }: Options): string[] {
  const { version } = identity;
  const archives = platforms.map((platform) => archiveName(version, platform));
  const missing = archives.filter((name) => !existsSync(join(out, name)));
  if (missing.length > 0) throw new BuildError(`${out} has no ${missing.join(', ')}.`);

  const node = pinned(root, platforms[0]!.nodePackage).version;
  // The versions of Node's parts are those of the Node that runs this: the same one, or we can't tell.
  const versions = `v${node}` === process.version ? process.versions : {};
  const bill = sbomName(version);
  writeFileSync(
    join(out, bill),
    sbom({ ...identity, homepage: HOMEPAGE }, components, { version: node, versions }),
  );

  const lines = [...archives, bill].map((name) => `${sha256(join(out, name))}  ${name}\n`);
  writeFileSync(join(out, 'checksums.txt'), lines.join(''));

  const sums = platforms.map((platform, index) => [
    nameOf(platform).replace('/', '_'),
    sha256(join(out, archives[index]!)),
  ]);
  const template = readFileSync(join(root, 'krew-manifest.yaml'), 'utf8');
  const sha = Object.fromEntries(sums) as Record<string, string>;
  writeFileSync(
    join(out, 'infpool.yaml'),
    renderManifest(template, { version, url: downloadUrl(version), sha256: sha }),
  );
  return [bill, 'checksums.txt', 'infpool.yaml'];
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
