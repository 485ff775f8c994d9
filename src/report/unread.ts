// What could not be read, for people: a user without rights lacks them for twenty kinds, and for one reason.
import type { UnreadEntry } from '../api/inventory.ts';
import { safe, wrap, type Style } from './text.ts';

type Unread = Pick<UnreadEntry, 'resource' | 'message'>;

/** `could not check A, B: User "dev" cannot list them …`: a line for each reason, then where the rights are told. */
export function unreadText(unread: readonly Unread[], style: Style): string {
  const lines = unreadLines(unread).map((line) => wrap(`could not check ${line}`, style.width, '  '));
  return lines.length === 0 ? '' : `${[...lines, ...cure(unread, style)].join('\n')}\n`;
}

/** The same under a heading of its own. */
export function unreadBlock(unread: readonly Unread[], style: Style): readonly string[] {
  return [
    ...unreadLines(unread).map((line) => wrap(`  ${line}`, style.width, '    ')),
    ...cure(unread, style),
  ];
}

function unreadLines(unread: readonly Unread[]): string[] {
  const reasons = Map.groupBy(unread, (entry) => reasonOf(entry.message) ?? entry.message);
  return [...reasons].map(([reason, entries]) => {
    const names = entries.map(({ resource }) => safe(resource)).join(', ');
    return `${names}: ${safe(entries.length === 1 ? entries[0]!.message : reason)}`;
  });
}

// The API server's own sentence, without the kind in it: "… is forbidden: User "dev" cannot list resource "pods" in API
// group "" at the cluster scope".
const FORBIDDEN =
  /^.* is forbidden: (User ".*" cannot [a-z]+) resource "[^"]*" in API group "[^"]*" ((?:at|in) the [^]*)$/;

function reasonOf(message: string): string | undefined {
  const [, who, where] = FORBIDDEN.exec(message) ?? [];
  return who === undefined ? undefined : `forbidden: ${who} them ${where}`;
}

/** Where the rights that a command needs are told; the command's name may follow. */
export const RIGHTS = 'The rights that this needs, as a role for your administrator: kubectl infpool auth';

function cure(unread: readonly Unread[], style: Style): string[] {
  if (!unread.some(({ message }) => reasonOf(message) !== undefined)) return [];
  return [wrap(`  → ${RIGHTS}; which of them you have: kubectl infpool auth --check`, style.width, '    ')];
}
