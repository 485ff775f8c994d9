import { safe } from './text.ts';

/** Text from a cluster as literal text: nothing in it is taken for Markdown or HTML. */
export function markdownText(text: string): string {
  return safe(text).replace(/([\\|`<>*_[\]])/g, '\\$1');
}

/** A command to copy; in a table even a code span must not hold a bar. */
export function markdownCode(text: string): string {
  return `\`${safe(text).replace(/[`|]/g, ' ')}\``;
}

/** Cells that are Markdown already are made by {@link markdownText} and {@link markdownCode}. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
