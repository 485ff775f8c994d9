import { isAlias, isScalar, type Node, type Pair } from 'yaml';
import { NotEditable } from './edits.ts';
import {
  afterLines,
  behindColon,
  column,
  endOf,
  isBlock,
  isBlockScalar,
  nextLine,
  valueStart,
} from './places.ts';
import type { Splice } from './splices.ts';
import { flowKey, indentAt, indentInside, padOf, type Style } from './style.ts';

type Shape = readonly (string | 0)[];

/** The value of a pair gets mappings or sequences around it; its anchor, its comments and its own style stay with it. */
export function wrapped(text: string, parent: Node, pair: Pair, shape: Shape, style: Style): Splice[] {
  const value = pair.value as Node | null;
  if (!value || isBlockScalar(value)) throw new NotEditable('a value of another form was expected');
  if (isBlock(value)) return blockInBlock(text, pair, value, shape);
  if (isBlock(parent) && (isScalar(value) || isAlias(value))) return nested(text, pair, shape, style);
  return inFlow(text, parent, pair, shape, style);
}

// `selector:` with lines below it: `matchLabels:` at their column, and they go one step further in.
function blockInBlock(text: string, pair: Pair, value: Node, shape: Shape): Splice[] {
  const [key] = shape;
  if (shape.length !== 1 || typeof key !== 'string') throw new NotEditable('a single value was expected');
  const child = column(text, firstOf(value));
  const step = ' '.repeat(child - column(text, (pair.key as Node).range![0]));
  const indent = ' '.repeat(child);
  const colon = behindColon(text, pair);
  const eol = text[nextLine(text, colon) - 2] === '\r' ? '\r\n' : '\n';
  const lines = nextLine(text, colon);
  const anchored = valueStart(text, pair) < lines;
  const splices: Splice[] = [
    // An anchor on the key's line moves down with the value that it names.
    anchored
      ? { start: colon, end: colon, text: `${eol}${indent}${key}:` }
      : { start: lines, end: lines, text: `${indent}${key}:${eol}` },
  ];
  let end = afterLines(text, endOf(value));
  const comment = new RegExp(`^[ ]{${child},}#`);
  while (end < text.length && comment.test(text.slice(end, nextLine(text, end)))) end = nextLine(text, end);
  return [...splices, ...indented(text, lines, end, step)];
}

// `targetPortNumber: 8000 # why` → the value, with all that stands behind it, on a line below.
function nested(text: string, pair: Pair, shape: Shape, style: Style): Splice[] {
  const colon = behindColon(text, pair);
  const start = valueStart(text, pair);
  if (text.slice(colon, start).includes('#')) throw new NotEditable('a comment stands before the value');
  let indent = column(text, (pair.key as Node).range![0]);
  let opening = '';
  let onDash = false;
  for (const part of shape) {
    if (part === 0) {
      indent += style.dash;
      opening += `${style.eol}${' '.repeat(indent)}- `;
      onDash = true;
    } else {
      if (!onDash) opening += `${style.eol}${' '.repeat((indent += style.step.length))}`;
      opening += `${part}: `;
      onDash = false;
    }
  }
  return [{ start: colon, end: start, text: opening }];
}

function inFlow(text: string, parent: Node, pair: Pair, shape: Shape, style: Style): Splice[] {
  const value = pair.value as Node;
  const start = valueStart(text, pair);
  const end = endOf(value);
  const single = isScalar(value) || isAlias(value);
  const step = indentInside(text, single ? parent : value);
  const outer = indentAt(text, start);
  const pad = padOf(text, single ? parent.range![0] : start);
  let [opening, closing, indent] = ['', '', outer];
  for (const part of shape) {
    const before = part === 0 ? '' : pad;
    closing = `${step === undefined ? before : style.eol + indent}${part === 0 ? ']' : '}'}${closing}`;
    indent += step ?? '';
    opening += `${part === 0 ? '[' : '{'}${step === undefined ? before : style.eol + indent}`;
    if (part !== 0) opening += `${flowKey(part, style)}${style.colon}`;
  }
  const splices: Splice[] = [
    { start, end: start, text: opening },
    { start: end, end, text: closing },
  ];
  if (step !== undefined && !single)
    splices.push(...indented(text, nextLine(text, start), end, indent.slice(outer.length)));
  return splices;
}

function indented(text: string, from: number, to: number, step: string): Splice[] {
  const splices: Splice[] = [];
  for (let at = from; at < to; at = nextLine(text, at))
    if (text.slice(at, nextLine(text, at)).trim() !== '') splices.push({ start: at, end: at, text: step });
  return splices;
}

function firstOf(value: Node): number {
  const [first] = (value as unknown as { items: Pair[] }).items;
  return (first?.key as Node).range![0];
}
