// Node's and OpenSSL's errors, in words for someone who has a kubeconfig in front of them.
import { RequestFailure, type FailureKind } from './failures.ts';

interface Told {
  readonly kind: FailureKind;
  readonly message: string;
  readonly hint?: string;
}

const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up (DNS does not answer)',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  EADDRNOTAVAIL: 'the address is not available',
};

const CHECK_PROXY = 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.';
const NO_TLS = 'it does not speak TLS on that port';
const NOT_TRUSTED = 'its certificate is signed by an authority that is not trusted here';
const TLS: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the certificate authority that we were given',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (is the clock right?)',
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_HTTP_REQUEST: NO_TLS,
};

/** @param phase how far the request got */
export function networkFailure(error: unknown, phase: { connected: boolean }): RequestFailure {
  if (error instanceof RequestFailure) return error;
  const { message } = error as Error;
  const code = codeOf(error as NodeJS.ErrnoException);
  const unsent = unreachable(code, message) ?? tls(code, error as Error);
  if (unsent)
    return new RequestFailure(unsent.kind, unsent.message, { ...unsent, sent: false, cause: error });
  const sent = phase.connected;
  const options = { sent, cause: error };
  if (code === 'ABORT_ERR') return new RequestFailure('timeout', 'given up', options);
  if (code === 'ETIMEDOUT') return new RequestFailure('timeout', 'timed out', options);
  if (!sent) return new RequestFailure('unreachable', message || code || 'no connection', options);
  return new RequestFailure('lost', `the connection broke (${code || message})`, options);
}

/** The same where a proxy is on the way: what can't be reached then is the proxy, and whose fault it is has to be said. */
export function byWayOf(proxy: string | null, failure: RequestFailure): RequestFailure {
  if (proxy === null || failure.kind !== 'unreachable' || failure.message.includes('proxy')) return failure;
  const { message, sent, cause } = failure;
  return new RequestFailure('unreachable', `the proxy ${new URL(proxy).host} on the way: ${message}`, {
    sent,
    hint: CHECK_PROXY,
    cause,
  });
}

/** OpenSSL's errors while connecting all are EPROTO; which one it is stands in the text. */
function codeOf({ code = '', message }: NodeJS.ErrnoException): string {
  const reason = code === 'EPROTO' ? /SSL routines:\w*:([^:]+):/.exec(message)?.[1] : undefined;
  return reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : code;
}

function unreachable(code: string, message: string): Told | null {
  const kind = 'unreachable';
  if (code === 'ERR_PROXY_TUNNEL') {
    return { kind, message: `the proxy did not let us through (${message})`, hint: CHECK_PROXY };
  }
  if (!(code in UNREACHABLE)) return null;
  const hint =
    code === 'ECONNREFUSED'
      ? 'Is the cluster running, and is this the right context? See `kubectl config current-context`.'
      : 'Check the address in the kubeconfig, the network, VPN and proxy.';
  return { kind, message: UNREACHABLE[code]!, hint };
}

function tls(code: string, error: Error): Told | null {
  const kind = 'tls';
  const { message } = error;
  if (code.startsWith('ERR_OSSL_')) {
    const what = `the client certificate, its key or the authority can't be used (${message})`;
    return { kind, message: what, hint: 'See the files and data in `kubectl config view --minify`.' };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const hint = 'If the address is right, name the host with --tls-server-name.';
    return { kind, message: otherName(error), hint };
  }
  if (TLS[code] === NO_TLS) return { kind, message: NO_TLS, hint: 'Is it http:// rather than https://?' };
  if (code === 'CERT_HAS_EXPIRED')
    return { kind, message: TLS[code]!, hint: 'It has to be renewed on the server.' };
  if (code in TLS) {
    const hint = 'Name its authority with --certificate-authority, or fetch the kubeconfig anew.';
    return { kind, message: TLS[code]!, hint };
  }
  if (!code.startsWith('ERR_SSL_')) return null;
  const reason = code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ');
  const hint = 'Check the client certificate and the server address in the kubeconfig.';
  return { kind, message: `TLS failed (${reason})`, hint };
}

/** `error` is Node's ERR_TLS_CERT_ALTNAME_INVALID: the host that was wanted, and the certificate that came. */
function otherName(error: Error): string {
  const { host, cert } = error as { host?: string; cert?: { subjectaltname?: string } };
  const names = cert?.subjectaltname?.replaceAll(/\b(DNS|IP Address):/g, '');
  if (!host || !names) return error.message;
  return `its certificate is for ${names}, not for ${host.replace(/\.$/, '')}`;
}
