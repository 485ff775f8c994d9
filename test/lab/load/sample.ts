// What is asked of the load generator, and what it notes of each request.
export interface LoadOptions {
  /** base URL of the Gateway; loopback only */
  url: string;
  /** requests a second, sent on time whether or not earlier ones are answered */
  rate: number;
  /** asked for in turn; headers are sent with that model's requests */
  models: readonly (string | { model: string; headers?: Record<string, string> })[];
  /** share of the completions that are streamed, 0 to 1; default a half */
  streamShare?: number;
  /** share of the requests on a connection of their own; default a tenth, the others keep theirs */
  newConnectionShare?: number;
  /** default `/v1/completions` */
  path?: string;
  /** a request that takes longer is cut and counts as failed; default 30 */
  timeoutSeconds?: number;
  /** it ends by itself after that time; default 300 */
  maxSeconds?: number;
}

export interface Sample {
  /** when it was sent, in ms since the load's start */
  at: number;
  /** until its last byte, or its failure */
  ms: number;
  /** 0 when no answer came */
  status: number;
  /** `group/namespace/name`, as the gateway says */
  pool: string | null;
  pod: string | null;
  model: string;
  streamed: boolean;
  /** on a connection of its own */
  fresh: boolean;
  /** what was wrong: `status 503`, `reset`, `refused`, `broken stream`, `broken body`, `timeout`, `not sent` */
  problem?: string;
}

/** Load is for labs: it must never hit anything else. @throws when the host is not loopback */
export function assertLoopback(url: string): void {
  const { hostname, protocol } = new URL(url);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (!loopback || protocol !== 'http:')
    throw new Error(`load goes to http on loopback addresses only, not to ${url}`);
}
