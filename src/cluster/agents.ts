import http from 'node:http';
import https from 'node:https';
import { getCACertificates } from 'node:tls';
import type { Credentials } from './credentials.ts';

export interface Agents {
  /** For requests that end. */
  readonly requests: http.Agent;
  /** For watches: they stay open, so they must not use up the sockets of the former. */
  readonly streams: http.Agent;
}

/** So many connections at most: enough to hide the round trip of some twenty lists, few enough handshakes. */
const MAX_SOCKETS = 8;
/** Shorter than servers and load balancers keep idle connections, so that we never write into one being closed. */
const IDLE_MS = 15_000;

/** Makes the connections to one server, through the proxy if there is one. */
export function makeAgents(server: string, credentials: Credentials, proxy: string | null): Agents {
  // Node speaks to HTTP proxies itself; for SOCKS client-node brings an agent, if one that keeps no connections.
  if (credentials.socksAgent) return { requests: credentials.socksAgent, streams: credentials.socksAgent };
  const proxied = proxy === null ? {} : { proxyEnv: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } };
  const options = { keepAlive: true, timeout: IDLE_MS, ...proxied };
  const secure = server.startsWith('https:')
    ? { ...options, ...credentials.tls, ca: authorities(credentials) }
    : null;
  const make = (maxSockets: number) =>
    secure ? new https.Agent({ ...secure, maxSockets }) : new http.Agent({ ...options, maxSockets });
  return { requests: make(MAX_SOCKETS), streams: make(Infinity) };
}

/** Without an authority in the kubeconfig kubectl trusts what the machine trusts; Node by itself, its own list. */
function authorities({ tls }: Credentials): string | Buffer | string[] {
  return tls.ca ?? [...getCACertificates('default'), ...getCACertificates('system')];
}

export function closeAgents(agents: Agents): void {
  agents.requests.destroy();
  agents.streams.destroy();
}
