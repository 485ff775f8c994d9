import {
  ALPHA_POOL,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  HTTP_ROUTE,
  SERVICE,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';
import type { Transport } from './transport.ts';

/** The API groups that the server knows, with their versions, the preferred one first; null when it wouldn't say. */
export type Groups = ReadonlyMap<string, readonly string[]> | null;

interface GroupList {
  groups?: { name?: string; versions?: { version?: string }[]; preferredVersion?: { version?: string } }[];
}

/** One small answer that every authenticated user may read, in place of a 404 for each kind that is not installed. */
export async function servedGroups(transport: Transport): Promise<Groups> {
  const answer = await transport.call({ method: 'GET', path: '/apis' });
  const { groups } = (answer.body ?? {}) as GroupList;
  if (answer.status !== 200 || !Array.isArray(groups)) return null;
  return new Map(
    groups.map(({ name, versions, preferredVersion }) => {
      const all = (versions ?? []).flatMap(({ version }) => version ?? []);
      const preferred = preferredVersion?.version;
      return [name ?? '', preferred === undefined ? all : [preferred, ...all]];
    }),
  );
}

// Groups without which there would be nothing to do: asked for at once, without waiting for what is installed.
const AT_ONCE = new Set(
  [ALPHA_POOL, V1_POOL, HTTP_ROUTE, SERVICE, DEPLOYMENT, ENDPOINT_SLICE].map(({ group }) => group),
);

export function isAskedAtOnce({ group }: Resource): boolean {
  return AT_ONCE.has(group);
}

/** Kinds of which some are there and some are not on most clusters: discovery is asked about them in any case. */
export function isOftenMissing({ group }: Resource): boolean {
  return group === ALPHA_POOL.group || group === V1_POOL.group;
}

/**
 * The resource as this server has it: under another version where its group has not ours (Istio before 1.22 serves
 * networking.istio.io/v1beta1 only); null where the group is not installed.
 */
export function servedAs(resource: Resource, groups: Groups): Resource | null {
  if (!groups) return resource;
  const versions = groups.get(resource.group);
  if (!versions) return null;
  const [preferred] = versions;
  return preferred === undefined || versions.includes(resource.version)
    ? resource
    : { ...resource, version: preferred };
}
