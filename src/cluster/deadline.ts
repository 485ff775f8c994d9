export interface Deadline {
  readonly signal: AbortSignal;
  /** To be called once nobody waits any more: until then the timer keeps the process alive. */
  clear(): void;
}

/**
 * Aborted after so many milliseconds, or when `other` is. In place of `AbortSignal.any([AbortSignal.timeout(…), …])`, which
 * Node 22 keeps, with all that it leads to, until the process ends; and a migration may be watched for days.
 */
export function deadline(ms: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ms);
  if (other?.aborted) abort();
  else other?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      other?.removeEventListener('abort', abort);
    },
  };
}
