import { WriteRefused } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import { RequestFailure, type FailureKind } from '../cluster/failures.ts';
import { safe } from '../report/text.ts';
import type { Context } from './context.ts';

const PAUSE_MS = 1000;

// The server is away; credentials and certificates don't get better by waiting.
const PASSING: ReadonlySet<FailureKind> = new Set<FailureKind>(['unreachable', 'lost', 'timeout']);

/**
 * Does it again for `patienceMs` while the API server is away, as it is when it is restarted. Only for what looks at the
 * cluster first and does what is left to do.
 */
export async function patiently<T>(
  work: () => Promise<T>,
  context: Context,
  patienceMs: number,
  pauseMs = PAUSE_MS,
): Promise<T> {
  const until = context.now().getTime() + patienceMs;
  let said = false;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || context.now().getTime() >= until) throw error;
      if (!said) context.stderr.write(`${safe(error.message)}; trying again for ${patienceMs / 1000} s.\n`);
      said = true;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

// An API server that has just started answers 503 until it knows all of its paths: nothing was done.
const BUSY = new Set([429, 503]);

function isPassing(error: unknown): error is UserError {
  if (!(error instanceof UserError)) return false;
  const { cause } = error;
  if (cause instanceof RequestFailure) return PASSING.has(cause.kind);
  return cause instanceof WriteRefused && BUSY.has(cause.status);
}
