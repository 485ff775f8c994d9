import type { KubeObject } from '../api/object.ts';
import type { ListRead } from '../api/read.ts';
import type { Resource } from '../api/resource.ts';
import { RequestFailure } from './failures.ts';
import { collectionPath, query } from './paths.ts';
import { received } from './received.ts';
import { isAbsence, unreadOf, type Answer } from './answer.ts';
import type { Transport } from './transport.ts';

const PAGE = '500';

/**
 * All items of a list, page by page.
 * @throws RequestFailure when there is no answer
 */
export async function listAll(
  transport: Transport,
  resource: Resource,
  namespace: string,
  labelSelector?: string,
): Promise<ListRead> {
  const path = collectionPath(resource, namespace);
  const page = (limit: string | undefined, token: string | undefined) =>
    transport.call({ method: 'GET', path: path + query({ limit, continue: token, labelSelector }) });
  let items: KubeObject[] = [];
  let token: string | undefined;
  let limit: string | undefined = PAGE;
  for (;;) {
    const answer = await page(limit, token);
    if (answer.status === 410 && token && limit) {
      // The pages' moment is too long ago. From the start again, and in one piece, so that this ends.
      [items, token, limit] = [[], undefined, undefined];
      continue;
    }
    if (answer.status === 404 && isAbsence(answer, path)) return { state: 'notInstalled' };
    if (answer.status === 403 && !(await isServed(transport, resource))) return { state: 'notInstalled' };
    if (answer.status !== 200) return unreadOf(answer);
    const part = pageOf(answer, resource);
    items = items.concat(part.items);
    if (part.token !== undefined && part.token === token)
      throw new RequestFailure('malformed', 'the list does not get to its end', { sent: true });
    token = part.token;
    if (token === undefined) return { state: 'ok', items };
  }
}

// RBAC answers before the router does: who has no rights gets 403 for kinds that aren't there at all. Discovery, which every
// authenticated user may read, tells the two apart. In doubt it is served, and so could not be read.
export async function isServed(transport: Transport, resource: Resource): Promise<boolean> {
  return new Served(transport).has(resource);
}

/** What discovery says of kinds, each group and version asked for once: for one snapshot. */
export class Served {
  private readonly transport: Transport;
  private readonly asked = new Map<string, Promise<(plural: string) => boolean>>();

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /** Asks now what will be needed later, so that it costs no round trip of its own. */
  begin(resource: Resource): void {
    this.ask(resource).catch(() => undefined); // told to whoever asks
  }

  /** Knows nothing yet. */
  anew(): Served {
    return new Served(this.transport);
  }

  async has(resource: Resource): Promise<boolean> {
    if (resource.group === '') return true;
    return (await this.ask(resource))(resource.plural);
  }

  private ask({ group, version }: Resource): Promise<(plural: string) => boolean> {
    const path = `/apis/${group}/${version}`;
    const known = this.asked.get(path) ?? this.read(path);
    this.asked.set(path, known);
    return known;
  }

  private async read(path: string): Promise<(plural: string) => boolean> {
    const answer = await this.transport.call({ method: 'GET', path });
    if (answer.status === 404) return () => !isAbsence(answer, path);
    const served = (answer.body as { resources?: { name?: string }[] } | undefined)?.resources;
    if (answer.status !== 200 || !Array.isArray(served)) return () => true;
    return (plural) => served.some(({ name }) => name === plural);
  }
}

function pageOf(answer: Answer, resource: Resource): { items: KubeObject[]; token: string | undefined } {
  const { items, metadata } = listIn(answer, resource);
  return { items: items.map((item) => received(resource, item)), token: metadata.continue || undefined };
}

/**
 * The list of this kind that the answer is. Anything else, taken for an empty one, would be a wrong "none".
 * @throws RequestFailure
 */
export function listIn(
  answer: Answer,
  resource: Resource,
): { items: KubeObject[]; metadata: { continue?: string; resourceVersion?: string } } {
  const list = answer.body as { kind?: unknown; items?: unknown; metadata?: object | null };
  const wrong = (what: string) =>
    new RequestFailure('malformed', `the answer is ${what}, not a list of kind ${resource.kind}`, {
      sent: true,
    });
  if (typeof list.kind !== 'string') throw wrong('a document without a kind');
  if (list.kind !== `${resource.kind}List`) throw wrong(`a ${list.kind}`);
  // Go writes a nil slice as null.
  const items: unknown[] | null = list.items === null ? [] : Array.isArray(list.items) ? list.items : null;
  if (!items) throw wrong('a list without items');
  const isObject = (item: unknown) => typeof (item as KubeObject | null)?.metadata?.name === 'string';
  if (!items.every(isObject)) throw wrong('a list of something else');
  return { items: items as KubeObject[], metadata: list.metadata ?? {} };
}
