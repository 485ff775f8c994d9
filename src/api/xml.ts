import { UNSAFE } from './unsafe.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as XML and HTML take it literally, in elements and in attributes. Two characters are in no XML at all. */
export function xml(text: string): string {
  return text
    .replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? ' ' : ''))
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
