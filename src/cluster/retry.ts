/** What came of one attempt: the server's answer, or why there is none. `unsent`: the server was there, and went away before. */
export type Attempt =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly failure: 'unsent' | 'lost' | 'other' };

export interface Pace {
  /** 0 to 1: spreads clients that were turned away together. */
  readonly random: number;
  /** The longest first wait; it doubles from there. */
  readonly backoffMs: number;
}

export const BACKOFF_MS = 200;
export const MAX_ATTEMPTS = 4;
/** A server that wants us to wait longer than this gets its answer shown instead. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Milliseconds until the next attempt, or null to take what came. `repeatable` says that doing the request twice is the
 * same as doing it once (GET, server-side apply). A 429 means that nothing was done, whatever the method.
 * @param attempt 1 for the first
 */
export function retryDelay(
  came: Attempt,
  attempt: number,
  repeatable: boolean,
  { random, backoffMs }: Pace,
): number | null {
  if (attempt >= MAX_ATTEMPTS || !mayRepeat(came, repeatable)) return null;
  const backoff = backoffMs * 2 ** (attempt - 1) * (0.5 + random / 2);
  const asked = 'status' in came ? retryAfterMs(came.retryAfter) : 0;
  const delay = Math.max(backoff, asked);
  return delay > LONGEST_WAIT_MS ? null : Math.round(delay);
}

function mayRepeat(came: Attempt, repeatable: boolean): boolean {
  if ('failure' in came) return came.failure === 'unsent' || (repeatable && came.failure === 'lost');
  if (came.status === 429) return repeatable || came.retryAfter !== undefined;
  // 502 comes from a load balancer in between whose API server just went away.
  return repeatable && (came.status === 503 || came.status === 502);
}

// The API server sends whole seconds; dates (RFC 9110) are what nobody sends, so they fall back to our own pace.
function retryAfterMs(header: string | undefined): number {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) * 1000 : 0;
}
