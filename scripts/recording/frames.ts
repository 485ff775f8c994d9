// What a terminal shows from moment to moment, from what it got.
import xterm from '@xterm/headless';
import type { Piece, Size } from './record.ts';

export interface Span {
  column: number;
  text: string;
  /** one of the eight colours of a terminal, or none */
  color: number | null;
  bold: boolean;
}

export interface Frame {
  at: number;
  rows: Span[][];
}

/** Pieces that come within this time are one frame. */
const TOGETHER_MS = 100;

/** A frame for each change; the last one is what stays. */
export async function framesOf(pieces: readonly Piece[], { columns, rows }: Size): Promise<Frame[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  const frames: Frame[] = [];
  for (const [index, { at, data }] of pieces.entries()) {
    await new Promise<void>((resolve) => terminal.write(data, resolve));
    const next = pieces[index + 1];
    if (next !== undefined && next.at - (frames.at(-1)?.at ?? 0) < TOGETHER_MS) continue;
    const seen = shown(terminal);
    if (JSON.stringify(seen) !== JSON.stringify(frames.at(-1)?.rows)) frames.push({ at, rows: seen });
  }
  return frames;
}

function shown(terminal: xterm.Terminal): Span[][] {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => spansOf(active.getLine(active.baseY + row)));
}

function spansOf(line: xterm.IBufferLine | undefined): Span[] {
  const spans: Span[] = [];
  for (let column = 0; line !== undefined && column < line.length; column++) {
    const cell = line.getCell(column)!;
    const text = cell.getChars() || ' ';
    const color = cell.isFgPalette() ? cell.getFgColor() % 8 : null;
    const bold = cell.isBold() !== 0;
    const last = spans.at(-1);
    if (last?.color === color && last.bold === bold) last.text += text;
    else spans.push({ column, text, color, bold });
  }
  return spans.map((span) => ({ ...span, text: span.text.trimEnd() })).filter(({ text }) => text !== '');
}
