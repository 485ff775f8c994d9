// Requests that got no usable answer, told in words.
import { UserError } from '../api/errors.ts';

/**
 * `unreachable`: no connection, nothing was sent. `tls`: the server's or our certificate was refused, nothing was sent.
 * `timeout`: no (full) answer in time. `lost`: the connection broke before the answer was complete.
 * `malformed`: an answer came and is not what the API says. `unauthorized`: 401, after a refresh where there is one.
 */
export type FailureKind = 'unreachable' | 'tls' | 'timeout' | 'lost' | 'malformed' | 'unauthorized';

export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';
  readonly kind: FailureKind;
  /** Whether the server may have acted on the request. */
  readonly sent: boolean;
  readonly hint: string;

  constructor(
    kind: FailureKind,
    message: string,
    options: { sent: boolean; hint?: string; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.sent = options.sent;
    this.hint = options.hint ?? '';
  }
}

const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up (DNS does not answer)',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  EADDRNOTAVAIL: 'the address is not available',
};

const NO_TLS = 'it does not speak TLS on that port';
const TLS: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an authority that is not trusted here',
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
  const sent = phase.connected;
  const cause = error;
  if (code in UNREACHABLE) {
    return new RequestFailure('unreachable', UNREACHABLE[code]!, {
      sent: false,
      hint: unreachableHint(code),
      cause,
    });
  }
  if (code in TLS || code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code.startsWith('ERR_SSL_')) {
    const what = TLS[code] ?? (code.startsWith('ERR_SSL_') ? sslReason(code) : message);
    return new RequestFailure('tls', what, { sent: false, hint: tlsHint(code), cause });
  }
  if (code === 'ERR_PROXY_TUNNEL') {
    const hint = 'Check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY.';
    return new RequestFailure('unreachable', `the proxy did not let us through (${message})`, {
      sent: false,
      hint,
      cause,
    });
  }
  if (code === 'ABORT_ERR') return new RequestFailure('timeout', 'given up', { sent, cause });
  if (code === 'ETIMEDOUT') return new RequestFailure('timeout', 'timed out', { sent, cause });
  if (!sent) return new RequestFailure('unreachable', message || code || 'no connection', { sent, cause });
  return new RequestFailure('lost', `the connection broke (${code || message})`, { sent, cause });
}

/** OpenSSL's errors while connecting all are EPROTO; which one it is stands in the text. */
function codeOf({ code = '', message }: NodeJS.ErrnoException): string {
  const reason = code === 'EPROTO' ? /SSL routines:\w*:([^:]+):/.exec(message)?.[1] : undefined;
  return reason ? `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}` : code;
}

function sslReason(code: string): string {
  return `TLS failed (${code.slice('ERR_SSL_'.length).toLowerCase().replaceAll('_', ' ')})`;
}

function unreachableHint(code: string): string {
  return code === 'ECONNREFUSED'
    ? 'Is the cluster running, and is this the right context? See `kubectl config current-context`.'
    : 'Check the address in the kubeconfig, the network, VPN and proxy.';
}

function tlsHint(code: string): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'If the address is right, name the host with --tls-server-name.';
  if (code === 'CERT_HAS_EXPIRED') return "Renew the API server's certificate.";
  if (TLS[code] === NO_TLS) return 'Is it http:// rather than https://?';
  if (code.startsWith('ERR_SSL_'))
    return 'Check the client certificate and the server address in the kubeconfig.';
  return 'Name its authority with --certificate-authority, or fetch the kubeconfig anew.';
}

/** For what can't go on without a server. */
export function cannotReach(server: string, failure: RequestFailure): UserError {
  if (failure.kind === 'unauthorized') {
    return new UserError(
      `The API server ${server} does not accept the credentials (401): ${failure.message}`,
      {
        hint:
          failure.hint ||
          'Log in again, or fetch the kubeconfig anew; `kubectl auth whoami` says who you are.',
        cause: failure,
      },
    );
  }
  const fact =
    failure.kind === 'malformed'
      ? `No usable answer from the API server ${server}`
      : `Cannot reach the API server ${server}`;
  return new UserError(`${fact}: ${failure.message}`, {
    hint: failure.hint || 'Check the address in the kubeconfig, the network, VPN and proxy.',
    cause: failure,
  });
}
