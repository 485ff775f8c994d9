import { UserError } from '../api/errors.ts';
import { aliasesOf, takesValue, type FlagSpecs } from '../completion/spec.ts';

/**
 * The command line as its parser can read it. kubectl takes the value of a short flag without a blank (`-ojson`,
 * `-nteam`), of which yargs makes a flag of each letter: `-ny` would be a yes. And a flag whose value is missing is a
 * mistake, not an empty value.
 * @throws UserError for a last word that wants a value
 */
export function parsable(argv: readonly string[], flags: FlagSpecs): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === '--') return [...words, ...argv.slice(index)];
    const attached = apart(word, flags);
    words.push(...attached);
    if (attached.length > 1 || !isOpen(word, flags)) continue;
    if (index === argv.length - 1)
      throw new UserError(`${word} needs a value.`, { hint: `As in: ${word} VALUE` });
    words.push(argv[++index]!);
  }
  return words;
}

/** `-Anteam` as `-A`, `-n`, `team`; one word where no value is attached. */
function apart(word: string, flags: FlagSpecs): string[] {
  if (!/^-[^-]/.test(word)) return [word];
  const letters = [...word.slice(1)];
  const first = letters.findIndex((letter) => isLetter(letter, flags, takesValue));
  if (first < 0 || first === letters.length - 1 || letters[first + 1] === '=') return [word];
  if (!letters.slice(0, first).every((letter) => isLetter(letter, flags, () => true))) return [word];
  const before = first > 0 ? [`-${letters.slice(0, first).join('')}`] : [];
  return [...before, `-${letters[first]}`, letters.slice(first + 1).join('')];
}

function isLetter(letter: string, flags: FlagSpecs, is: (flag: FlagSpecs[string]) => boolean): boolean {
  return Object.values(flags).some((flag) => aliasesOf(flag).includes(letter) && is(flag));
}

/** Whether the value of this flag is the next word. */
function isOpen(word: string, flags: FlagSpecs): boolean {
  if (word.includes('=')) return false;
  const long = /^--(.+)$/.exec(word)?.[1];
  if (long !== undefined) return Object.hasOwn(flags, long) && takesValue(flags[long]!);
  const letters = /^-([^-]+)$/.exec(word)?.[1];
  if (letters === undefined || !isLetter(letters.at(-1)!, flags, takesValue)) return false;
  return [...letters.slice(0, -1)].every((letter) => isLetter(letter, flags, (flag) => !takesValue(flag)));
}
