/** Each latency with the number of requests that had it. */
export type CountedMs = readonly (readonly [ms: number, count: number])[];

/**
 * How many requests took how long. Whole milliseconds up to 100, from there on three digits: there are a few hundred of
 * those at most, however many requests there were.
 */
export class Latencies {
  private readonly counts = new Map<number, number>();

  add(ms: number, count = 1): void {
    const rounded = ms < 100 ? Math.round(ms) : Number(ms.toPrecision(3));
    this.counts.set(rounded, (this.counts.get(rounded) ?? 0) + count);
  }

  /** By milliseconds, rising. */
  counted(): CountedMs {
    return [...this.counts].sort(([a], [b]) => a - b);
  }

  /** The value below which `percent` of them lie (nearest rank); null when there are none. */
  percentile(percent: number): number | null {
    const counted = this.counted();
    const total = counted.reduce((sum, [, count]) => sum + count, 0);
    const rank = Math.max(1, Math.ceil((percent / 100) * total));
    let passed = 0;
    return counted.find(([, count]) => (passed += count) >= rank)?.[0] ?? null;
  }
}
