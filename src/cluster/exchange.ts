// One HTTP request and its answer, with time limits and without policy.
import type http from 'node:http';
import { getBuiltinModule } from 'node:process';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RequestFailure } from './failures.ts';
import { networkFailure } from './network-errors.ts';
import type { Reply } from './reply.ts';
import { seconds } from './time-limits.ts';

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
  readonly agent: http.Agent;
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** Without a byte from the server. 0: for ever. */
  readonly silenceMs: number;
  /** From start to the last byte. 0: no limit. */
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onConnected?: () => void;
}

/** @throws RequestFailure */
export function exchange(what: Exchange): Promise<http.IncomingMessage> {
  const phase = { connected: false };
  return new Promise((resolve, reject) => {
    // Loaded when it is needed: over HTTP/2 it never is.
    const { request } = getBuiltinModule(what.url.startsWith('https:') ? 'node:https' : 'node:http');
    const { method, agent, signal } = what;
    const headers = what.headers as http.OutgoingHttpHeaders;
    const sending = request(what.url, { method, headers, agent, ...(signal ? { signal } : {}) });
    let response: http.IncomingMessage | null = null;
    const give = (message: string, sent: boolean) =>
      // Once there is a response, its reader must hear of it; the request's own error would reach nobody.
      (response ?? sending).destroy(new RequestFailure(sent ? 'timeout' : 'unreachable', message, { sent }));
    const connecting = setTimeout(
      () => give(`no connection within ${seconds(what.connectMs)}`, false),
      what.connectMs,
    );
    const total = what.totalMs
      ? setTimeout(
          () => give(`no full answer within ${seconds(what.totalMs)}`, phase.connected),
          what.totalMs,
        )
      : undefined;
    const connected = () => {
      phase.connected = true;
      clearTimeout(connecting);
      what.onConnected?.();
    };
    sending.once('socket', (socket) => {
      if (sending.reusedSocket || !socket.connecting) return connected();
      socket.once(what.url.startsWith('https:') ? 'secureConnect' : 'connect', connected);
    });
    // The agent's own, shorter limit is for idle sockets; this one holds while the request runs.
    sending.setTimeout(what.silenceMs, () =>
      give(`no answer within ${seconds(what.silenceMs)}`, phase.connected),
    );
    sending.once('response', (came) => resolve((response = came)));
    sending.once('close', () => {
      clearTimeout(connecting);
      clearTimeout(total);
    });
    sending.once('error', (error) => reject(networkFailure(error, phase)));
    sending.end(what.body);
  });
}

const MIB = 1024 * 1024;
/** A page is 500 objects, and an object 1.5 MiB at most. So much no cluster has of what we read, and it can still be held. */
export const MOST_BYTES = 256 * MIB;
/** Of what is no list: an error, a page of metrics. */
export const FEW_BYTES = 16 * MIB;

/** The body as text, unzipped. @throws RequestFailure when it breaks off, or is more than `most` bytes */
export async function bodyText(answer: Reply, most = FEW_BYTES): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of unzipped(answer)) {
      bytes += (chunk as Buffer).length;
      if (bytes > most) {
        answer.destroy();
        throw new RequestFailure('malformed', `the answer is larger than ${most / MIB} MiB`, { sent: true });
      }
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw networkFailure(error, { connected: true });
  }
  if (answer.complete === false) throw new RequestFailure('lost', 'the connection broke', { sent: true });
  return Buffer.concat(chunks).toString('utf8');
}

export function unzipped(answer: Reply): Readable {
  if (answer.headers['content-encoding'] !== 'gzip') return answer;
  // pipeline hands a broken connection on; pipe would wait for ever.
  return pipeline(answer, createGunzip(), () => undefined);
}
