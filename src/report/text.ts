import { UNSAFE } from '../api/unsafe.ts';
import { withCommands } from './commands.ts';
import { textWidth } from './width.ts';

export { shellWord } from '../api/shellWord.ts';

/** One line that is safe to print on a terminal, whatever a cluster has put into it. */
export function safe(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? ' ' : ''));
}

/**
 * Whole lines as they go to a terminal, colours of ours kept: the last guard, behind {@link safe} where each text is put in.
 */
export function forTerminal(text: string, { color }: Pick<Style, 'color'>): string {
  return text
    .split(color ? /(\u001b\[(?:0|1|2|3[1-4])m)/ : /(?!)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? character : '')),
    )
    .join('');
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

/**
 * Breaks at spaces so that no line is longer than the width; continuation lines get the indent. Colours take no room. A word
 * and a command stay whole, so that they can be copied.
 */
export function wrap(text: string, width: number, indent: string): string {
  if (!Number.isFinite(width) || visibleWidth(text) <= width) return text;
  const lead = /^ */.exec(text)![0];
  const [first, ...words] = unbroken(text.slice(lead.length));
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

/** What a line of a list begins with. */
const SIGN = /^ *(?:[\u2192\u221a\u00d7\u2026=!?-]|\d+\.) /;

/** Whole lines for a terminal of this width: each as {@link wrap} has it, its rest a little further in. */
export function folded(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  const indentOf = (line: string) => SIGN.exec(line)?.[0].length ?? /^ */.exec(line)![0].length + 2;
  return text
    .split('\n')
    .map((line) => wrap(line, width, ' '.repeat(indentOf(line))))
    .join('\n');
}

/** Its words, of which a command is one, with what stands close to it. */
function unbroken(text: string): string[] {
  const words = [''];
  for (const [index, part] of withCommands(text).entries()) {
    const [head = '', ...more] = index % 2 === 0 ? part.split(' ') : [part];
    words.push(`${words.pop()}${head}`, ...more);
  }
  // The sign of a list stands alone before nothing.
  return SIGN.test(`${words[0]} `) && words.length > 1
    ? [words.slice(0, 2).join(' '), ...words.slice(2)]
    : words;
}

function visibleWidth(text: string): number {
  return textWidth(text.replace(/\u001b\[\d+m/g, ''));
}
