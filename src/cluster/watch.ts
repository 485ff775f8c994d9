import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { deadline } from './deadline.ts';
import { bodyText, FEW_BYTES } from './exchange.ts';
import { RequestFailure } from './failures.ts';
import { networkFailure } from './network-errors.ts';
import { query } from './paths.ts';
import { explain, messageOf, parseJson, type Answer } from './answer.ts';
import type { Reply } from './reply.ts';
import type { Transport } from './transport.ts';

/** The server ends a watch after so long, so a connection that died silently is not waited on for longer. */
const WATCH_SECONDS = 30;
const GRACE_MS = 5000;

interface Event {
  type: string;
  object: KubeObject & { code?: number };
}

/**
 * One watch. Calls `seen` for each change until it returns true.
 * @returns the resourceVersion to go on from; null to stop: `seen` was content, or the server says that the version is
 * too old (410) and one must read again
 * @throws RequestFailure when there is no watch or it broke off; UserError when it is forbidden
 */
export async function watchOnce(
  transport: Transport,
  path: string,
  { fieldSelector, resourceVersion }: { fieldSelector: string; resourceVersion: string },
  signal: AbortSignal,
  seen: (type: string, object: KubeObject) => boolean,
): Promise<string | null> {
  const parameters = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(WATCH_SECONDS),
    fieldSelector,
    resourceVersion,
  };
  const limit = deadline(WATCH_SECONDS * 1000 + GRACE_MS, signal);
  let position = resourceVersion;
  try {
    const answer = await transport.open(path + query(parameters), limit.signal);
    if (answer.statusCode !== 200) return await refused(answer);
    for await (const event of events(answer)) {
      if (event.type === 'ERROR') {
        if (event.object.code === 410) return null;
        throw new RequestFailure('lost', messageOf(event.object) ?? 'the watch failed', { sent: true });
      }
      position = event.object.metadata.resourceVersion ?? position;
      // Leaving the loop closes the connection.
      if (event.type !== 'BOOKMARK' && seen(event.type, event.object)) return null;
    }
  } catch (error) {
    // Our own time limits end a watch as the server's do.
    if (!limit.signal.aborted)
      throw isStreamError(error) ? networkFailure(error, { connected: true }) : error;
  } finally {
    limit.clear();
  }
  return position;
}

async function refused(answer: Reply): Promise<null> {
  const text = await bodyText(answer);
  const status = answer.statusCode ?? 0;
  if (status === 410) return null;
  const body = parseJson(text);
  if (status === 403) throw mayNotLook({ status, text, body });
  throw new RequestFailure('lost', explain({ status, text, body }), { sent: true });
}

async function* events(answer: Reply): AsyncGenerator<Event> {
  const decoder = new StringDecoder('utf8');
  let rest: string[] = [];
  let length = 0;
  for await (const chunk of answer) {
    const [first, ...others] = decoder.write(chunk as Buffer).split('\n');
    rest.push(first!);
    length += first!.length;
    if (length > FEW_BYTES) throw noEvent();
    if (others.length === 0) continue;
    const last = others.pop()!;
    for (const line of [rest.join(''), ...others]) if (line.trim() !== '') yield eventOf(line);
    [rest, length] = [[last], last.length];
  }
}

function eventOf(line: string): Event {
  const event = parseJson(line) as Partial<Event> | null | undefined;
  const { type, object } = event ?? {};
  if (typeof type !== 'string' || !object || (type !== 'ERROR' && !object.metadata)) throw noEvent();
  return { type, object };
}

function noEvent(): RequestFailure {
  return new RequestFailure('malformed', 'the watch sent something that is not an event', { sent: true });
}

function isStreamError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code !== undefined;
}

export function mayNotLook(answer: Answer): UserError {
  return new UserError(`Cannot wait for it: ${explain(answer)}`, {
    hint: 'Waiting needs the verbs "list" and "watch"; all that this command needs, as a role: kubectl infpool auth',
  });
}
