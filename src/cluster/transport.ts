// JSON over HTTP to one API server: credentials, retries, warnings. Knows nothing of objects.
import type http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toJson } from '../api/json.ts';
import { shownAddress } from './address.ts';
import { makeAgent } from './agent.ts';
import { messageOf, parseJson, type Answer } from './answer.ts';
import type { Credentials } from './credentials.ts';
import { bodyText, exchange, type Exchange } from './exchange.ts';
import { RequestFailure } from './failures.ts';
import { Multiplexed } from './multiplexed.ts';
import { byWayOf, networkFailure } from './network-errors.ts';
import { readAnswer } from './read-answer.ts';
import { Redial } from './redial.ts';
import type { Reply } from './reply.ts';
import { BACKOFF_MS, retryDelay } from './retry.ts';
import { Slots } from './slots.ts';
import { seconds } from './time-limits.ts';
import { Warnings } from './warnings.ts';

export interface TransportOptions {
  /** `https://host:port`, perhaps with a path, without a slash at the end. */
  readonly server: string;
  readonly credentials: {
    get(): Promise<Credentials>;
    renew(refused: Credentials): Promise<Credentials | null>;
  };
  /** URL of the proxy on the way. */
  readonly proxy: string | null;
  readonly userAgent: string;
  /** For the whole of one attempt; 0 means none. */
  readonly requestTimeoutMs: number;
  /** See Pace. */
  readonly backoffMs?: number;
  onWarning(text: string): void;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** Doing it twice is the same as doing it once. GET always is. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal;
}

/** So many requests at once: on one connection they cost no handshake; over HTTP/1.1 each of them has one of its own. */
const AT_ONCE = 32;
const CONNECTIONS = 4;
const CONNECT_MS = 30_000;
/** The API server itself gives up on a request after 60 s. */
const SILENCE_MS = 75_000;

export class Transport {
  /** For messages. */
  readonly server: string;
  private readonly options: TransportOptions;
  private readonly warnings: Warnings;
  private readonly closing = new AbortController();
  private lines: Lines | null = null;
  private readonly slots = new Slots(AT_ONCE);
  private readonly connections = new Slots(CONNECTIONS);
  /** The last failure to connect, as long as none stands. */
  private away: RequestFailure | null = null;
  private connected = false;
  private readonly redial: Redial;

  constructor(options: TransportOptions) {
    this.options = options;
    this.server = shownAddress(options.server);
    this.warnings = new Warnings((text) => options.onWarning(text));
    this.redial = new Redial(options.backoffMs ?? BACKOFF_MS);
  }

  /** @throws RequestFailure when there is no answer; any status is an answer, except 401 */
  async call(call: Call): Promise<Answer> {
    const repeatable = call.repeatable ?? call.method === 'GET';
    for (let attempt = 1; ; attempt++) {
      const came = await this.attempt(call);
      const pace = { random: Math.random(), backoffMs: this.options.backoffMs ?? BACKOFF_MS };
      const delay = retryDelay(came.attempt, attempt, repeatable, pace);
      if (delay === null) {
        if ('failure' in came) throw came.failure;
        return came.answer;
      }
      await sleep(delay, undefined, { signal: this.signalFor(call) }).catch((error: unknown) => {
        throw networkFailure(error, { connected: true });
      });
    }
  }

