import http from 'node:http';
import https from 'node:https';
import { getCACertificates } from 'node:tls';
import type { TlsMaterial } from './credentials.ts';

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

/** Makes the connections to one server. A proxy goes in here. */
export function makeAgents(server: string, tls: TlsMaterial): Agents {
  // Without an authority in the kubeconfig kubectl trusts what the machine trusts; Node by itself trusts its own list.
  const ca = tls.ca ?? [...getCACertificates('default'), ...getCACertificates('system')];
  const options = { keepAlive: true, timeout: IDLE_MS, ...tls, ca };
  const make = (maxSockets: number) =>
    server.startsWith('https:')
      ? new https.Agent({ ...options, maxSockets })
      : new http.Agent({ keepAlive: true, timeout: IDLE_MS, maxSockets });
  return { requests: make(MAX_SOCKETS), streams: make(Infinity) };
}

export function closeAgents(agents: Agents): void {
  agents.requests.destroy();
  agents.streams.destroy();
}
