import { EXIT, UserError } from '../api/errors.ts';
import { probe, type ProbeTarget } from '../verify/probe.ts';
import type { Context } from './context.ts';

const EVERY_MS = 200;
/** A request that hangs while nothing serves must not hide the moment when something does. */
const PATIENCE_MS = 2000;

/** Sends one request after the other and measures the time without a 2xx. */
export class Downtime {
  readonly #target: ProbeTarget | undefined;
  readonly #context: Context;
  readonly #everyMs: number;
  #running = false;
  #lastGood = 0;
  #longest = 0;
  #downSince: number | null = null;
  /** Requests so far, and which of them was the last one with a 2xx. */
  #sent = 0;
  #good = 0;

  constructor(target: ProbeTarget | undefined, context: Context, everyMs = EVERY_MS) {
    this.#everyMs = everyMs;
    this.#target = target && { ...target, timeoutMs: PATIENCE_MS };
    this.#context = context;
  }

  start(): void {
    if (!this.#target || this.#running) return;
    this.#running = true;
    void this.#loop(this.#target);
  }

  stop(): void {
    this.#running = false;
  }

  /** Seconds of the longest gap between two 2xx; null when nothing was measured. Throws after `timeoutMs` without a 2xx. */
  async untilServed(timeoutMs: number): Promise<number | null> {
    if (!this.#target) return null;
    const deadline = this.#now() + timeoutMs;
    // What was sent before may have been served by what is gone now, or have no answer yet.
    const before = this.#sent;
    while (this.#downSince !== null || this.#good <= before) {
      if (this.#now() > deadline)
        throw new UserError('The v1 pool does not serve: no request was answered with a 2xx.', {
          exitCode: EXIT.timeout,
          hint: 'See what is wrong: kubectl infpool verify',
        });
      await new Promise((resolve) => setTimeout(resolve, this.#everyMs));
    }
    return this.#longest / 1000;
  }

  async #loop(target: ProbeTarget): Promise<void> {
    this.#lastGood = this.#now();
    while (this.#running) {
      const number = ++this.#sent;
      const { status } = await probe(target);
      const now = this.#now();
      if (status >= 200 && status <= 299) {
        this.#longest = Math.max(this.#longest, now - this.#lastGood);
        this.#lastGood = now;
        this.#good = number;
        this.#downSince = null;
      } else this.#downSince ??= now;
      await new Promise((resolve) => setTimeout(resolve, this.#everyMs));
    }
  }

  #now(): number {
    return this.#context.now().getTime();
  }
}
