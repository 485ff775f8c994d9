/** Where in a document: map keys and sequence indexes, as the document has them before any edit. */
export type Path = readonly (string | number)[];

/** One change of a document's structure. All paths are those of the document as it was. */
export type Edit =
  | { readonly op: 'set'; readonly path: Path; readonly value: string | number }
  | { readonly op: 'rename'; readonly path: Path; readonly key: string }
  /** `selector: X` → `selector: {matchLabels: X}`; the shape `[0, 'number']` makes a sequence of one mapping of it. */
  | { readonly op: 'wrap'; readonly path: Path; readonly shape: readonly (string | 0)[] }
  | { readonly op: 'remove'; readonly path: Path }
  /** The key and its value go, another comes in their place. */
  | { readonly op: 'replace'; readonly path: Path; readonly key: string; readonly value: string | number }
  /** A key for the mapping at `path`: behind the last of `after` that it has, else as its first. */
  | {
      readonly op: 'add';
      readonly path: Path;
      readonly key: string;
      readonly value: unknown;
      readonly after: readonly string[];
    }
  /** An item for the sequence that holds `path`, right behind it. */
  | { readonly op: 'append'; readonly path: Path; readonly value: unknown };

/** Why a document has to be edited by hand; ends the edits of one object, not those of its neighbours. */
export class NotEditable extends Error {}

/** What `set`, `add` and `remove` make of a value: the same as the Editor makes of its text. */
export function applied(value: unknown, edits: readonly Edit[]): unknown {
  const removed: Path[] = [];
  let result = value;
  for (const edit of edits) {
    if (edit.op === 'set') result = changed(result, edit.path, () => edit.value);
    else if (edit.op === 'add')
      result = changed(result, edit.path, (map) => ({ ...(map as object), [edit.key]: edit.value }));
    else if (edit.op === 'remove') removed.push(edit.path);
    else throw new Error(`bug: ${edit.op} has no meaning for values`);
  }
  // From the back, so that the indexes of those before stay what they were.
  for (const path of removed.toReversed())
    result = changed(result, path.slice(0, -1), (parent) => without(parent, path.at(-1)!));
  return result;
}

function changed(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? changed(item, rest, change) : item));
  const map = (value ?? {}) as Record<string, unknown>;
  return { ...map, [key]: changed(map[key], rest, change) };
}

function without(parent: unknown, key: string | number): unknown {
  if (Array.isArray(parent)) return parent.filter((_, index) => index !== key);
  const { [key]: _, ...rest } = parent as Record<string, unknown>;
  return rest;
}

/** What differs between two values, as a person would be told to change it: `spec.selector.app: remove it`. */
export function differences(before: unknown, after: unknown, at = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (after === undefined) return [`remove ${at}`];
  if (!isMap(before) || !isMap(after)) {
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
      return before.flatMap((item, index) => differences(item, after[index], `${at}[${index}]`));
    return [`set ${at} to ${JSON.stringify(after)}`];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  if (keys.size === Object.keys(before).length + Object.keys(after).length)
    return [`set ${at} to ${JSON.stringify(after)}`];
  return [...keys].flatMap((key) => differences(before[key], after[key], at === '' ? key : `${at}.${key}`));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
