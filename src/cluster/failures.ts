// Requests that got no usable answer, told in words.
import type { Unread } from '../api/read.ts';
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

/** @throws what is not about a request */
export function unreadFrom(error: unknown): Unread {
  if (!(error instanceof RequestFailure)) throw error;
  return { state: error.kind === 'unauthorized' ? 'forbidden' : 'failed', message: error.message };
}
