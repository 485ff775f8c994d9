import { setTimeout as sleep } from 'node:timers/promises';

/** In first pauses: with that of requests (see retry.ts) a second. */
const MOST = 5;

interface Chance {
  readonly random: () => number;
  readonly now: () => number;
}

/**
 * The pace at which a process tries to connect to a server that was lost. Watches, waits and lists each try again by
 * themselves; without a pace that they share, a server that is coming up meets all of them at once, again and again.
 */
export class Redial {
  private readonly firstMs: number;
  private readonly chance: Chance;
  private failures = 0;
  private notBefore = 0;

  constructor(
    firstMs: number,
    chance: Chance = { random: () => Math.random(), now: () => performance.now() },
  ) {
    this.firstMs = firstMs;
    this.chance = chance;
  }

  /** Milliseconds until the next attempt may be made. */
  get pause(): number {
    return Math.max(0, this.notBefore - this.chance.now());
  }

  /** Waits until an attempt may be made. */
  async turn(): Promise<void> {
    for (let { pause } = this; pause > 0; { pause } = this) await sleep(pause);
  }

  /** No connection, or it broke without an answer. Whoever hears of the same outage later adds nothing. */
  failed(): void {
    if (this.pause > 0) return;
    const pause = this.firstMs * Math.min(2 ** this.failures++, MOST);
    this.notBefore = this.chance.now() + pause * (0.5 + this.chance.random() / 2);
  }

  answered(): void {
    this.failures = 0;
    this.notBefore = 0;
  }
}
