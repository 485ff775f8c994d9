import { UNSAFE } from './unsafe.ts';

/**
 * A word as POSIX shells, bash and zsh take it literally, typed or pasted. Characters that a terminal would obey while the
 * line is pasted are written by printf; a line break stays one, which is harmless between quotes.
 */
export function shellWord(word: string): string {
  // zsh takes `=ls` for the path of ls.
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''").replace(UNSAFE, printed)}'`;
}

// No argument holds a NUL.
function printed(character: string): string {
  if (character === '\n' || character === '\u0000') return character.replace('\u0000', '');
  const bytes = new TextEncoder().encode(character);
  return `'"$(printf '${[...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}')"'`;
}
