import { RequestFailure } from './failures.ts';

interface Limits {
  /** Until a connection stands. */
  readonly connectMs?: number;
  /** Until the last byte. 0: no limit. */
  readonly totalMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Calls `give` once, when a limit is reached or the signal aborted; returns what ends the watching. */
export function limits(
  { connectMs, totalMs, signal }: Limits,
  give: (failure: RequestFailure) => void,
): () => void {
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number | undefined, failure: () => RequestFailure) => {
    if (ms) timers.push(setTimeout(() => give(failure()), ms));
  };
  after(
    connectMs,
    () => new RequestFailure('unreachable', `no connection within ${seconds(connectMs!)}`, { sent: false }),
  );
  after(
    totalMs,
    () => new RequestFailure('timeout', `no full answer within ${seconds(totalMs!)}`, { sent: true }),
  );
  const aborted = () => give(new RequestFailure('timeout', 'given up', { sent: false }));
  if (signal?.aborted) aborted();
  signal?.addEventListener('abort', aborted, { once: true });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  };
}

export function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}
