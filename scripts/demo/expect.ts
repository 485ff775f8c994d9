// Each step of the demo says what must be so after it; the demo ends at the first that is not.
import { good } from './screen.ts';

/** A step that is not as it should be: shown without a stack, exit code 1. */
export class DemoFailure extends Error {
  override name = 'DemoFailure';
}

/**
 * Shows what holds.
 * @throws DemoFailure when it does not
 */
export function must(what: string, holds: boolean, seen?: unknown): void {
  insist(what, holds, seen);
  good(what);
}

/** The same, without a word when it holds. */
export function insist(what: string, holds: boolean, seen?: unknown): void {
  if (holds) return;
  const but = seen === undefined ? '' : `; seen: ${JSON.stringify(seen)}`;
  throw new DemoFailure(`not so: ${what}${but}`);
}
