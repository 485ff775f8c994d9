import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { Ref } from '../api/ref.ts';
import type { Check } from '../api/verification.ts';

/** What is to be drawn. */
export interface Scene {
  readonly title: string;
  readonly notes: readonly string[];
  readonly inventory: Inventory;
  readonly pools: readonly PoolEntry[];
  /** What was checked on them; none where files are looked at, or what is planned. */
  readonly checks: readonly Check[];
  /** Was this object looked for, so that its absence means that there is none? */
  readonly lookedFor: (ref: Ref) => boolean;
}

/** Above so many pools each is drawn with what is behind it in one box. */
export const IN_DETAIL = 8;
