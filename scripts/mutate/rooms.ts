// The rooms where correctness lives: pure, so that a mutant meets a thousand tests in a second.
import { findSpecs } from '../test/specs.ts';

export interface Room {
  name: string;
  /** What is changed, as globs; `!` takes out. */
  mutate: string[];
  /** The specs that have to notice, quick ones first: a mutant ends with the first test that fails. */
  specs: string[];
}

/** Those that write come first. */
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

/** Files of `manifests` that read and write files, or fetch them: their faults show on a disk, not on values. */
const NOT_PURE = ['charts', 'contents', 'outputDir', 'read', 'replace', 'source', 'tree'];

const WORDS = ['commands/', 'explain/', 'hostile/escaping'];

/** Where other specs than those of the room's own folder hold it: words that all use, text that commands print. */
const HELD_ELSEWHERE: Partial<Record<RoomName, readonly string[]>> = {
  api: [...ROOMS.map((room) => `${room}/`), ...WORDS],
  report: ['report/', 'reportPage/', ...WORDS],
};

export function roomOf(root: string, name: RoomName): Room {
  const places = (HELD_ELSEWHERE[name] ?? [`${name}/`]).map((place) => `test/${place}`);
  const specs = findSpecs(root)
    .filter(({ file, kind }) => kind === 'unit' && places.some((place) => file.startsWith(place)))
    .map(({ file }) => file)
    .filter((file) => !WITHOUT_SLOW.includes(name) || !isSlow(file));
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

/** Thousands of mutants whose properties write and read whole documents: hours. Their score is a lower bound. */
const WITHOUT_SLOW: readonly RoomName[] = ['api', 'manifests'];

function isSlow(file: string): boolean {
  return file.endsWith('properties.spec.ts');
}
