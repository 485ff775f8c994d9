import { NotEditable } from './edits.ts';

/** `text` in place of what stands from `start` to `end`; offsets of the text before any splice. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `removal`: lines or items go; what would change within them is moot. `indent`: blanks at the start of a line. */
  readonly what?: 'removal' | 'indent';
}

/** The text with all splices made. Two that are the same are one; two that get in each other's way are not editable. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const splice of inOrder(splices)) {
    if (splice.start < at) throw new NotEditable('two of the changes are in the same place');
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join('') + text.slice(at);
}

function inOrder(splices: readonly Splice[]): Splice[] {
  const unique = new Map(splices.map((one) => [`${one.start} ${one.end} ${one.text}`, one]));
  const kept: Splice[] = [];
  let removal: Splice | null = null;
  // The larger of two that begin together comes first.
  for (const one of [...unique.values()].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (removal && covers(removal, one)) continue;
    kept.push(one);
    if (one.what === 'removal') removal = one;
  }
  return kept.sort((a, b) => a.start - b.start || a.end - b.end);
}

function covers(removal: Splice, one: Splice): boolean {
  if (one.end > one.start) return one.end <= removal.end;
  // What is put in between belongs to its neighbour outside, but for a line's indentation.
  const inside = one.start > removal.start || one.what === 'indent';
  return inside && one.start < removal.end;
}
