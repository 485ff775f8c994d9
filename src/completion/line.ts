import { aliasesOf, takesValue, type FlagSpecs } from './spec.ts';

/** A command line up to the cursor, taken apart. */
export interface Line {
  /** What stands at the cursor: a flag's name, an argument, or the value of the flag named. */
  readonly at: 'flag' | 'positional' | { readonly flag: string };
  /** What is typed of it; of `--flag=value` the value. */
  readonly typed: string;
  /** By long name; of a boolean flag the value is `true`. A flag that we don't know is not in there. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * Reads as the parser of the commands does, but never complains: a line that is being typed is rarely right.
 * @param words what comes after the command's name; the last one is at the cursor
 */
export function readLine(words: readonly string[], flags: FlagSpecs): Line {
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  const add = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  const before = words.slice(0, -1);
  const typed = words.at(-1) ?? '';
  let pending: string | null = null;
  let onlyArguments = false;
  for (const word of before) {
    if (pending !== null) {
      add(pending, word);
      pending = null;
    } else if (onlyArguments || !/^-./.test(word)) positionals.push(word);
    else if (word === '--') onlyArguments = true;
    else {
      const { set, open } = readFlags(word, flags);
      for (const [name, value] of set) add(name, value);
      pending = open;
    }
  }
  const line = { given, positionals };
  if (pending !== null) return { ...line, at: { flag: pending }, typed };
  if (onlyArguments || !typed.startsWith('-')) return { ...line, at: 'positional', typed };
  const equals = /^(--?)([^=]+)=(.*)$/s.exec(typed);
  const name = equals && longName(equals[2]!, equals[1] === '--', flags);
  if (equals && name !== null) return { ...line, at: { flag: name }, typed: equals[3]! };
  return { ...line, at: 'flag', typed };
}

/** The flags in one word that begins with a dash: those that it sets, and the one whose value is the next word. */
function readFlags(word: string, flags: FlagSpecs): { set: [string, string][]; open: string | null } {
  const [, dashes, body, , value] = /^(--?)([^=]*)(=(.*))?$/s.exec(word)!;
  const long = dashes === '--';
  // Of -AR each letter is a flag.
  const names = long ? [body!] : [...body!];
  const set: [string, string][] = [];
  let open: string | null = null;
  names.forEach((part, index) => {
    const isLast = index === names.length - 1;
    const name = longName(part, long, flags);
    if (name === null) return;
    if (value !== undefined && isLast) set.push([name, value]);
    else if (!takesValue(flags[name]!)) set.push([name, 'true']);
    else if (isLast) open = name;
  });
  return { set, open };
}

function longName(part: string, long: boolean, flags: FlagSpecs): string | null {
  if (long && flags[part]) return part;
  const negated = /^no-(.+)$/.exec(part)?.[1];
  if (long && negated && flags[negated]) return negated;
  const found = Object.entries(flags).find(([, flag]) => aliasesOf(flag).includes(part));
  return found?.[0] ?? null;
}
