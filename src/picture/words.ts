import { UNSAFE } from '../api/unsafe.ts';

/** One line that no viewer takes for anything else. */
export function plain(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? ' ' : ''));
}

/** In rows of so many characters where its words allow it. Broken at single spaces: joined by them it is the text again. */
export function rowsOfWords(text: string, characters: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(' ')) {
    const row = rows.at(-1);
    if (row !== undefined && row.length + 1 + word.length <= characters)
      rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows;
}
