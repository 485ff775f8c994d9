import type http from 'node:http';
import { getBuiltinModule } from 'node:process';
import { getCACertificates } from 'node:tls';
import type { Credentials, TlsMaterial } from './credentials.ts';

/** Shorter than servers and load balancers keep idle connections, so that we never write into one being closed. */
const IDLE_MS = 15_000;

/** Makes and keeps the connections to one server, through the proxy if there is one. */
export function makeAgent(
  server: string,
  { tls, socksAgent }: Credentials,
  proxy: string | null,
): http.Agent {
  // Node speaks to HTTP proxies itself; for SOCKS client-node brings an agent, if one that keeps no connections.
  if (socksAgent) return socksAgent;
  const proxied = proxy === null ? {} : { proxyEnv: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } };
  const options = { keepAlive: true, timeout: IDLE_MS, ...proxied };
  if (!server.startsWith('https:')) return new (getBuiltinModule('node:http').Agent)(options);
  return new (getBuiltinModule('node:https').Agent)({ ...options, ...tls, ...authorities(tls) });
}

/**
 * Without an authority in the kubeconfig kubectl trusts what the machine trusts, SSL_CERT_FILE and SSL_CERT_DIR included.
 * Node's own list is for machines that have none, and NODE_EXTRA_CA_CERTS for nobody.
 */
export function authorities({ ca, rejectUnauthorized }: TlsMaterial): { ca?: string[] } {
  if (ca || rejectUnauthorized === false) return {};
  const system = new Set(getCACertificates('system'));
  return { ca: system.size > 0 ? [...system] : getCACertificates('bundled') };
}
