import type { Reply } from './reply.ts';

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
        if (this.told.has(text)) continue;
        this.told.add(text);
        this.tell(text);
      }
    }
  }
}
