import type { KubeObject } from '../../api/object.ts';
import { canonicalJson } from '../../api/json.ts';
import { ALPHA_GROUP, V1_GROUP, V1_POOL } from '../../api/resource.ts';
import { defaultTargetName } from '../../inventory/pairs.ts';
import { carriedMetadata } from '../metadata.ts';
import { created, freeName, patched, type Companion, type CompanionPair } from './companion.ts';

/** Gateway API's limit of spec.to. */
const MAX_ENTRIES = 16;

interface To {
  group?: string;
  kind?: string;
  name?: string;
}

/**
 * The entry for the v1 group beside each alpha one, in the same grant: without it a route of another namespace gets
 * RefNotPermitted. An entry without a name stays without one; a named one gets the new name. Where the grant has no room
 * for it, a second grant has it.
 */
export function grantCompanions(pairs: readonly CompanionPair[], grants: readonly KubeObject[]): Companion[] {
  const byNamespace = Map.groupBy(grants, (grant) => grant.metadata.namespace ?? '');
  return [...byNamespace.values()].flatMap((inNamespace) =>
    inNamespace.flatMap((grant) => companionOf(grant, pairs, inNamespace) ?? []),
  );
}

function companionOf(
  grant: KubeObject,
  pairs: readonly CompanionPair[],
  neighbours: readonly KubeObject[],
): Companion | null {
  const added: To[] = [];
  for (const { alpha, v1 } of pairs) {
    if ((alpha.metadata.namespace ?? '') !== (grant.metadata.namespace ?? '')) continue;
    for (const entry of toOf(grant)) {
      if (!isPool(entry, ALPHA_GROUP)) continue;
      if (entry.name !== undefined && entry.name !== alpha.metadata.name) continue;
      const name = v1.metadata.name;
      if (neighbours.some((other) => grants(other, grant, name)) || added.some((to) => covers(to, name)))
        continue;
      added.push({
        group: V1_GROUP,
        kind: V1_POOL.kind,
        ...(entry.name === undefined ? {} : { name }),
      });
    }
  }
  if (added.length === 0) return null;
  if (toOf(grant).length + added.length > MAX_ENTRIES) return secondGrant(grant, added, neighbours);
  const after: KubeObject = { ...grant, spec: { ...grant['spec'], to: [...toOf(grant), ...added] } };
  return patched(
    grant,
    after,
    added.map((value) => ({ op: 'add', path: '/spec/to/-', value })),
    REASON,
  );
}

const REASON = 'routes of other namespaces may then name the v1 pool too';

function secondGrant(grant: KubeObject, to: readonly To[], neighbours: readonly KubeObject[]): Companion {
  const taken = new Set(neighbours.map(({ metadata }) => metadata.name));
  const name = freeName([defaultTargetName(grant.metadata.name)], (candidate) => taken.has(candidate));
  const { apiVersion, kind, metadata } = grant;
  return created(
    {
      apiVersion,
      kind,
      metadata: carriedMetadata(metadata, name),
      spec: { from: grant['spec'].from as unknown, to },
    },
    REASON,
  );
}

export function toOf(grant: KubeObject): To[] {
  const to: unknown = grant['spec']?.to;
  return Array.isArray(to) ? (to as To[]) : [];
}

export function isPool(entry: To, group: string): boolean {
  return entry.group === group && entry.kind === V1_POOL.kind;
}

function covers(entry: To, name: string): boolean {
  return isPool(entry, V1_GROUP) && (entry.name === undefined || entry.name === name);
}

// Does this grant allow what the other one allows, for the v1 pool of this name?
function grants(candidate: KubeObject, like: KubeObject, name: string): boolean {
  if (!toOf(candidate).some((entry) => covers(entry, name))) return false;
  const from = (grant: KubeObject) => ((grant['spec']?.from ?? []) as unknown[]).map(canonicalJson);
  const allowed = new Set(from(candidate));
  return from(like).every((one) => allowed.has(one));
}