  /**
   * The raw answer, for a watch; the caller reads or destroys it. It has to begin in time; how long it goes on is the
   * caller's to say.
   * @throws RequestFailure
   */
  async open(path: string, signal: AbortSignal): Promise<Reply> {
    const late = new AbortController();
    const ms = this.options.requestTimeoutMs;
    const timer = ms > 0 ? setTimeout(() => late.abort(), ms) : undefined;
    const either = AbortSignal.any([signal, late.signal]);
    try {
      return await this.authorized((credentials) =>
        this.send({ method: 'GET', path, signal: either }, credentials, true),
      );
    } catch (error) {
      if (!late.signal.aborted || signal.aborted) throw error;
      throw new RequestFailure('timeout', `no answer within ${seconds(ms)}`, { sent: true });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Aborted once the transport is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  close(): void {
    this.closing.abort();
    this.lines?.made?.destroy();
    this.lines?.multiplexed?.close();
  }

  private async attempt(call: Call) {
    const known = this.away;
    try {
      return await this.slots.use(async () => {
        this.passOn(known);
        const response = await this.authorized((credentials) => this.send(call, credentials));
        const answer = await readAnswer(response);
        return { answer, attempt: { status: answer.status, retryAfter: response.headers['retry-after'] } };
      });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      return { failure: error, attempt: { failure: this.nature(error) } };
    }
  }

  // A server that answered a moment ago and refuses connections now is being restarted, or a load balancer takes it out.
  private nature(failure: RequestFailure): 'unsent' | 'lost' | 'other' {
    if (failure.kind === 'lost') return failure.sent ? 'lost' : 'unsent';
    const { code } = (failure.cause ?? {}) as NodeJS.ErrnoException;
    const away = code === 'ECONNREFUSED' || code === 'ECONNRESET';
    return failure.kind === 'unreachable' && this.connected && away ? 'unsent' : 'other';
  }

  /** On a connection of its own until its answer has been read, with few others beside it. */
  private async alone(what: Exchange, known: RequestFailure | null): Promise<Reply> {
    const release = await this.connections.take();
    try {
      this.passOn(known);
      await this.redial.turn();
      const response = await exchange(what);
      response.once('close', release);
      return response;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Who queued behind those that found no server need not wait as long again. */
  private passOn(known: RequestFailure | null): void {
    if (this.away && this.away !== known) throw this.away;
  }

  private signalFor(call: Call): AbortSignal {
    return call.signal ? AbortSignal.any([this.closing.signal, call.signal]) : this.closing.signal;
  }

  /** Sends; after a 401 once more with renewed credentials, where they can be renewed. */
  private async authorized(send: (credentials: Credentials) => Promise<Reply>): Promise<Reply> {
    const credentials = await this.options.credentials.get();
    const response = await send(credentials);
    if (response.statusCode !== 401) return response;
    const said = await bodyText(response);
    const renewed = await this.options.credentials.renew(credentials);
    if (renewed) {
      const again = await send(renewed);
      if (again.statusCode !== 401) return again;
      again.destroy();
    }
    throw new RequestFailure('unauthorized', messageOf(parseJson(said)) ?? 'Unauthorized', { sent: false });
  }

  private async send(call: Call, credentials: Credentials, stream = false) {
    const lines = this.linesFor(credentials);
    // An apply is read as YAML, which takes no raw control characters.
    const body = call.body === undefined ? undefined : toJson(call.body);
    try {
      const what = {
        method: call.method,
        url: this.options.server + call.path,
        headers: {
          ...credentials.headers,
          'User-Agent': this.options.userAgent,
          ...headersOf(call, body, stream),
        },
        body,
        connectMs: Math.min(CONNECT_MS, this.options.requestTimeoutMs || CONNECT_MS),
        silenceMs: stream ? 0 : SILENCE_MS,
        totalMs: stream ? 0 : this.options.requestTimeoutMs,
        signal: this.signalFor(call),
        onConnected: () => {
          this.connected = true;
          this.away = null;
        },
      };
      const known = this.away;
      const response =
        (await lines.multiplexed?.exchange(what)) ??
        (stream
          ? await this.streamed({ ...what, agent: lines.agent() })
          : await this.alone({ ...what, agent: lines.agent() }, known));
      this.redial.answered();
      this.warnings.read(response);
      return response;
    } catch (error) {
      throw this.noted(byWayOf(this.options.proxy, networkFailure(error, { connected: false })));
    }
  }

  private async streamed(what: Exchange): Promise<Reply> {
    await this.redial.turn();
    return exchange(what);
  }

  private noted(failure: RequestFailure): RequestFailure {
    const { kind, sent } = failure;
    if (kind === 'unreachable' || kind === 'lost') this.redial.failed();
    if (!sent && (kind === 'unreachable' || !this.connected)) this.away = failure;
    return failure;
  }

  private linesFor(credentials: Credentials): Lines {
    const identity = `${String(credentials.tls.cert)}${String(credentials.tls.key)}`;
    if (this.lines?.identity !== identity) {
      // A renewed client certificate needs new connections; those under way end on their own.
      const { proxy, server } = this.options;
      const direct = server.startsWith('https:') && proxy === null && !credentials.socksAgent;
      this.lines = {
        identity,
        made: null,
        agent() {
          return (this.made ??= makeAgent(server, credentials, proxy));
        },
        multiplexed: direct ? new Multiplexed(server, credentials.tls, this.redial) : null,
      };
    }
    return this.lines;
  }
}

function headersOf(call: Call, body: string | undefined, stream: boolean): Record<string, string> {
  return {
    Accept: call.accept ?? 'application/json',
    ...(stream ? {} : { 'Accept-Encoding': 'gzip' }),
    ...(body === undefined ? {} : { 'Content-Type': call.contentType ?? 'application/json' }),
    ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
  };
}

/** The connections for one set of credentials. Through a proxy, and to a server that speaks no HTTP/2, several of HTTP/1.1. */
interface Lines {
  readonly identity: string;
  /** Made when it is needed. */
  made: http.Agent | null;
  agent(): http.Agent;
  readonly multiplexed: Multiplexed | null;
}
