import type { Document, Node } from 'yaml';
import { lineStart } from './places.ts';

/**
 * A part of a file without its only document. The comment that a file begins with, a licence for one, stays where an
 * empty line parts it from the document.
 */
export function withoutDocument(text: string, document: Document, first: boolean): string {
  if (!first) return '';
  const head = text.slice(0, lineStart(text, (document.contents as Node).range![0]));
  const blank = /^(?:[ \t]*#[^\n]*\n)+(?:[ \t]*\r?\n)+/.exec(head);
  return blank ? blank[0] : '';
}
