import { UserError, EXIT } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import type { Ref } from '../api/ref.ts';
import type { Resource } from '../api/resource.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotReach, RequestFailure } from './failures.ts';
import { collectionPath, query, UnknownKind, type Discovery } from './paths.ts';
import { received } from './received.ts';
import { explain } from './answer.ts';
import type { Transport } from './transport.ts';
import { mayNotLook, watchOnce } from './watch.ts';

type Settled = (object: KubeObject | null) => boolean;

/** Between attempts while the server is away, or while the kind isn't installed yet. */
const PAUSE_MS = 1000;

/** See ClusterWriter.waitFor. Outlives restarts of the API server; gives up at once when it may not look. */
export async function waitFor(
  transport: Transport,
  discovery: Discovery,
  ref: Ref,
  settled: Settled,
  { timeoutMs, what }: { timeoutMs: number; what: string },
): Promise<KubeObject | null> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let last = '';
  const seen = { settled: false, object: null as KubeObject | null };
  const look = (object: KubeObject | null) => {
    seen.object = object;
    return (seen.settled = settled(object));
  };
  while (!deadline.aborted) {
    try {
      const resource = await discovery.find(ref);
      await follow(transport, resource, ref, look, deadline);
      last = '';
    } catch (error) {
      if (error instanceof UnknownKind) look(null);
      else if (!(error instanceof RequestFailure)) throw error;
      else if (error.kind === 'unauthorized' || error.kind === 'tls')
        throw cannotReach(transport.server, error);
      else last = error.message;
    }
    if (seen.settled) return seen.object;
    await pause(deadline);
  }
  throw new UserError(`Timed out after ${timeoutMs / 1000} s waiting for ${what}`, {
    exitCode: EXIT.timeout,
    hint:
      last === ''
        ? 'Look at its status, or wait longer with --timeout.'
        : `The API server was away: ${last}.`,
  });
}

/** Reads the object, then follows it by watches, until `look` is content or the server forgets where we were (410). */
async function follow(
  transport: Transport,
  resource: Resource,
  ref: Ref,
  look: Settled,
  deadline: AbortSignal,
): Promise<void> {
  // A list of one: unlike a GET it also says from where to watch when the object isn't there.
  const path = collectionPath(resource, ref.namespace);
  const fieldSelector = `metadata.name=${ref.name}`;
  const answer = await transport.call({
    method: 'GET',
    path: path + query({ fieldSelector }),
    signal: deadline,
  });
  if (answer.status === 404) return void look(null);
  if (answer.status === 403) throw mayNotLook(answer);
  if (answer.status !== 200) throw new RequestFailure('lost', explain(answer), { sent: true });
  const list = answer.body as { metadata: { resourceVersion: string }; items: KubeObject[] | null };
  const identify = (object: KubeObject) => received(resource, object);
  const item = list.items?.[0];
  if (look(item ? identify(item) : null)) return;
  let from: string | null = list.metadata.resourceVersion;
  while (from !== null && !deadline.aborted) {
    const position: string = from;
    const since = Date.now();
    from = await watchOnce(
      transport,
      path,
      { fieldSelector, resourceVersion: position },
      deadline,
      (type, object) => look(type === 'DELETED' ? null : identify(object)),
    );
    // Something in between that ends watches as soon as they begin must not make us spin.
    if (from !== null && Date.now() - since < PAUSE_MS) await pause(deadline);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
}
