import type { Inventory, PoolEntry, UnreadEntry, Verdict } from '../api/inventory.ts';
import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, itemsOf, listOf, type Snapshot } from '../api/read.ts';
import { compareRefs, refKey, refOf, type Ref } from '../api/ref.ts';
import {
  ALPHA_POOL,
  DEPLOYMENT,
  DESTINATION_RULE,
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  MODEL,
  qualifiedName,
  SERVICE,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';
import { advisoryReferences } from './advisory/advisory.ts';
import { ADVISORY_RESOURCES } from './advisory/wanted.ts';
import { crdEntries } from './crds.ts';
import { destinationRuleReferences } from './destinationRules.ts';
import { inventoryFindings } from './findings.ts';
import { gatewayEntries } from './gateways.ts';
import { modelEntries } from './models.ts';
import { counterparts, type GivenPair } from './pairs.ts';
import { poolEntries } from './pools.ts';
import { referencesOf } from './references.ts';
import { serverEntry } from './server.ts';
import { INVENTORY_RESOURCES } from './wanted.ts';

/**
 * What exists, what points at what, and whether a migration is needed. The snapshot must hold {@link INVENTORY_RESOURCES}.
 * `given` are the pairs that the user told.
 */
export function buildInventory(snapshot: Snapshot, given: readonly GivenPair[] = []): Inventory {
  const alphaPools = itemsOf(snapshot, ALPHA_POOL);
  const v1Pools = itemsOf(snapshot, V1_POOL);
  const routes = itemsOf(snapshot, HTTP_ROUTE);
  const everything = INVENTORY_RESOURCES.flatMap((resource) => itemsOf(snapshot, resource));

  const models = modelEntries(itemsOf(snapshot, MODEL));
  const pairs = counterparts(alphaPools, v1Pools, routes, given);
  const advice = advisoryReferences(
    [...everything, ...readIfWanted(snapshot, [...ADVISORY_RESOURCES, SERVICE, DEPLOYMENT])],
    alphaPools.map((alpha) => {
      const pair = pairs.get(refKey(refOf(alpha)));
      return { alpha, v1: pair?.state === 'one' ? pair.v1 : null };
    }),
  );
  const references = [
    ...everything.flatMap(referencesOf),
    ...advice.references,
    ...destinationRuleReferences(itemsOf(snapshot, DESTINATION_RULE), [...alphaPools, ...v1Pools]),
  ];
  const entries = poolEntries({ alphaPools, v1Pools, routes, pairs, models, references });
  // An alpha pool that may not be looked at is not gone: then no v1 pool can be said to be done.
  const pools = isUnread(listOf(snapshot, ALPHA_POOL))
    ? entries.filter(({ phase }) => phase !== 'Done')
    : entries;
  const unread = unreadEntries(snapshot);
  const crds = crdEntries(snapshot.crds);
  const server = snapshot.server.state === 'ok' ? serverEntry(snapshot.server.version) : null;
  const verdict = decideVerdict(snapshot, pools, models.length);
  const findings: Finding[] = inventoryFindings({
    snapshot,
    alphaPools,
    v1Pools,
    pools,
    models,
    pairs,
    references,
    crds,
    verdict,
  });

  return {
    verdict,
    pools,
    models,
    crds,
    gateways: gatewayEntries(itemsOf(snapshot, GATEWAY), itemsOf(snapshot, GATEWAY_CLASS), routes),
    server,
    checked: checkedInWords(snapshot),
    unread,
    findings: [...findings, ...advice.findings],
    objects: indexObjects(everything),
  };
}

// The kinds that are only advised on are not read for every command.
function readIfWanted(snapshot: Snapshot, resources: readonly Resource[]): KubeObject[] {
  return resources
    .filter((resource) => snapshot.lists.has(qualifiedName(resource)))
    .flatMap((resource) => itemsOf(snapshot, resource));
}

function indexObjects(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.map((object) => [refKey(refOf(object)), object]));
}

// One pool or one model is enough for "needed". Unknown is only for what could not be read and wasn't found elsewhere.
function decideVerdict(snapshot: Snapshot, pools: readonly PoolEntry[], modelCount: number): Verdict {
  const live = pools.filter((pool) => pool.phase !== 'Done');
  if (live.length > 0 || modelCount > 0)
    return live.some((pool) => pool.phase !== 'Preview') ? 'InProgress' : 'MigrationNeeded';
  if (isUnread(listOf(snapshot, ALPHA_POOL)) || isUnread(listOf(snapshot, MODEL))) return 'Unknown';
  return pools.length > 0 ? 'Done' : 'NotNeeded';
}

function unreadEntries(snapshot: Snapshot): UnreadEntry[] {
  const unread: UnreadEntry[] = [];
  const add = (resource: string, read: { state: string } | undefined, advisory = false) => {
    if (!read || !isUnread(read)) return;
    unread.push({
      resource,
      state: read.state,
      message: read.message,
      ...(advisory ? { advisory } : {}),
    });
  };
  for (const resource of INVENTORY_RESOURCES) add(qualifiedName(resource), listOf(snapshot, resource));
  for (const resource of ADVISORY_RESOURCES)
    add(qualifiedName(resource), snapshot.lists.get(qualifiedName(resource)), true);
  for (const [name, read] of snapshot.crds)
    add(`customresourcedefinitions.apiextensions.k8s.io/${name}`, read);
  add('server version', snapshot.server);
  return unread;
}

function checkedInWords(snapshot: Snapshot): string[] {
  const where = snapshot.namespace === '' ? 'in all namespaces' : `in namespace ${snapshot.namespace}`;
  return [ALPHA_POOL, MODEL].map((resource) => {
    const read = listOf(snapshot, resource);
    const name = qualifiedName(resource);
    if (read.state === 'notInstalled') return `${name}: not installed`;
    if (read.state === 'ok')
      return `${name}: ${read.items.length === 0 ? 'none' : read.items.length} ${where}`;
    return `${name}: could not check (${read.message})`;
  });
}

/** The object that a ref names, if it was read. */
export function objectOf(inventory: Inventory, ref: Ref): KubeObject | undefined {
  return inventory.objects.get(refKey(ref));
}

/** All objects of one kind, in a stable order. */
export function objectsOf(inventory: Inventory, resource: { group: string; kind: string }): KubeObject[] {
  return [...inventory.objects.values()]
    .filter((object) => object.kind === resource.kind && refOf(object).group === resource.group)
    .sort((a, b) => compareRefs(refOf(a), refOf(b)));
}
