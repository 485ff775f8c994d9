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
async function isServed(transport: Transport, { group, version, plural }: Resource): Promise<boolean> {
  if (group === '') return true;
  const path = `/apis/${group}/${version}`;
  const answer = await transport.call({ method: 'GET', path });
  if (answer.status === 404) return !isAbsence(answer, path);
  const served = (answer.body as { resources?: { name?: string }[] } | undefined)?.resources;
  return answer.status !== 200 || !Array.isArray(served) || served.some(({ name }) => name === plural);
}

function pageOf(answer: Answer, resource: Resource): { items: KubeObject[]; token: string | undefined } {
  const list = answer.body as {
    kind?: string;
    items?: KubeObject[] | null;
    metadata?: { continue?: string };
  };
  // Go writes a nil slice as null.
  if (!list.kind?.endsWith('List') || (list.items !== null && !Array.isArray(list.items))) {
    const what = `the answer is a ${list.kind ?? 'document without a kind'}, not a list`;
    throw new RequestFailure('malformed', what, { sent: true });
  }
  return {
    items: (list.items ?? []).map((item) => received(resource, item)),
    token: list.metadata?.continue || undefined,
  };
}
