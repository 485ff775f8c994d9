// The command line of `npm run release`, and what it refuses.
import { parseArgs } from 'node:util';
import { BuildError } from '../build/error.ts';
import { nameOf, platforms, type Platform } from '../build/platforms.ts';
import { VERSION } from './names.ts';

export interface ReleaseOptions {
  /** `v1.2.3` */
  version: string;
  out: string;
  platforms: readonly Platform[];
  allowDirty: boolean;
  /** Build no archive, take those that are in `out`. */
  collect: boolean;
}

export const usage = `npm run release -- --version vX.Y.Z [options]

  --version vX.Y.Z     the release's tag; package.json has to say the same
  --out DIR            where to (default: dist/release)
  --platform OS/ARCH   only this one (may be repeated): ${platforms.map(nameOf).join(', ')}
  --collect            build nothing: SBOM, checksums and manifest for the archives that are in --out
  --allow-dirty        with changes that are not committed, or another version than package.json's; not to be published`;

/** @throws BuildError for what can't be meant */
export function readOptions(args: string[], out: string): ReleaseOptions | 'help' {
  const { values } = parse(args, out);
  if (values.help) return 'help';
  if (values.version === undefined)
    throw new BuildError(`which version? For instance --version v1.2.3\n\n${usage}`);
  if (!VERSION.test(values.version))
    throw new BuildError(
      `«${values.version}» is no version of a release: it has to be vX.Y.Z or vX.Y.Z-PRE, such as v1.2.3 or v1.2.3-rc.1.`,
    );
  return {
    version: values.version,
    out: values.out,
    platforms: chosen(values.platform),
    allowDirty: values['allow-dirty'],
    collect: values.collect,
  };
}

function parse(args: string[], out: string) {
  try {
    return parseArgs({
      args,
      options: {
        version: { type: 'string' },
        out: { type: 'string', default: out },
        platform: { type: 'string', multiple: true, default: [] },
        collect: { type: 'boolean', default: false },
        'allow-dirty': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new BuildError(`${(error as Error).message}\n\n${usage}`);
  }
}

function chosen(names: string[]): readonly Platform[] {
  for (const name of names)
    if (!platforms.some((platform) => nameOf(platform) === name))
      throw new BuildError(`no platform ${name}; there are ${platforms.map(nameOf).join(', ')}.`);
  return names.length === 0 ? platforms : platforms.filter((platform) => names.includes(nameOf(platform)));
}

interface Checkout {
  /** Of package.json, without `v`. */
  packageVersion: string;
  /** What `git status --porcelain` says; undefined outside of git. */
  changes: string | undefined;
}

/** @throws BuildError when what would be released is not what the commit says */
export function checkCheckout({ version, allowDirty }: ReleaseOptions, checkout: Checkout): void {
  if (allowDirty) return;
  if (checkout.changes === undefined)
    throw new BuildError('a release is made from a git checkout, and this is none. To try it: --allow-dirty');
  if (checkout.changes !== '') {
    const lines = checkout.changes.split('\n');
    throw new BuildError(
      `${lines.length} file${lines.length === 1 ? '' : 's'} differ from the commit, so nobody could build this release again:\n` +
        `${lines.slice(0, 10).join('\n')}\nCommit them first. To try it: --allow-dirty`,
    );
  }
  if (version !== `v${checkout.packageVersion}`)
    throw new BuildError(
      `package.json says ${checkout.packageVersion}, not ${version.slice(1)}. ` +
        `Set it by: npm version --no-git-tag-version ${version.slice(1)}, and commit. To try it: --allow-dirty`,
    );
}
