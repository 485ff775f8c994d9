import { Latencies } from './latencies.ts';

/** Our own requests of one step, counted. */
export class Requests {
  sent = 0;
  /** Those that got no 2xx. */
  failed = 0;
  /** Of those that were answered with 2xx. */
  readonly latencies = new Latencies();

  add(results: readonly { readonly status: number; readonly ms: number }[]): void {
    for (const { status, ms } of results) {
      this.sent++;
      if (status >= 200 && status <= 299) this.latencies.add(ms);
      else this.failed++;
    }
  }
}
