// Whether two findings say the same in other words, so that it need not be said again for each object.
import type { Finding } from '../api/finding.ts';

/** At most so many words of a sentence may be its object's own, and at least so large a part of it is common. */
const OWN_WORDS = 4;
const COMMON = 0.75;

/** What `other` says differently from `told`: null where it says something else, '' where it is word for word the same. */
export function difference(told: Finding, other: Finding): string | null {
  if (told.hint !== other.hint) return null;
  if (told.message === other.message) return '';
  const [a, b] = [template(told), template(other)];
  if (a === b) return '';
  return fragment(a.split(' '), b.split(' '));
}

// The words that differ, with the one before them: "priority -1" says more than "-1".
function fragment(a: readonly string[], b: readonly string[]): string | null {
  const most = Math.min(a.length, b.length);
  let before = 0;
  while (before < most && a[before] === b[before]) before++;
  let after = 0;
  while (after < most - before && a[a.length - 1 - after] === b[b.length - 1 - after]) after++;
  const words = b.slice(before, b.length - after);
  const longest = Math.max(words.length, a.length - before - after);
  if (longest > OWN_WORDS || words.length === 0 || before + after < COMMON * a.length) return null;
  if (words.some((word) => word.includes(OWN))) return null;
  return b
    .slice(Math.max(0, before - 1), b.length - after)
    .filter((word) => !word.includes(OWN))
    .join(' ');
}

const OWN = '\u0000';

// The message with what is the object's own left open: its name, and of a kind its plural and its group.
function template({ ref, field, message }: Finding): string {
  const dot = field.indexOf('.');
  const own = ref ? [ref.name] : [field, ...(dot > 0 ? [field.slice(0, dot), field.slice(dot + 1)] : [])];
  return own
    .filter((word) => word !== '')
    .sort((x, y) => y.length - x.length)
    .reduce((text, word) => text.replace(asWord(word), OWN), message);
}

function asWord(word: string): RegExp {
  return new RegExp(`(?<![\\w.-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'g');
}
