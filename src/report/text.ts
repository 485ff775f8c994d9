import { textWidth } from './width.ts';

// Whatever comes from a cluster may hold escape sequences, newlines or marks that turn text around.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** One line that is safe to print on a terminal. */
export function safe(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? ' ' : ''));
}

/** What may be coloured, and how wide the terminal is. */
export interface Style {
  readonly color: boolean;
  /** Columns; Infinity where output is not a terminal. */
  readonly width: number;
}

export const PLAIN: Style = { color: false, width: Infinity };

const CODES = { red: 31, green: 32, yellow: 33, blue: 34, dim: 2, bold: 1 } as const;

export function paint(style: Style, color: keyof typeof CODES, text: string): string {
  return style.color ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

/** 50 → `50%`, 33.3333 → `33.33%`, null → `-`. */
export function percentText(percent: number | null): string {
  if (percent === null) return '-';
  return `${Number(percent.toFixed(2))}%`;
}

/** `1 pool`, `2 pools`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A word as a POSIX shell takes it literally. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** Breaks at spaces so that no line is longer than the width; continuation lines get the indent. Colours take no room. */
export function wrap(text: string, width: number, indent: string): string {
  if (!Number.isFinite(width) || visibleWidth(text) <= width) return text;
  const lead = /^ */.exec(text)![0];
  const [first, ...words] = text.slice(lead.length).split(' ');
  const lines: string[] = [];
  let line = `${lead}${first}`;
  for (const word of words) {
    const next = `${line} ${word}`;
    if (visibleWidth(next) > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = next;
  }
  return [...lines, line].join('\n');
}

function visibleWidth(text: string): number {
  return textWidth(text.replace(/\u001b\[\d+m/g, ''));
}
