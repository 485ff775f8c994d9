import type { KubeObject } from './object.ts';
import { qualifiedName, type Resource } from './resource.ts';

/**
 * Why something could not be read. Never the same as "there is none":
 * `forbidden` is a 403 (or 401), `failed` everything else: unreachable, timed out, 5xx, an answer that is no JSON.
 */
export interface Unread {
  readonly state: 'forbidden' | 'failed';
  readonly message: string;
}

/** The outcome of a list. `notInstalled`: the API server doesn't know the kind (404), so there can be no object. */
export type ListRead =
  | { readonly state: 'ok'; readonly items: readonly KubeObject[] }
  | { readonly state: 'notInstalled' }
  | Unread;

/** The outcome of reading one object. `absent`: the kind is there, the object is not (or the kind is not there). */
export type GetRead =
  { readonly state: 'ok'; readonly object: KubeObject } | { readonly state: 'absent' } | Unread;

export interface ServerVersion {
  readonly gitVersion: string;
  readonly platform?: string;
}

export type VersionRead = { readonly state: 'ok'; readonly version: ServerVersion } | Unread;

/**
 * What one command read of a cluster, at one moment: lists by qualified resource name, CRDs by name, the server's
 * version. `namespace` is the one the lists were confined to, '' for all of them.
 */
export interface Snapshot {
  readonly namespace: string;
  readonly lists: ReadonlyMap<string, ListRead>;
  readonly crds: ReadonlyMap<string, GetRead>;
  readonly server: VersionRead;
}

/** The list of this resource. Asking for one that was never read is a bug of ours, not an empty list. */
export function listOf(snapshot: Snapshot, resource: Resource): ListRead {
  const name = qualifiedName(resource);
  const list = snapshot.lists.get(name);
  if (!list) throw new Error(`bug: ${name} was not among the resources read`);
  return list;
}

/** The objects of this resource that could be read; none when it isn't installed or could not be read. */
export function itemsOf(snapshot: Snapshot, resource: Resource): readonly KubeObject[] {
  const list = listOf(snapshot, resource);
  return list.state === 'ok' ? list.items : [];
}

export function isUnread(read: { state: string }): read is Unread {
  return read.state === 'forbidden' || read.state === 'failed';
}
