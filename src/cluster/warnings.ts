import type { Reply } from './reply.ts';

/** More than any server means to say; each is as long as headers can be. */
const MOST_TOLD = 100;

/** Collects the API server's `Warning` headers; tells each text once. */
export class Warnings {
  private readonly told = new Set<string>();
  private readonly tell: (text: string) => void;

  constructor(tell: (text: string) => void) {
    this.tell = tell;
  }

  read(response: Reply): void {
    // Several headers come as one, joined by commas, as several warnings in one header do.
    for (const header of [response.headers['warning'] ?? ''].flat()) {
      // RFC 9111: `299 agent "text"`, several of them separated by commas.
      for (const [, quoted] of header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
        const text = quoted!.replaceAll(/\\(.)/g, '$1');
        if (this.told.has(text) || this.told.size === MOST_TOLD) continue;
        this.told.add(text);
        this.tell(text);
      }
    }
  }
}
