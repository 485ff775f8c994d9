import { EVENT_ID, type Event } from 'js-yaml';
import { LIMITS } from './limits.ts';

interface Open {
  readonly anchor: string;
  size: number;
}

/**
 * What is wrong with a document's aliases, or null: written out they would be too much ("billion laughs"), or would never
 * end. Reading such a document is cheap, since aliases share what they name; walking over it is not.
 */
export function expandedSize(
  events: readonly Event[],
  text: string,
): { offset: number; message: string } | null {
  const sizes = new Map<string, number>();
  const open: Open[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const closed = open.pop();
      if (!closed) continue;
      if (closed.anchor !== '') sizes.set(closed.anchor, closed.size);
      const parent = open.at(-1);
      if (parent) parent.size += closed.size;
      continue;
    }
    const anchor = anchorOf(event, text);
    if (event.type === EVENT_ID.ALIAS) {
      if (open.some((collection) => collection.anchor === anchor) && !sizes.has(anchor))
        return { offset: event.anchorStart, message: `Its alias *${anchor} stands in what it names.` };
      const around = open.at(-1)!;
      around.size += sizes.get(anchor) ?? 1;
      if (open.reduce((sum, collection) => sum + collection.size, 0) > LIMITS.expandedValues)
        return {
          offset: event.anchorStart,
          message: `Its aliases stand for more than ${LIMITS.expandedValues} values, the most that is read.`,
        };
    } else if (event.type === EVENT_ID.SCALAR) {
      if (anchor !== '') sizes.set(anchor, 1);
      open.at(-1)!.size++;
    } else {
      // Defined anew: what it named before is gone.
      if (anchor !== '') sizes.delete(anchor);
      open.push({ anchor, size: 1 });
    }
  }
  return null;
}

function anchorOf(event: Event, text: string): string {
  if (!('anchorStart' in event) || event.anchorStart < 0) return '';
  return text.slice(event.anchorStart, event.anchorEnd);
}
