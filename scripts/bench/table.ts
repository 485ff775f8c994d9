// The measurements as a table that reads well in a terminal and in README.md.
import type { Measured } from './measure.ts';

/** The first row is what the others are compared with. */
export function table(rows: Measured[]): string {
  const [base] = rows;
  const ratio = (value: number, of: number) => (value / of).toFixed(2);
  const cells = [
    ['command', 'time (median)', 'middle half', 'ratio', 'CPU time', 'peak memory', 'ratio'],
    ...rows.map(({ name, milliseconds, cpuMilliseconds, megabytes, from, to }) => [
      name,
      `${milliseconds.toFixed(0)} ms`,
      `${from.toFixed(0)}–${to.toFixed(0)} ms`,
      ratio(milliseconds, base!.milliseconds),
      `${cpuMilliseconds.toFixed(0)} ms`,
      `${megabytes.toFixed(0)} MB`,
      ratio(megabytes, base!.megabytes),
    ]),
  ];
  return grid(cells);
}

/** Head and rows: the first column to the left, the others to the right. */
export function grid(cells: string[][]): string {
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
