import { safe, wrap } from './text.ts';
import { textWidth } from './width.ts';

const GAP = '   ';
/** What does not fit stands below its row, so far in. */
const BELOW = '    ';
/** The last column is folded in its place where so much room is left, in columns. */
const LEAST = 24;

/**
 * Rows under upper case headings, as kubectl prints them; ends with a newline. Ours, because cli-table3 looks for spanning
 * cells in every pair of rows: 100 rows took it 74 ms of a `detect` of 328, growing with their square.
 * @param width of the terminal, in columns; where there is none a row stays one line, for grep. In a narrower one the last
 *   column is folded, or the columns that find no room stand below their row, each behind its heading; a name stays whole.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width = Infinity,
): string {
  const titles = head.map((cell) => cell.toUpperCase());
  const cells = rows.map((row) => row.map(safe));
  const widths = titles.map((title, column) =>
    cells.reduce((most, row) => Math.max(most, textWidth(row[column] ?? '')), textWidth(title)),
  );
  const start = (column: number) => widths.slice(0, column).reduce((sum, each) => sum + each + GAP.length, 0);
  const last = widths.length - 1;
  const beside = (line: readonly string[], upTo: number) =>
    line
      .slice(0, upTo)
      .map((cell, column) => pad(cell, widths[column]!))
      .join(GAP)
      .trimEnd();

  if (start(last) + widths[last]! <= width)
    return [titles, ...cells].map((line) => `${beside(line, widths.length)}\n`).join('');

  const room = width - start(last);
  const inPlace = [titles, ...cells].map((line) => wrap(line[last]!, room, '').split('\n'));
  if (room >= LEAST && inPlace.flat().every((line) => textWidth(line) <= room)) {
    const indent = ' '.repeat(start(last));
    return [titles, ...cells]
      .flatMap((line, index) => {
        const [first = '', ...more] = inPlace[index]!;
        return [beside([...line.slice(0, last), first], widths.length), ...more.map((each) => indent + each)];
      })
      .map((line) => `${line.trimEnd()}\n`)
      .join('');
  }

  let fit = last;
  while (fit > 1 && start(fit) - GAP.length > width) fit--;
  const below = (row: readonly string[]) => pairsBelow(titles.slice(fit), row.slice(fit), width);
  return [`${beside(titles, fit)}\n`, ...cells.map((row) => `${beside(row, fit)}\n${below(row)}`)].join('');
}

/** `PHASE: Preview   ON V1: 0%`, as many on a line as it holds. */
function pairsBelow(titles: readonly string[], row: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const [index, title] of titles.entries()) {
    const pair = `${title}: ${row[index] ?? ''}`;
    const next = line === '' ? `${BELOW}${pair}` : `${line}${GAP}${pair}`;
    if (line !== '' && textWidth(next) > width) {
      lines.push(line);
      line = `${BELOW}${pair}`;
    } else line = next;
  }
  return [...lines, line].map((each) => `${wrap(each, width, `${BELOW}  `)}\n`).join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - textWidth(cell));
}
