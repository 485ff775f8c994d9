import type { Options } from 'yargs';
import type { ExitCode } from '../api/errors.ts';
import type { Context } from './context.ts';

/** Parsed arguments. Every flag is a string, a string array or a boolean: numbers are parsed where their range is known. */
export type Args = Readonly<Record<string, string | readonly string[] | boolean | undefined>> & {
  readonly positionals: readonly string[];
};

export type Flags = Readonly<Record<string, Options>>;

/** A command as data; yargs stays in cli.ts. */
export interface Command {
  readonly name: string;
  /** As shown in usage: `[POOL...]`; '' where there are none. */
  readonly positionals: string;
  readonly summary: string;
  /** A paragraph or two for `--help`. */
  readonly description: string;
  readonly flags: Flags;
  readonly examples: readonly (readonly [command: string, what: string])[];
  run(args: Args, context: Context): Promise<ExitCode>;
}

export function text(args: Args, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'string') return value;
  // A flag given twice: the last one wins, as in kubectl.
  if (Array.isArray(value)) return (value as readonly string[]).at(-1);
  return undefined;
}

export function texts(args: Args, name: string): readonly string[] {
  const value = args[name];
  if (value === undefined || typeof value === 'boolean') return [];
  return typeof value === 'string' ? [value] : value;
}

export function on(args: Args, name: string): boolean {
  return args[name] === true;
}
