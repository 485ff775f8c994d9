// Where nodes begin and end in the text. The parser's own end of a collection is of no use: it takes in whatever
// comments and blank lines follow.
import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { NotEditable } from './edits.ts';

/** Behind the node's last character that is no comment; behind its last line where it is a block scalar. */
export function endOf(node: Node): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1);
    if (isPair(last)) return endOfPair(last);
    if (last) return endOf(last as Node);
  }
  return node.range![1];
}

export function endOfPair(pair: Pair): number {
  return endOf((pair.value ?? pair.key) as Node);
}

export function isBlock(node: unknown): node is Node {
  return isCollection(node) && !node.flow;
}

export function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

export function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line that `at` is in, before its line end. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > at ? newline - 1 : newline;
}

/** The start of the next line; the end of the text behind the last. */
export function nextLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

export function column(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** Where the lines of what ends at `end` end: behind the line's end, comments included. A block scalar is there already. */
export function afterLines(text: string, end: number): number {
  return text[end - 1] === '\n' ? end : nextLine(text, end);
}

/** Behind the colon of a pair. */
export function behindColon(text: string, pair: Pair): number {
  const end = (pair.key as Node).range![1];
  const found = /^[ \t]*:/.exec(text.slice(end, end + 80));
  if (!found)
    throw new NotEditable(`the key ${String((pair.key as { value?: unknown }).value)} has no colon`);
  return end + found[0].length;
}

/** Where the value begins with its anchor or tag; right behind the colon where there is none. */
export function valueStart(text: string, pair: Pair): number {
  const from = behindColon(text, pair);
  const value = pair.value as Node | null;
  const props = isAlias(value) ? '' : `${value?.tag ?? ''}${(value as { anchor?: string })?.anchor ?? ''}`;
  const gap = text.slice(from, value?.range![0] ?? from);
  if (props === '') return from + gap.length;
  const found = /[&!]/.exec(gap.replace(/#.*/g, (comment) => ' '.repeat(comment.length)));
  return found ? from + found.index : from + gap.length;
}

/** The column of a block sequence's dashes. */
export function dashColumn(text: string, seq: Node): number {
  return column(text, seq.range![0]);
}

/** Where the dash of item `index` is. */
export function dashOf(text: string, seq: Node, index: number): number {
  if (!isSeq(seq)) throw new NotEditable('a sequence was expected');
  if (index === 0) return seq.range![0];
  const previous = endOf(seq.items[index - 1] as Node);
  const indent = dashColumn(text, seq);
  for (let at = lineStart(text, previous); at < seq.range![2]; at = nextLine(text, at)) {
    const dash = at + indent;
    if (dash >= previous && text[dash] === '-' && text.slice(at, dash).trim() === '') return dash;
    if (nextLine(text, at) === text.length) break;
  }
  throw new NotEditable('an item of a sequence was not found');
}

export { isMap, isSeq };
