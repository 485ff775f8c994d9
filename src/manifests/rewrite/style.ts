// How the author of a document writes, so that what is added looks as if they had written it.
import { isMap, isScalar, isSeq, stringify, visit, type Document, type Node, type Scalar } from 'yaml';
import { NotEditable } from './edits.ts';
import { column, isBlock, lineStart } from './places.ts';

export interface Style {
  readonly eol: string;
  /** One step of indentation: spaces, or a tab in JSON. */
  readonly step: string;
  /** How far a sequence's dashes stand behind the key that holds it. */
  readonly dash: number;
  /** True where keys are quoted and values have to be JSON's. */
  readonly json: boolean;
  /** Between key and value, and between items, in flow style. */
  readonly colon: string;
  readonly comma: string;
  /** Within the braces of a flow mapping: `{ a: b }` or `{a: b}`. */
  readonly pad: string;
}

/** @param dash what the rest of the file does, for a document without a sequence */
export function styleOf(document: Document, text: string, dash?: number): Style {
  const root = document.contents as Node | null;
  const newline = text.indexOf('\n', root?.range?.[0] ?? 0);
  const key = firstKey(root);
  const json = !isBlock(root) && isScalar(key) && key.type === 'QUOTE_DOUBLE';
  const block = indentation(document, text);
  const step = (json ? indentInside(text, root!) : block.step) ?? '  ';
  const spaced = !key || /^\s*:\s/.test(text.slice(key.range![1], key.range![1] + 8));
  const crlf = newline > 0 && text[newline - 1] === '\r';
  const flow = spaced ? { colon: ': ', comma: ', ' } : { colon: ':', comma: ',' };
  return {
    eol: crlf ? '\r\n' : '\n',
    step,
    dash: block.dash ?? dash ?? step.length,
    json,
    ...flow,
    pad: padOf(text),
  };
}

/** What stands within the braces of the first flow mapping from `at` on that is on one line. */
export function padOf(text: string, at = 0): string {
  return /\{([ \t]?)[^\s{}]/.exec(text.slice(at, at + 2000))?.[1] ?? '';
}

function firstKey(root: Node | null): Node | undefined {
  return isMap(root) ? (root.items[0]?.key as Node | undefined) : undefined;
}

// By the first mapping, and the first sequence, that is below its key.
function indentation(document: Document, text: string): { step?: string; dash?: number } {
  const found: { step?: string; dash?: number } = {};
  visit(document, {
    Pair(_, { key, value }) {
      if (!isBlock(value) || !value.range) return;
      const offset = column(text, value.range[0]) - column(text, (key as Node).range![0]);
      if (isSeq(value)) found.dash ??= offset;
      else if (offset > 0) found.step ??= ' '.repeat(offset);
      return found.step !== undefined && found.dash !== undefined ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** How far dashes stand behind the key that holds them, by the first sequence of a file; undefined where it has none. */
export function dashIn(text: string): number | undefined {
  const found = /(?:^|\n)( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\r?\n\1( *)- /.exec(text);
  return found?.[2]?.length;
}

/** The indentation of the first thing in a flow collection, less that of the line it begins on; undefined on one line. */
export function indentInside(text: string, node: Node): string | undefined {
  const found = /^[[{][ \t]*\r?\n([ \t]*)\S/.exec(text.slice(node.range![0], node.range![0] + 400));
  if (!found) return undefined;
  const outer = indentAt(text, node.range![0]);
  return found[1]!.startsWith(outer) ? found[1]!.slice(outer.length) : undefined;
}

/** The blanks that the line begins with. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))![0];
}

/** A scalar, quoted as the one that it takes the place of. */
export function scalarLike(node: Scalar, value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (node.type === 'QUOTE_DOUBLE') return JSON.stringify(value);
  if (node.type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`;
  if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
    throw new NotEditable(`"${String(node.value).trim()}" is a block of text`);
  return plain(value);
}

/** A string with quotes only where it would be read as something else. */
export function plain(value: string): string {
  return stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd();
}

/** A value in block style as lines without indentation, and without a last line end. */
export function blockLines(value: unknown, style: Style): string[] {
  return stringify(value, {
    version: '1.1',
    lineWidth: 0,
    indent: Math.max(style.step.length, 2),
    indentSeq: style.dash > 0,
    aliasDuplicateObjects: false,
  })
    .trimEnd()
    .split('\n');
}

/** A value in flow style; `indent` is that of the line it begins on, null keeps all on one line. */
export function flowText(value: unknown, style: Style, indent: string | null): string {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' && !style.json ? flowPlain(value) : JSON.stringify(value);
  const inner = indent === null ? null : indent + style.step;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const items = Array.isArray(value)
    ? value.map((item) => flowText(item, style, inner))
    : Object.entries(value).map(
        ([key, item]) => `${flowKey(key, style)}${style.colon}${flowText(item, style, inner)}`,
      );
  if (items.length === 0) return `${open}${close}`;
  const pad = Array.isArray(value) ? '' : style.pad;
  if (inner === null) return `${open}${pad}${items.join(style.comma)}${pad}${close}`;
  return `${open}${style.eol}${inner}${items.join(`,${style.eol}${inner}`)}${style.eol}${indent}${close}`;
}

export function flowKey(key: string, style: Style): string {
  return style.json ? JSON.stringify(key) : flowPlain(key);
}

function flowPlain(value: string): string {
  return /[,[\]{}]/.test(value) ? JSON.stringify(value) : plain(value);
}
