// Whether there is a proxy on the way, by Go's rules (golang.org/x/net/http/httpproxy), which are kubectl's. Node's own
// reading of NO_PROXY knows no CIDR ranges, and ranges are how people except their clusters.
import { BlockList, isIP } from 'node:net';
import { UserError } from '../api/errors.ts';
import { shownAddress } from './address.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The URL of the proxy for this server, or null: the kubeconfig's `proxy-url`, else HTTPS_PROXY (HTTP_PROXY for a
 * server without TLS) unless NO_PROXY excepts the server. Never for this machine itself.
 * @throws UserError for what is no URL of a proxy
 */
export function proxyFor(server: string, fromKubeconfig: string | undefined, env: Env): string | null {
  if (fromKubeconfig) return checked(fromKubeconfig, 'the proxy-url of the kubeconfig', fromKubeconfig);
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy) return null;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || matches(host, '127.0.0.0/8') || matches(host, '::1')) return null;
  const exceptions = (env['NO_PROXY'] || env['no_proxy'] || '').split(',');
  const target = port || (protocol === 'https:' ? '443' : '80');
  if (exceptions.some((exception) => excepts(exception.trim().toLowerCase(), host, target))) return null;
  return checked(proxy, name, proxy.includes('://') ? proxy : `http://${proxy}`);
}

function checked(proxy: string, where: string, url: string): string {
  if (!URL.canParse(url) || !/^(https?|socks5h?):$/.test(new URL(url).protocol)) {
    throw new UserError(`${where} is not the URL of a proxy: ${shownAddress(proxy)}`, {
      hint: 'Write for example http://proxy.example.com:3128 or socks5://localhost:1080.',
    });
  }
  // Go lets a SOCKS proxy look up names; to Node's library only socks5h means that.
  return url.replace(/^socks5:/i, 'socks5h:');
}

/** `*`, an address, a range, a domain (with or without a dot in front), each perhaps with a port. */
function excepts(exception: string, host: string, port: string): boolean {
  if (exception === '') return false;
  if (exception === '*') return true;
  const [, name, only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(exception) ? `[${exception}]` : exception)!;
  if (only !== undefined && only !== port) return false;
  if (isIP(host)) return matches(host, name!);
  if (name!.startsWith('.') || name!.startsWith('*.')) return host.endsWith(name!.replace(/^\*/, ''));
  return host === name || host.endsWith(`.${name}`);
}

/** @param range an address, or a range as `10.0.0.0/8` */
function matches(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  if (isIP(address) === 0 || isIP(network) !== isIP(address)) return false;
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const bits = prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, family);
}
