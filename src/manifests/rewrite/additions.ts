import { isCollection, isPair, type Node, type Pair, type YAMLMap } from 'yaml';
import { NotEditable } from './edits.ts';
import { afterLines, column, dashColumn, dashOf, endOf, endOfPair, lineEnd, nextLine } from './places.ts';
import type { Splice } from './splices.ts';
import { blockLines, flowKey, flowText, indentAt, indentInside, padOf, type Style } from './style.ts';

/** A key for a block mapping: on lines of its own behind `behind`, or before its first key. */
export function addToBlock(
  text: string,
  map: YAMLMap,
  behind: Pair | null,
  key: string,
  value: unknown,
  style: Style,
): Splice {
  const first = (map.items[0]?.key as Node).range![0];
  const indent = ' '.repeat(column(text, first));
  const lines = blockLines({ [key]: value }, style).join(`${style.eol}${indent}`);
  if (!behind) return inserted(first, `${lines}${style.eol}${indent}`);
  const end = endOfPair(behind);
  if (text[end - 1] === '\n') return inserted(end, `${indent}${lines}${style.eol}`);
  return inserted(lineEnd(text, end), `${style.eol}${indent}${lines}`);
}

/** A key for a flow mapping: behind `behind`, or before its first key. */
export function addToFlow(
  text: string,
  map: YAMLMap,
  behind: Pair | null,
  key: string,
  value: unknown,
  style: Style,
): Splice {
  const { step, inner, between } = layout(text, map, style);
  const pad = inner === null ? padOf(text, map.range![0]) : style.pad;
  const own = { ...style, step, pad };
  const pair = `${flowKey(key, style)}${style.colon}${flowText(value, own, inner)}`;
  if (behind) return inserted(endOfPair(behind), `${between}${pair}`);
  const first = map.items[0]?.key as Node | undefined;
  return first ? inserted(first.range![0], `${pair}${between}`) : inserted(map.range![0] + 1, pair);
}

/** An item for a block sequence, behind `item` and the comments that belong to it. */
export function appendToBlock(text: string, seq: Node, item: Node, value: unknown, style: Style): Splice {
  const indent = dashColumn(text, seq);
  const index = (seq as unknown as { items: Node[] }).items.indexOf(item);
  const dash = dashOf(text, seq, index);
  const gap = item.range![0] - dash;
  // As far behind the dash as its neighbour's keys.
  const inner = gap > 0 && !text.slice(dash, item.range![0]).includes('\n') ? gap : 2;
  const [head, ...rest] = blockLines(value, style);
  const lines = [
    `${' '.repeat(indent)}-${' '.repeat(inner - 1)}${head}`,
    ...rest.map((line) => (line === '' ? '' : ' '.repeat(indent + inner) + line)),
  ].join(style.eol);
  return insertedLines(text, endOf(item), indent + 1, lines, style.eol);
}

/** Lines behind the line that ends at `end` and the comments right below it at `indent` or deeper. */
export function insertedLines(text: string, end: number, indent: number, lines: string, eol: string): Splice {
  let at = afterLines(text, end);
  const deeper = new RegExp(`^[ ]{${indent},}#`);
  while (at < text.length && deeper.test(text.slice(at, nextLine(text, at)))) at = nextLine(text, at);
  return text[at - 1] === '\n' ? inserted(at, `${lines}${eol}`) : inserted(at, `${eol}${lines}`);
}

/** An item for a flow sequence, behind `item`. */
export function appendToFlow(text: string, seq: Node, item: Node, value: unknown, style: Style): Splice {
  const { step, inner, between } = layout(text, seq, style);
  // On lines of its own only if its neighbour is.
  const indent = inner !== null && indentInside(text, item) !== undefined ? inner : null;
  return inserted(item.range![1], `${between}${flowText(value, { ...style, step }, indent)}`);
}

function layout(
  text: string,
  node: Node,
  style: Style,
): { step: string; inner: string | null; between: string } {
  if (!isCollection(node)) throw new NotEditable('a collection was expected');
  const step = indentInside(text, node);
  if (step === undefined) return { step: style.step, inner: null, between: style.comma };
  const item = node.items[0];
  const first = (isPair(item) ? item.key : item) as Node;
  const inner = indentAt(text, first.range![0]);
  return { step, inner, between: `,${style.eol}${inner}` };
}

function inserted(at: number, text: string): Splice {
  return { start: at, end: at, text };
}
