import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';

/** As client-go does, if more often (golang.org/x/net/http2: ReadIdleTimeout, PingTimeout): nobody wants to wait here. */
const EVERY_MS = 5000;
/** A look at it that found nothing new; at the first one it is asked for a sign of life. */
const MOST_SILENT = 3;

const pulses = new WeakMap<ClientHttp2Session, Pulse>();

/**
 * Ends a connection from which nothing comes, not even the answer to a ping, while `stream` waits on it. TCP itself may
 * not hear for minutes that the other side is gone, and Node does not always pass on that it was reset as the handshake
 * ended. The timers of HTTP/2 streams keep no process alive: without this one it would end in the middle of its work,
 * with exit code 0.
 */
export function watchOver(session: ClientHttp2Session, stream: ClientHttp2Stream, everyMs = EVERY_MS): void {
  const pulse = pulses.get(session) ?? new Pulse(session, everyMs);
  pulses.set(session, pulse);
  pulse.begin();
  stream.once('close', () => pulse.end());
}

class Pulse {
  private readonly session: ClientHttp2Session;
  private readonly everyMs: number;
  private waiting = 0;
  private timer: NodeJS.Timeout | undefined;
  private silent = 0;
  private last = '';

  constructor(session: ClientHttp2Session, everyMs: number) {
    this.session = session;
    this.everyMs = everyMs;
  }

  begin(): void {
    if (this.waiting++ > 0) return;
    this.silent = 0;
    this.last = receivedSoFar(this.session);
    this.timer = setInterval(() => this.feel(), this.everyMs);
  }

  end(): void {
    if (--this.waiting === 0) clearInterval(this.timer);
  }

  private feel(): void {
    const now = receivedSoFar(this.session);
    this.silent = now === this.last ? this.silent + 1 : 0;
    this.last = now;
    if (this.silent >= MOST_SILENT) this.session.destroy(gone());
    else if (this.silent === 1 && !this.session.destroyed)
      this.session.ping((error) => {
        if (!error) this.silent = 0;
      });
  }
}

// The answer to a ping may come late behind much data, but then there is the data.
function receivedSoFar({ state }: ClientHttp2Session): string {
  const { effectiveRecvDataLength, effectiveLocalWindowSize, inflateDynamicTableSize, remoteWindowSize } =
    state;
  return [
    effectiveRecvDataLength,
    effectiveLocalWindowSize,
    inflateDynamicTableSize,
    remoteWindowSize,
  ].join();
}

function gone(): Error {
  return Object.assign(new Error('nothing comes from it any more'), { code: 'ECONNRESET' });
}
