/** One document of a YAML stream: its text, and the line (from 1) that it begins on. */
export interface DocumentText {
  readonly text: string;
  readonly line: number;
}

const [TAB, LF, CR, SPACE] = [9, 10, 13, 32];
const BOM = 0xfeff;

/**
 * Takes a stream apart at its markers (--- and ...), so that what is broken in one document stays in it. A marker at the
 * beginning of a line ends whatever was open, a block or quoted scalar included, so this needs no parser (YAML 1.2, 9.1.2).
 */
export function* documentsOf(stream: string): Generator<DocumentText> {
  let start = 0;
  let line = 1;
  let preamble: DocumentText | null = null;
  for (const end of [...boundaries(stream), stream.length]) {
    const text = stream.slice(start, end);
    // %YAML and %TAG lines belong to the document after them.
    if (preamble === null && isPreamble(text)) preamble = { text, line };
    else if (text !== '') {
      yield preamble ? { text: preamble.text + text, line: preamble.line } : { text, line };
      preamble = null;
    }
    line += lineBreaks(text, text.length);
    start = end;
  }
  if (preamble) yield preamble;
}

/** Line breaks before this offset: LF, CRLF, and CR alone. */
export function lineBreaks(text: string, before: number): number {
  let count = 0;
  for (let at = 0; at < before; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) count++;
  }
  return count;
}

/** Where a document begins: at each `---`, and on the line after each `...`. */
function* boundaries(stream: string): Generator<number> {
  let starts = nextMarker(stream, '---', 0);
  let ends = nextMarker(stream, '...', 0);
  while (starts >= 0 || ends >= 0) {
    if (ends < 0 || (starts >= 0 && starts < ends)) {
      yield starts;
      starts = nextMarker(stream, '---', starts + 3);
    } else {
      const after = endOfLine(stream, ends);
      yield after;
      ends = nextMarker(stream, '...', after);
      if (starts >= 0 && starts < after) starts = nextMarker(stream, '---', after);
    }
  }
}

function nextMarker(stream: string, marker: string, from: number): number {
  for (let at = stream.indexOf(marker, from); at >= 0; at = stream.indexOf(marker, at + 1))
    if (beginsLine(stream, at) && endsWord(stream, at + marker.length)) return at;
  return -1;
}

function beginsLine(stream: string, at: number): boolean {
  if (at === 0) return true;
  const before = stream.charCodeAt(at - 1);
  return before === LF || before === CR || (at === 1 && before === BOM);
}

function endsWord(stream: string, at: number): boolean {
  return at >= stream.length || [TAB, LF, CR, SPACE].includes(stream.charCodeAt(at));
}

function endOfLine(stream: string, from: number): number {
  const end = stream.indexOf('\n', from);
  return end < 0 ? stream.length : end + 1;
}

const PREAMBLE_LIMIT = 65_536;

function isPreamble(text: string): boolean {
  if (text.length > PREAMBLE_LIMIT || !text.includes('%')) return false;
  const lines = text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return lines.length > 0 && lines.every((line) => line.startsWith('%'));
}
