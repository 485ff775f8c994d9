import { isCollection, isPair, type Node, type Pair, type YAMLMap } from 'yaml';
import { NotEditable } from './edits.ts';
import {
  afterLines,
  column,
  dashColumn,
  dashOf,
  endOf,
  endOfPair,
  isBlock,
  lineEnd,
  lineStart,
  nextLine,
} from './places.ts';
import type { Splice } from './splices.ts';

// What goes with a removed key or item: the comment at the end of its lines; comments of its own within it; and the
// lines of comment right above it, at its own column and without an empty line in between: they speak of it. A comment
// behind an empty line, or less indented, speaks of something else and stays.

/** The lines of a pair in a block mapping, for removal; or what takes their place, at the same column. */
export function blockPairRegion(
  text: string,
  map: YAMLMap,
  index: number,
  instead?: { readonly text: string; readonly eol: string },
): Splice {
  const pair = map.items[index] as Pair;
  const start = (pair.key as Node).range![0];
  const before = text.slice(lineStart(text, start), start);
  if (before.trim() === '') {
    const region = linesOf(text, start, endOfPair(pair), isBlock(pair.value));
    if (!instead) return region;
    const eol = text[region.end - 1] === '\n' ? instead.eol : '';
    const from = region.cut ? region.start + region.cut : region.start;
    return { ...region, start: from, text: `${before}${instead.text}${eol}` };
  }
  if (!/^[\s-]*- +$/.test(before)) throw new NotEditable('a key is not at the start of its line');
  // On the line of a dash: the next key moves up to it.
  const end = endOfPair(pair);
  if (instead) return { start, end, text: instead.text };
  const next = (map.items[index + 1]?.key as Node | undefined)?.range![0];
  if (next === undefined || text.slice(lineEnd(text, end), next).includes('#'))
    throw new NotEditable('a key beside the dash of its item can not be taken out');
  return { start, end: next, text: '' };
}

/** The lines of an item of a block sequence, with its dash. */
export function blockItemRegion(text: string, seq: Node, index: number): Splice {
  const dash = dashOf(text, seq, index);
  if (text.slice(lineStart(text, dash), dash).trim() !== '')
    throw new NotEditable('an item is not at the start of its line');
  const item = (seq as unknown as { items: Node[] }).items[index]!;
  return linesOf(text, dash, Math.max(endOf(item), dash + 1), true, dashColumn(text, seq));
}

/** `cut`: how much of `start` is the line end before it, taken because the text ends without one. */
function linesOf(
  text: string,
  start: number,
  contentEnd: number,
  nested: boolean,
  indent = column(text, start),
): Splice & { cut: number } {
  let from = lineStart(text, start);
  const own = new RegExp(`^[ ]{${indent}}#`);
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!own.test(text.slice(above, from))) break;
    from = above;
  }
  let to = afterLines(text, contentEnd);
  const deeper = new RegExp(`^[ ]{${indent + 1},}#`);
  while (nested && to < text.length && deeper.test(text.slice(to, nextLine(text, to))))
    to = nextLine(text, to);
  // One empty line does for two, and none is needed below the line of a parent.
  const above = text.slice(lineStart(text, Math.max(from - 1, 0)), from);
  if (above.trim() === '' || /:[ \t]*(#.*)?\s*$/.test(above))
    while (to < text.length && text.slice(to, nextLine(text, to)).trim() === '') to = nextLine(text, to);
  let cut = 0;
  if (to === text.length && text.at(-1) !== '\n' && from > 0) cut = text[from - 2] === '\r' ? 2 : 1;
  return { start: from - cut, end: to, text: '', cut };
}

/** Pairs or items of a flow collection, each with the comma that is not needed any more. */
export function flowRemovals(text: string, parent: Node, removed: ReadonlySet<number>): Splice[] {
  if (!isCollection(parent)) throw new NotEditable('a collection was expected');
  const spans = parent.items.map((item) => spanOf(item as Node | Pair));
  const splices: Splice[] = [];
  const remove = (start: number, end: number) => splices.push({ start, end, text: '' });
  for (let first = 0; first < spans.length; first++) {
    if (!removed.has(first)) continue;
    let last = first;
    while (removed.has(last + 1)) last++;
    const [start, end] = [spans[first]!.start, spans[last]!.end];
    const [previous, next] = [spans[first - 1], spans[last + 1]];
    if (previous && text.slice(previous.end, start).includes('#')) splices.push(ownLines(text, start, end));
    else if (previous) remove(previous.end, end);
    else if (next) remove(start, next.start);
    else remove(parent.range![0] + 1, parent.range![1] - 1);
    first = last;
  }
  return splices;
}

// Behind a comment the comma before it has to stay, which YAML allows.
function ownLines(text: string, start: number, end: number): Splice {
  const rest = text.slice(end, lineEnd(text, end));
  if (text.slice(lineStart(text, start), start).trim() !== '' || !/^\s*,?\s*(#.*)?$/.test(rest))
    throw new NotEditable('a comment stands in the way');
  return { start: lineStart(text, start), end: nextLine(text, end), text: '' };
}

function spanOf(item: Node | Pair): { start: number; end: number } {
  if (isPair(item)) {
    const key = item.key as Node;
    return { start: key.range![0], end: ((item.value ?? key) as Node).range![1] };
  }
  return { start: item.range![0], end: item.range![1] };
}
