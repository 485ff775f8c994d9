// What the binary is made of beside our own code: by esbuild's account of the bundle, not by package.json.
import type { Metafile } from 'esbuild';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError } from '../build/error.ts';

export interface Component {
  name: string;
  version: string;
  /** SPDX expression, as its package.json says. */
  license: string;
  /** The files themselves, one after the other. */
  licenseText: string;
  /** The lockfile's sum of the package, `sha512-…`. */
  integrity: string;
}

/** Every package of which something is in the bundle, by name and version. */
export function components(root: string, metafile: Metafile): Component[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const found = packageFolders(metafile).map((folder): Component => {
    const integrity = lock.packages[folder]?.integrity;
    if (!integrity)
      throw new BuildError(`package-lock.json does not know ${folder}, which is in the bundle.`);
    return { ...describe(join(root, folder)), integrity };
  });
  // The same version can be there in several places.
  const unique = new Map(found.map((component) => [key(component), component]));
  return [...unique.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const key = ({ name, version }: Component): string => `${name}@${version}`;

/** `node_modules/a`, `node_modules/a/node_modules/@b/c`, … */
export function packageFolders(metafile: Metafile): string[] {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs))
    for (const [file, { bytesInOutput }] of Object.entries(output.inputs)) {
      // A stand-in of ours for a package that is left out is not that package.
      if (bytesInOutput === 0 || file.startsWith('left-out:')) continue;
      const folder = /^(?:[\w-]+:)?((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
      if (folder) folders.add(folder);
    }
  return [...folders];
}

function describe(folder: string): Omit<Component, 'integrity'> {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  if (!license) throw new BuildError(`${name} is in the bundle, but its package.json names no license.`);
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file) && !/\.[cm]?[jt]s$/.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0) texts.push(`${license}\n(The package has no license file.)`);
  return { name, version, license, licenseText: texts.join('\n\n') };
}

/** Node's own license, with those of all that it holds. Every platform's package has the same, but Windows' none. */
export function nodeLicense(folder: string): string {
  const file = join(folder, 'LICENSE');
  if (!existsSync(file)) throw new BuildError(`Node's LICENSE is missing in ${folder}.`);
  return readFileSync(file, 'utf8').trim();
}
