import { safe } from './text.ts';

/**
 * Text from a cluster as literal text: nothing in it is taken for Markdown or HTML, nor made a link, a mention of somebody,
 * a reference to an issue or, once the rendered table is pasted into a spreadsheet, a formula. What no backslash keeps from
 * that is parted by a space without width.
 */
export function markdownText(text: string): string {
  return safe(text)
    .replace(/[\\`*_[\]<>#|~&$]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww(?=\.)/gi, `$&${APART}`)
    .replace(/@(?=\S)|\\#(?=\d)|\bGH-(?=\d)/gi, `$&${APART}`)
    .replace(/^(?=\s*(?:[=+@]|-.))/, APART);
}

const APART = '&#8203;';

/** A command to copy; in a table even a code span must not hold a bar. */
export function markdownCode(text: string): string {
  return `\`${safe(text).replace(/[`|]/g, ' ')}\``;
}

/** Cells that are Markdown already are made by {@link markdownText} and {@link markdownCode}. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
