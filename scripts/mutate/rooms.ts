// The rooms where correctness lives: pure, so that a mutant meets a thousand tests in a second.
import { findSpecs } from '../test/specs.ts';

export interface Room {
  name: string;
  /** What is changed, as globs; `!` takes out. */
  mutate: string[];
  /** The specs that have to notice, quick ones first: a mutant ends with the first test that fails. */
  specs: string[];
}

/** Those that write come first. `api` is words that all rooms use, so all of them hold it. */
export const ROOMS = [
  'traffic',
  'plan',
  'rollout',
  'cleanup',
  'convert',
  'verify',
  'inventory',
  'api',
  'manifests',
  'report',
  'completion',
] as const;

export type RoomName = (typeof ROOMS)[number];

/** Files of `manifests` that read and write folders: their faults show on a disk, not on values. */
const NOT_PURE = ['charts', 'contents', 'outputDir', 'read', 'tree'];

export function roomOf(root: string, name: RoomName): Room {
  const folders = name === 'api' ? ROOMS : [name];
  const specs = findSpecs(root)
    .filter(({ file, kind }) => kind === 'unit' && folders.some((room) => file.startsWith(`test/${room}/`)))
    .map(({ file }) => file)
    .filter((file) => name !== 'api' || !isSlow(file));
  return {
    name,
    mutate: [
      `src/${name}/**/*.ts`,
      // Text for people, that the pages are made of.
      '!src/**/*.page.ts',
      ...(name === 'manifests' ? NOT_PURE.map((file) => `!src/manifests/${file}.ts`) : []),
    ],
    specs: [...specs.filter((file) => !isSlow(file)), ...specs.filter(isSlow)],
  };
}

function isSlow(file: string): boolean {
  return file.endsWith('properties.spec.ts');
}
