// Which spec files there are, and what each needs before it can run.
import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/**
 * unit: nothing. lab: the lab's parts and the binary. binary: the binary. release, reliability: many
 * minutes, so only when named.
 */
export type Kind = 'unit' | 'lab' | 'binary' | 'release' | 'reliability';

export const ONLY_WHEN_NAMED: readonly Kind[] = ['release', 'reliability'];

export interface Spec {
  /** Relative to the repository, with `/`. */
  file: string;
  kind: Kind;
}

export function findSpecs(root: string): Spec[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.split(sep).join('/')}`)
    .filter((file) => file.endsWith('.spec.ts') && !file.includes('/node_modules/'))
    .sort()
    .map((file) => ({ file, kind: kindOf(file) }));
}

/** By the file's name; a spec under test/lab whose name says nothing else needs the lab. */
function kindOf(file: string): Kind {
  const named = /\.(unit|lab|binary|release|reliability)\.spec\.ts$/.exec(file)?.[1];
  if (named) return named as Kind;
  return file.startsWith('test/lab/') ? 'lab' : 'unit';
}

/**
 * The specs at these paths: files, or folders with all that is below.
 * @throws when there is none at one of them
 */
export function select(specs: Spec[], root: string, paths: string[]): Spec[] {
  const selected = paths.flatMap((path) => {
    const wanted = relative(root, resolve(path)).split(sep).join('/');
    const found = specs.filter(({ file }) => file === wanted || file.startsWith(`${wanted}/`));
    if (found.length === 0) throw new Error(`no spec file at ${path}`);
    return found;
  });
  return specs.filter((spec) => selected.includes(spec));
}
