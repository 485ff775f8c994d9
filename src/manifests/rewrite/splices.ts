import { NotEditable } from './edits.ts';

/** `text` in place of what stands from `start` to `end`; offsets of the text before any splice. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all splices made. Two that are the same are one; two that get in each other's way are not editable. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const unique = new Map(splices.map((one) => [`${one.start} ${one.end} ${one.text}`, one]));
  const parts: string[] = [];
  let at = 0;
  // What is put in where something else begins comes before that.
  for (const splice of [...unique.values()].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < at) throw new NotEditable('two of the changes are in the same place');
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join('') + text.slice(at);
}
