// List and watch, as controllers need it: every change is told once, across reconnects and relists.
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectionPath, KubeError, type Json, type KubeObject } from './objects.ts';

export type OnEvent = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject) => void;

/** The part of the client that watching needs. */
export interface Source {
  request(method: string, path: string): Promise<Json>;
  send(
    method: string,
    path: string,
    body: undefined,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<IncomingMessage>;
}

/** How far we have got; undefined: list first. Outlives a connection that breaks in the middle. */
interface Progress {
  version: string | undefined;
}

const RETRY_MS = 500;
const forGood = new Set([401, 403]);

export async function watch(
  kube: Source,
  apiVersion: string,
  plural: string,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map<string, KubeObject>();
  const tell: OnEvent = (type, object) => {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') seen.delete(key);
    else seen.set(key, object);
    onEvent(type, object);
  };
  const progress: Progress = { version: undefined };
  while (!signal.aborted) {
    try {
      progress.version ??= await relist(kube, apiVersion, plural, seen, tell);
      await follow(kube, collectionPath(apiVersion, plural), progress, tell, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof KubeError && forGood.has(error.status)) throw error;
      if (error instanceof CallbackError) throw error.cause;
      const gone = error instanceof KubeError && error.status === 410;
      if (error instanceof KubeError) progress.version = undefined;
      // Not installed yet, server restarting, connection lost: all pass with time.
      if (!gone) await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A mistake in the caller's own code must not be taken for a lost connection. */
class CallbackError extends Error {}

/** Tells what differs from what was seen before; returns the version to watch from. */
async function relist(
  kube: Source,
  apiVersion: string,
  plural: string,
  seen: Map<string, KubeObject>,
  tell: OnEvent,
): Promise<string> {
  const list = await kube.request('GET', collectionPath(apiVersion, plural));
  const kind = String(list.kind).replace(/List$/, '');
  const gone = new Map(seen);
  for (const item of list.items as KubeObject[]) {
    const object = { ...item, apiVersion, kind };
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const before = gone.get(key);
    gone.delete(key);
    if (before && before.metadata['uid'] !== object.metadata['uid']) guard(() => tell('DELETED', before));
    const same = before?.metadata['resourceVersion'] === object.metadata['resourceVersion'];
    if (!same) guard(() => tell(seen.has(key) ? 'MODIFIED' : 'ADDED', object));
  }
  for (const object of gone.values()) guard(() => tell('DELETED', object));
  return list.metadata.resourceVersion as string;
}

/** Reads one watch connection to its end. */
async function follow(
  kube: Source,
  path: string,
  progress: Progress,
  tell: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const query = `?watch=true&allowWatchBookmarks=true&resourceVersion=${progress.version}`;
  const response = await kube.send('GET', path + query, undefined, {}, signal);
  if (response.statusCode !== 200) {
    let body = '';
    for await (const chunk of response) body += String(chunk);
    throw new KubeError(`WATCH ${path}`, response.statusCode ?? 0, body);
  }
  for await (const line of lines(response)) {
    const { type, object } = JSON.parse(line) as { type: string; object: KubeObject & { code?: number } };
    if (type === 'ERROR') throw new KubeError(`WATCH ${path}`, object.code ?? 0, object);
    progress.version = object.metadata['resourceVersion'] as string;
    if (type !== 'BOOKMARK') guard(() => tell(type as 'ADDED' | 'MODIFIED' | 'DELETED', object));
  }
}

function guard(call: () => void): void {
  try {
    call();
  } catch (cause) {
    throw new CallbackError('the watch callback threw', { cause });
  }
}

async function* lines(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const parts = (rest + (chunk as string)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((part) => part !== '');
  }
}
