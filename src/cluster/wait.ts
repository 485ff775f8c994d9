import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, UserError } from '../api/errors.ts';
import { kubectl } from '../api/kubectl.ts';
import type { KubeObject } from '../api/object.ts';
import type { Ref } from '../api/ref.ts';
import type { Resource } from '../api/resource.ts';
import { explain, isAbsence } from './answer.ts';
import { deadline } from './deadline.ts';
import { cannotReach, RequestFailure } from './failures.ts';
import { isServed, listIn } from './list.ts';
import { collectionPath, query, UnknownKind, type Discovery } from './paths.ts';
import { received } from './received.ts';
import type { Transport } from './transport.ts';
import { mayNotLook, watchOnce } from './watch.ts';

type Settled = (object: KubeObject | null) => boolean;

/** Between attempts while the server is away, or while the kind isn't installed yet. */
const PAUSE_MS = 1000;
/** For the last look, when the time is over. */
const LAST_LOOK_MS = 2000;

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly what: string;
  readonly pauseMs?: number;
}

/** See ClusterWriter.waitFor. Outlives restarts of the API server; gives up at once when it may not look. */
export async function waitFor(
  transport: Transport,
  discovery: Discovery,
  ref: Ref,
  settled: Settled,
  options: WaitOptions,
): Promise<KubeObject | null> {
  const { signal, clear } = deadline(options.timeoutMs, transport.closed);
  try {
    return await waitUntil(signal, transport, discovery, ref, settled, options);
  } finally {
    clear();
  }
}

async function waitUntil(
  over: AbortSignal,
  transport: Transport,
  discovery: Discovery,
  ref: Ref,
  settled: Settled,
  { timeoutMs, what, pauseMs = PAUSE_MS }: WaitOptions,
): Promise<KubeObject | null> {
  let trouble = '';
  const seen = { settled: false, object: null as KubeObject | null };
  const look = (object: KubeObject | null) => {
    seen.object = object;
    return (seen.settled = settled(object));
  };
  while (!over.aborted) {
    try {
      const resource = await discovery.find(ref);
      await follow({ transport, resource, ref, look, over }, pauseMs);
      trouble = '';
    } catch (error) {
      if (error instanceof UnknownKind) look(null);
      else {
        const failure = bearable(error, transport.server);
        // That the last request was cut off by our own limit says less than what the one before it met.
        if (!over.aborted || trouble === '') trouble = failure;
      }
    }
    if (seen.settled) return seen.object;
    await pause(pauseMs, over);
  }
  // A watch may have died in silence: what is so must not be said to be still waited for.
  if (trouble === '' && (await lastLook(transport, discovery, ref, look))) return seen.object;
  throw endOf(transport, ref, `waiting for ${what}`, timeoutMs, trouble);
}

async function lastLook(
  transport: Transport,
  discovery: Discovery,
  ref: Ref,
  look: Settled,
): Promise<boolean> {
  const { signal, clear } = deadline(LAST_LOOK_MS, transport.closed);
  try {
    const resource = await discovery.find(ref);
    return (await lookAt({ transport, resource, ref, look, over: signal })).settled;
  } catch (error) {
    return error instanceof UnknownKind && look(null);
  } finally {
    clear();
  }
}

/** What may pass while we wait, in words. @throws whatever won't */
function bearable(error: unknown, server: string): string {
  if (!(error instanceof RequestFailure)) throw error;
  if (error.kind === 'unauthorized' || error.kind === 'tls') throw cannotReach(server, error);
  return error.message;
}

function endOf(
  transport: Transport,
  ref: Ref,
  waiting: string,
  timeoutMs: number,
  trouble: string,
): UserError {
  if (transport.closed.aborted) return new UserError(`Stopped ${waiting}`, { exitCode: EXIT.interrupted });
  return new UserError(`Timed out after ${timeoutMs / 1000} s ${waiting}`, {
    exitCode: EXIT.timeout,
    hint:
      trouble === ''
        ? `What holds it up: ${kubectl('describe', ref)}; then run this again, with a longer --timeout if it only needs time.`
        : `In the end the API server could not be asked: ${trouble}.`,
  });
}

interface Following {
  readonly transport: Transport;
  readonly resource: Resource;
  readonly ref: Ref;
  readonly look: Settled;
  readonly over: AbortSignal;
}

/** Reads the object, then follows it by watches, until `look` is content or the server forgets where we were (410). */
async function follow(following: Following, pauseMs: number): Promise<void> {
  const { transport, resource, ref, look, over } = following;
  const { settled, version } = await lookAt(following);
  if (settled) return;
  let from = version;
  while (from !== null && !over.aborted) {
    const since = Date.now();
    const at = { fieldSelector: named(ref), resourceVersion: from };
    from = await watchOnce(transport, collectionPath(resource, ref.namespace), at, over, (type, object) =>
      look(type === 'DELETED' ? null : received(resource, object)),
    );
    // Something in between that ends watches as soon as they begin must not make us spin.
    if (from !== null && Date.now() - since < pauseMs) await pause(pauseMs, over);
  }
}

const named = ({ name }: Ref) => `metadata.name=${name}`;

/**
 * Shows `look` what is there. A list of one: unlike a GET it also says from where to watch when the object isn't there.
 * @returns what `look` said, and from which version on to watch; null: not at all
 */
async function lookAt({
  transport,
  resource,
  ref,
  look,
  over,
}: Following): Promise<{ settled: boolean; version: string | null }> {
  const path = collectionPath(resource, ref.namespace);
  const fieldSelector = named(ref);
  const answer = await transport.call({ method: 'GET', path: path + query({ fieldSelector }), signal: over });
  if (answer.status === 404 && isAbsence(answer, path) && !(await isServed(transport, resource)))
    return { settled: look(null), version: null };
  if (answer.status === 403) throw mayNotLook(answer);
  if (answer.status !== 200) throw new RequestFailure('lost', explain(answer), { sent: true });
  const { items, metadata } = listIn(answer, resource);
  const [item] = items;
  return {
    settled: look(item ? received(resource, item) : null),
    version: metadata.resourceVersion ?? null,
  };
}

async function pause(ms: number, over: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: over }).catch(() => undefined);
}
