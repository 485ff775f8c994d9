// Does a fault to one answer.
import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import type { Real } from './proxy.ts';

/** A byte each so often is slower than any time limit that a test sets. */
const DRIP_MS = 50;

/** @param real what the server said; null where it was not asked @param cut breaks the connection, or one stream of it */
export function deliver(
  fault: Fault,
  real: Real | null,
  outgoing: ServerResponse,
  cut: (streamOnly: boolean) => void,
): void {
  switch (fault.does) {
    case 'answer': {
      const { status, headers = {}, body } = fault.with;
      outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
      outgoing.end(body);
      return;
    }
    case 'hang':
    case 'refuse':
      return;
    case 'reset':
      return cut(false);
    case 'resetStream':
      return cut(true);
    case 'half':
    case 'truncate':
    case 'drip':
      return part(fault.does, real!, outgoing, cut);
  }
}

function part(
  how: 'half' | 'truncate' | 'drip',
  { status, headers, body }: Real,
  outgoing: ServerResponse,
  cut: (streamOnly: boolean) => void,
): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  const length = how === 'truncate' ? half.length : body.length;
  outgoing.writeHead(status, { ...headers, 'content-length': length });
  if (how === 'truncate') return void outgoing.end(half);
  if (how === 'half') {
    // Once it is on its way.
    outgoing.write(half, () => setImmediate(() => cut(false)));
    return;
  }
  let sent = 0;
  const timer = setInterval(() => outgoing.write(body.subarray(sent, ++sent)), DRIP_MS);
  outgoing.on('close', () => clearInterval(timer)).on('error', () => clearInterval(timer));
}
