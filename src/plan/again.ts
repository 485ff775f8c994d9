// Writes whose answer was lost.
import { WriteUnknown } from '../api/cluster.ts';

/** How often a write is made whose answers do not come. */
export const TRIES = 3;
const PAUSE_MS = 200;

/** Between two tries. Each begins with a look, whose own retries are spread. */
export async function pause(attempt: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (attempt - 1)));
}

/**
 * Writes; where it is not known whether that took place, looks, and only where it did not, writes again.
 * @param landed what came of it, or null where nothing did; throws the error that it is handed where it can't tell
 * @throws WriteUnknown when that did not help
 */
export async function untilKnown<T>(
  write: () => Promise<T>,
  landed: (doubt: WriteUnknown) => Promise<T | null>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof WriteUnknown)) throw error;
      const found = await landed(error);
      if (found !== null) return found;
      if (attempt === TRIES) throw error;
      await pause(attempt);
    }
  }
}

/** For server-side apply: doing it twice is the same as doing it once. */
export const asOften = (): Promise<null> => Promise.resolve(null);
