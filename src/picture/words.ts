import { UNSAFE } from '../api/unsafe.ts';

/** One line that no viewer takes for anything else. */
export function plain(text: string): string {
  return text.replace(UNSAFE, (character) => (character === '\n' || character === '\t' ? ' ' : ''));
}
