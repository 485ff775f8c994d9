import type { Interlock } from '../api/interlock.ts';
import type { Inventory } from '../api/inventory.ts';
import { qualifiedName, type Resource } from '../api/resource.ts';
import { unreadText } from '../report/unread.ts';
import type { Context } from './context.ts';
import { unfolded } from './said.ts';

/** Names what could not be read: whatever is said or done beside it, is without that. */
export function tellUnread({ unread }: Pick<Inventory, 'unread'>, context: Context): void {
  context.stderr.write(unreadText(unread, unfolded(context.style)));
}

/** What must not be taken for "there is none": the user may say that there is none, by --force. */
export function unreadLocks(
  { unread }: Pick<Inventory, 'unread'>,
  kinds: readonly Resource[],
  because: string,
): Interlock[] {
  const names = new Set(kinds.map(qualifiedName));
  return unread
    .filter(({ resource }) => names.has(resource))
    .map(({ resource, message }) => ({
      forceable: true,
      finding: {
        id: 'could-not-read',
        severity: 'error',
        ref: null,
        field: resource,
        message: `It could not be read (${message}): ${because}.`,
        hint: `Allow "list" on ${resource} for your user (all that it needs: kubectl infpool auth); --force goes on as if there were none.`,
      },
    }));
}
