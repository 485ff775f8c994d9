// Frames as a film that every browser shows, and GitHub within a README: frames side by side, and a window that jumps.
import type { Frame, Span } from './frames.ts';
import type { Size } from './record.ts';

const CELL = 8;
const LINE = 17;
const MARGIN = 16;
const FONT = 13;
/** How long the last frame stays. */
const END_MS = 4000;

const COLORS = ['#8b949e', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#76e3ea', '#e6edf3'];

/** @param title what is seen, for who does not see it */
export function film(frames: readonly Frame[], { columns, rows }: Size, title: string): string {
  const width = columns * CELL + 2 * MARGIN;
  const height = rows * LINE + 2 * MARGIN;
  const total = frames.at(-1)!.at + END_MS;
  const { defs, idOf } = rowsOnce(frames);
  const pictures = frames.map(
    ({ rows: lines }, index) =>
      `<g transform="translate(${index * width},0)">${lines
        .map((line, row) => (line.length === 0 ? '' : `<use href="#${idOf(line)}" y="${row * LINE}"/>`))
        .join('')}</g>`,
  );
  const moments = frames.map(
    ({ at }, index) =>
      `${((100 * (index === 0 ? 0 : at)) / total).toFixed(3)}%{transform:translateX(${-index * width}px)}`,
  );
  const last = -(frames.length - 1) * width;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    `text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}`,
    ...COLORS.map((color, index) => `.c${index}{fill:${color}}`),
    '.b{font-weight:bold}',
    `.film{animation:film ${(total / 1000).toFixed(1)}s steps(1,end) infinite}`,
    `@keyframes film{${moments.join('')}100%{transform:translateX(${last}px)}}`,
    `@media (prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(${last}px)}}`,
    '</style>',
    `<defs>${defs}</defs>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    `<svg x="${MARGIN}" y="${MARGIN}" width="${width - 2 * MARGIN}" height="${height - 2 * MARGIN}"><g class="film">`,
    ...pictures,
    '</g></svg>',
    '</svg>',
    '',
  ].join('\n');
}

/** Most rows stay as they are from one frame to the next: each is written once. */
function rowsOnce(frames: readonly Frame[]): { defs: string; idOf: (row: Span[]) => string } {
  const ids = new Map<string, string>();
  const defs: string[] = [];
  const idOf = (row: Span[]) => {
    const key = JSON.stringify(row);
    let id = ids.get(key);
    if (id === undefined) {
      id = `r${ids.size}`;
      ids.set(key, id);
      defs.push(`<g id="${id}">${row.map(drawn).join('')}</g>`);
    }
    return id;
  };
  for (const { rows } of frames) for (const row of rows) if (row.length > 0) idOf(row);
  return { defs: defs.join('\n'), idOf };
}

function drawn({ column, text, color, bold }: Span): string {
  const names = [...(color === null ? [] : [`c${color}`]), ...(bold ? ['b'] : [])];
  const named = names.length === 0 ? '' : ` class="${names.join(' ')}"`;
  // Whatever font there is, a column stays a column.
  const wide = ` textLength="${[...text].length * CELL}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${column * CELL}" y="${FONT}"${named}${wide}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
