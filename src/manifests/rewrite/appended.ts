import type { Node } from 'yaml';
import type { KubeObject } from '../../api/object.ts';
import { insertedLines } from './additions.ts';
import { parsed } from './documents.ts';
import { NotEditable } from './edits.ts';
import { endOf } from './places.ts';
import { spliced } from './splices.ts';
import { blockLines, flowText, indentInside, styleOf } from './style.ts';

/** The text with documents of their own behind document `index`, written as that one is. */
export function withDocuments(
  text: string,
  index: number,
  objects: readonly KubeObject[],
  dash?: number,
): string {
  const document = parsed(text)?.documents[index];
  if (!document) throw new NotEditable('what it becomes could not be read');
  const style = styleOf(document, text, dash);
  const root = document.contents as Node;
  const pretty = indentInside(text, root) === undefined ? null : '';
  const lines = objects.flatMap((object) => [
    '---',
    ...(style.json ? [flowText(object, style, pretty)] : blockLines(object, style)),
  ]);
  return spliced(text, [insertedLines(text, endOf(root), 1, lines.join(style.eol), style.eol)]);
}

/** The text of a JSON file, which holds one value, as a List of that and of the objects. */
export function asJsonList(text: string, objects: readonly KubeObject[]): string {
  const document = parsed(text)?.documents[0];
  if (!document) throw new NotEditable('what it becomes could not be read');
  const style = styleOf(document, text);
  const root = document.contents as Node;
  const pretty = indentInside(text, root) !== undefined;
  const [start, end] = [root.range![0], endOf(root)];
  const inner = pretty ? style.step.repeat(2) : null;
  // A line end is never within a string in JSON.
  const own = text.slice(start, end).replaceAll('\n', `\n${inner ?? ''}`);
  const items = [own, ...objects.map((object) => flowText(object, style, inner))];
  const list = flowText({ apiVersion: 'v1', kind: 'List', items: [0] }, style, pretty ? '' : null);
  const joined = items.join(pretty ? `,${style.eol}${inner}` : style.comma);
  const at = list.lastIndexOf('0');
  return text.slice(0, start) + list.slice(0, at) + joined + list.slice(at + 1) + text.slice(end);
}

export function listOf(objects: readonly unknown[]): unknown {
  return { apiVersion: 'v1', kind: 'List', items: objects };
}
