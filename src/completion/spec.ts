/** A command as far as completion cares; a `Command` is one. */
export interface CommandSpec {
  readonly name: string;
  /** As shown in usage: `[POOL...]`, `[install]`, `bash|zsh`; '' where there are none. */
  readonly positionals: string;
  readonly summary: string;
  readonly flags: FlagSpecs;
}

export interface FlagSpec {
  readonly type?: string | undefined;
  readonly alias?: string | readonly string[] | undefined;
  readonly describe?: string | undefined;
  readonly choices?: readonly unknown[] | undefined;
  readonly default?: unknown;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** One thing that could stand at the cursor. */
export interface Candidate {
  readonly value: string;
  /** '' where there is nothing to say. */
  readonly about: string;
}

export function takesValue(flag: FlagSpec): boolean {
  return flag.type !== 'boolean';
}

/** `filename` is a string to yargs and may be repeated all the same; its description says so. */
export function isRepeatable(flag: FlagSpec): boolean {
  return flag.type === 'array' || /\brepeatable\b/.test(flag.describe ?? '');
}

export function aliasesOf(flag: FlagSpec): readonly string[] {
  if (flag.alias === undefined) return [];
  return typeof flag.alias === 'string' ? [flag.alias] : flag.alias;
}
