/** A file that is made from the code. */
export interface Document {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** A row of a table; what stands in a cell is Markdown already, but for bars and line breaks. */
export function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
}

export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

export function code(text: string): string {
  return `\`${text}\``;
}
