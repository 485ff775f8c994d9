// Sends at a constant rate, whatever comes back: an open loop, so that a slow server is not spared.
import { Agent } from 'node:http';
import { assertLoopback, type LoadOptions, type Sample } from './sample.ts';
import { shoot } from './shot.ts';

/** More than this many unanswered would only measure ourselves. */
const MAX_UNDER_WAY = 3000;

export class Generator {
  readonly samples: Sample[] = [];
  /** Date.now() */
  readonly startedAt = Date.now();
  /** the longest time that a request was sent late, by our own fault */
  maxLagMs = 0;
  /** all sending is over, and every answer is in */
  readonly done: Promise<void>;
  private readonly options: Required<LoadOptions>;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity, scheduling: 'lifo' });
  private readonly start = performance.now();
  private readonly underWay = new Set<Promise<void>>();
  private sent = 0;
  private ending = false;
  private timer: NodeJS.Timeout | undefined;
  private finish: () => void = () => undefined;

  constructor(options: LoadOptions) {
    assertLoopback(options.url);
    this.options = {
      streamShare: 0.5,
      newConnectionShare: 0.1,
      path: '/v1/completions',
      timeoutSeconds: 30,
      maxSeconds: 300,
      ...options,
      url: options.url.replace(/\/$/, ''),
    };
    this.done = new Promise((resolve) => (this.finish = resolve));
    this.tick();
  }

  /** Sends no more; `done` follows once all under way are answered. */
  stop(): void {
    if (this.ending) return;
    this.ending = true;
    clearTimeout(this.timer);
    void Promise.all(this.underWay).then(() => {
      this.agent.destroy();
      this.finish();
    });
  }

  private tick(): void {
    const { rate, maxSeconds } = this.options;
    const now = performance.now() - this.start;
    if (now > maxSeconds * 1000) return this.stop();
    while ((this.sent * 1000) / rate <= now) {
      this.maxLagMs = Math.max(this.maxLagMs, now - (this.sent * 1000) / rate);
      this.send(this.sent++);
    }
    const next = (this.sent * 1000) / rate - (performance.now() - this.start);
    this.timer = setTimeout(() => this.tick(), Math.max(0, next));
  }

  private send(index: number): void {
    const { models, streamShare, newConnectionShare, url, path, timeoutSeconds } = this.options;
    const chosen = models[index % models.length]!;
    const { model, headers = {} } = typeof chosen === 'string' ? { model: chosen } : chosen;
    // Two sequences that fill [0, 1) evenly and have nothing to do with each other, nor with the model's turn.
    const streamed = ((index * (Math.sqrt(5) - 1)) / 2) % 1 < streamShare;
    const fresh = (index * (Math.SQRT2 - 1)) % 1 < newConnectionShare;
    const at = performance.now() - this.start;
    const note = (outcome: Omit<Sample, 'at' | 'ms' | 'model' | 'streamed' | 'fresh'>) => {
      const ms = performance.now() - this.start - at;
      this.samples.push({ at: rounded(at), ms: rounded(ms), model, streamed, fresh, ...outcome });
    };
    if (this.underWay.size >= MAX_UNDER_WAY)
      return note({ status: 0, pool: null, pod: null, problem: 'not sent' });
    const agent = fresh ? undefined : this.agent;
    const timeoutMs = timeoutSeconds * 1000;
    const work = shoot({ url, path, model, headers, streamed, agent, timeoutMs }).then((outcome) => {
      note(outcome);
      this.underWay.delete(work);
    });
    this.underWay.add(work);
  }
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;
