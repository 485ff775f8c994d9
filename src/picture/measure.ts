// Nobody renders text here, so widths come from a table: Open Sans, hundredths of an em, from space to tilde. It is among
// the wider of the faces that browsers take for sans-serif; the padding of a box bears what others need more.
const REGULAR =
  '26 26 40 65 57 83 73 22 29 29 55 57 26 32 26 37 57 57 57 57 57 57 57 57 57 57 26 26 57 57 57 43 90 63 65 63 73 56 52 73 74 28 27 61 52 90 75 78 60 78 62 55 55 73 60 92 58 56 57 33 37 33 57 44 28 56 61 48 61 56 34 54 61 25 25 53 25 93 61 60 61 61 41 48 36 61 50 77 52 50 47 38 55 38 57'
    .split(' ')
    .map(Number);

/** Bold is at most this much wider. */
const BOLD = 1.08;
const NARROWEST_UNKNOWN = 60;
const WIDE = 100;

/** Pixels that one line of text takes. */
export function textPixels(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    hundredths += REGULAR[code - 32] ?? (code < 0x1100 ? NARROWEST_UNKNOWN : WIDE);
  }
  return (hundredths / 100) * size * (bold ? BOLD : 1);
}

/** The text, or as much of it as fits, with an ellipsis. */
export function fitted(text: string, pixels: number, size: number, bold = false): string {
  if (textPixels(text, size, bold) <= pixels) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (textPixels(`${characters.slice(0, middle).join('')}…`, size, bold) <= pixels) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`;
}

/** The text in rows that fit, broken at spaces and behind slashes; what does not go into so many rows ends in an ellipsis. */
export function wrapped(text: string, pixels: number, size: number, rows: number): string[] {
  const fits = (row: string) => textPixels(row.trimEnd(), size) <= pixels;
  const words = text.split(/(?<= )/).flatMap((word) => (fits(word) ? [word] : word.split(/(?<=\/)/)));
  const out: string[] = [];
  while (words.length > 0 && out.length < rows - 1) {
    let row = words.shift()!;
    while (words.length > 0 && fits(row + words[0])) row += words.shift();
    out.push(row);
  }
  if (words.length > 0) out.push(words.join(''));
  return out.map((row) => fitted(row.trim(), pixels, size)).filter((row) => row !== '');
}
