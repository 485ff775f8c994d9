// What is asked for of a command's help, before any of it is loaded.
import type { Command } from './command.ts';

export const PROGRAM = 'kubectl infpool';
const LEAST = 40;
const MOST = 120;
/** Where nobody can say how wide the terminal is. */
const USUAL = 100;

/** Columns for help. @param width of the terminal; Infinity where there is none */
export function helpWidth(width: number): number {
  return Number.isFinite(width) ? Math.max(LEAST, Math.min(width, MOST)) : USUAL;
}

export type HelpKind = 'short' | 'whole';

/** Which help these arguments ask for, if any; after `--` they ask for none. */
export function helpAskedFor(argv: readonly string[]): HelpKind | undefined {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  if (before.includes('--help')) return 'whole';
  return before.includes('-h') ? 'short' : undefined;
}

export function usage({ name, positionals }: Command): string {
  return `Usage: ${PROGRAM} ${[name, positionals, '[flags]'].filter((part) => part !== '').join(' ')}`;
}
