import {
  constructFromEvents,
  EVENT_ID,
  getScalarValue,
  parseEvents,
  YAMLException,
  type Event,
  type MappingEvent,
  type ScalarEvent,
} from 'js-yaml';
import { lineBreaks, type DocumentText } from './documents.ts';
import { expandedSize } from './expand.ts';
import { LIMITS, mebibytes } from './limits.ts';
import { KUBECTL_SCHEMA } from './schema.ts';

/** A document that is well-formed. Values are only built when asked for: most documents are none of ours. */
export interface ParsedDocument {
  readonly state: 'parsed';
  /** Line of its first content. */
  readonly line: number;
  /** Strings at the root; undefined where they are not there. */
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Lines of the entries of `items`, for Lists. */
  readonly itemLines: readonly number[];
  /** Throws {@link BrokenDocument}. */
  value(): unknown;
}

export type Parsed = ParsedDocument | { readonly state: 'empty' };

/** `message` is one line and ends with a full stop. */
export class BrokenDocument extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Throws {@link BrokenDocument}. By js-yaml's events, not by the yaml library: 10,000 documents of 350 bytes take it 0.1 s
 * and yaml 1 s, and events show what a document is before anything of it is built.
 */
export function parseDocument({ text, line }: DocumentText): Parsed {
  if (text.length > LIMITS.documentBytes)
    throw new BrokenDocument(
      line,
      `The document is larger than ${mebibytes(LIMITS.documentBytes)}, the most that is read.`,
    );
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: LIMITS.depth });
  } catch (cause) {
    return fromJson(text, line) ?? rethrow(cause, line);
  }
  // Document, root, …
  const root = events[1];
  if (!root || isEmpty(root)) return { state: 'empty' };
  const lineOf = (offset: number) => line + lineBreaks(text, offset);
  const bomb = expandedSize(events, text);
  if (bomb) throw new BrokenDocument(lineOf(bomb.offset), bomb.message);

  const build = () => {
    try {
      return constructFromEvents(events, { source: text, schema: KUBECTL_SCHEMA })[0];
    } catch (cause) {
      return fromJson(text, line)?.value() ?? rethrow(cause, line);
    }
  };
  const start = startOf(root);
  const parsed = { state: 'parsed' as const, line: lineOf(start), value: build };
  // An alias may bring any of the fields looked for.
  if (events.some((event) => event.type === EVENT_ID.ALIAS)) {
    const value = build();
    return { ...parsed, ...namesOf(value), itemLines: [] };
  }
  if (root.type !== EVENT_ID.MAPPING)
    return { ...parsed, apiVersion: undefined, kind: undefined, itemLines: [] };
  const top = topLevel(events, text);
  return { ...parsed, ...top, itemLines: linesAt(text, line, top.items) };
}

// The library says where: as an offset into this document, counted in lines from 0.
function rethrow(cause: unknown, line: number): never {
  if (!(cause instanceof YAMLException)) throw cause;
  const reason = cause.reason.startsWith('nesting exceeded')
    ? `it is nested deeper than ${LIMITS.depth} levels, the most that is read`
    : cause.reason;
  throw new BrokenDocument(line + (cause.mark?.line ?? 0), `Not valid YAML: ${reason}.`);
}

// JSON may hold what YAML may not, such as a key twice, and kubectl reads it as JSON.
function fromJson(text: string, line: number): ParsedDocument | null {
  if (!/^\ufeff?\s*\{/.test(text) || jsonDepth(text) > LIMITS.depth) return null;
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return { state: 'parsed', line, ...namesOf(value), itemLines: [], value: () => value };
  } catch {
    return null;
  }
}

function jsonDepth(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

interface Names {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
}

function namesOf(value: unknown): Names {
  const { apiVersion, kind } = (value ?? {}) as { apiVersion?: unknown; kind?: unknown };
  const text = (field: unknown) => (typeof field === 'string' ? field : undefined);
  return { apiVersion: text(apiVersion), kind: text(kind) };
}

/** The fields of the root mapping that say what the document is; `items` are offsets. */
function topLevel(events: readonly Event[], text: string): Names & { items: number[] } {
  const names: Record<string, string> = {};
  const items: number[] = [];
  let key: string | null = null;
  for (let at = 2; at < events.length;) {
    const event = events[at]!;
    if (event.type === EVENT_ID.POP) break;
    const scalar = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '';
    const next = afterNode(events, at);
    if (key === null) key = scalar;
    else {
      if (scalar !== '' && (key === 'apiVersion' || key === 'kind')) names[key] = scalar;
      if (key === 'items' && event.type === EVENT_ID.SEQUENCE)
        for (let item = at + 1; item < next - 1; item = afterNode(events, item))
          items.push(startOf(events[item]!));
      key = null;
    }
    at = next;
  }
  return { apiVersion: names['apiVersion'], kind: names['kind'], items };
}

/** The index behind the node that begins here, with all that is in it. */
function afterNode(events: readonly Event[], from: number): number {
  let depth = 0;
  for (let at = from; ; at++) {
    const { type } = events[at]!;
    if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
    else if (type === EVENT_ID.POP) depth--;
    if (depth === 0) return at + 1;
  }
}

// Offsets ascend, so one walk over the text serves all of them.
function linesAt(text: string, first: number, offsets: readonly number[]): number[] {
  let [line, from] = [first, 0];
  return offsets.map((offset) => {
    line += lineBreaks(text.slice(from, offset), offset - from);
    from = offset;
    return line;
  });
}

function startOf(event: Event): number {
  const { start, valueStart, anchorStart, tagStart } = event as Partial<MappingEvent & ScalarEvent>;
  const offsets = [start, valueStart, anchorStart, tagStart].flatMap((offset) => offset ?? []);
  return Math.min(...offsets.filter((offset) => offset >= 0), Infinity);
}

function isEmpty(root: Event): boolean {
  return (
    root.type === EVENT_ID.POP || (root.type === EVENT_ID.SCALAR && root.valueStart < 0 && root.tagStart < 0)
  );
}
