import type { Line } from './line.ts';
import { aliasesOf, isRepeatable, type Candidate, type CommandSpec, type FlagSpecs } from './spec.ts';

export function commandCandidates(commands: readonly Pick<CommandSpec, 'name' | 'summary'>[]): Candidate[] {
  return commands.map(({ name, summary }) => ({ value: name, about: summary }));
}

/** The flags that may still be given, by their long names; a short one only for who typed just that. */
export function flagCandidates(flags: FlagSpecs, line: Line): Candidate[] {
  const open = Object.entries(flags).filter(([name, flag]) => !line.given.has(name) || isRepeatable(flag));
  const short = open.flatMap(([, flag]) =>
    aliasesOf(flag)
      .filter((alias) => alias.length === 1 && line.typed === `-${alias}`)
      .map((alias) => ({ value: `-${alias}`, about: flag.describe ?? '' })),
  );
  const long = open.map(([name, flag]) => ({
    // What is on already can only be turned off.
    value: flag.default === true ? `--no-${name}` : `--${name}`,
    about: flag.describe ?? '',
  }));
  return [...short, ...long];
}

export const PERCENTS: readonly Candidate[] = [
  { value: '0', about: 'Back: all of it to the alpha pool' },
  ...['1', '5', '10', '25', '50', '75', '90'].map((value) => ({ value, about: `${value} percent to v1` })),
  { value: '100', about: 'All of it to v1' },
];

export function wordCandidates(words: readonly string[]): Candidate[] {
  return words.map((value) => ({ value, about: '' }));
}
