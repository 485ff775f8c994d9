import type { CheckId } from '../api/ids.ts';
import type { Inventory, PoolEntry, Relation } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, listOf, type Snapshot } from '../api/read.ts';
import { describeRef, sameRef, type Ref } from '../api/ref.ts';
import {
  DESTINATION_RULE,
  GCP_BACKEND_POLICY,
  GCP_TRAFFIC_POLICY,
  HTTP_ROUTE,
  qualifiedName,
  REFERENCE_GRANT,
  type Resource,
} from '../api/resource.ts';
import { inNamespace } from '../api/kubectl.ts';
import type { Check } from '../api/verification.ts';
import { objectOf } from '../inventory/build.ts';
import { Checklist, mayList } from './evidence.ts';

const GROUP = 'References';
const hint = (pool: Ref): string =>
  `Make what is missing: kubectl infpool convert --apply${inNamespace(pool.namespace)}`;

/** What stands beside the alpha pool and has to stand beside the v1 one before any traffic: grants, policies, rules. */
export function companionChecks(
  pool: Ref,
  inventory: Inventory,
  snapshot: Snapshot,
  onGke: boolean,
): Check[] {
  const entry = inventory.pools.find(
    (candidate) => candidate.v1 && sameRef(candidate.v1, pool) && candidate.phase !== 'Done',
  );
  if (!entry) return [];
  const list = new Checklist(GROUP, pool);
  grantChecks(entry, inventory, snapshot, list);
  // A HealthCheckPolicy has a check of its own, with or without an alpha one.
  for (const kind of onGke ? [GCP_BACKEND_POLICY, GCP_TRAFFIC_POLICY] : [])
    likeCheck(entry, snapshot, list, 'policy-present', 'policyTarget', kind);
  likeCheck(entry, snapshot, list, 'destination-rule-present', 'destinationRule', DESTINATION_RULE);
  return list.checks;
}

function likeCheck(
  entry: PoolEntry,
  snapshot: Snapshot,
  list: Checklist,
  id: CheckId,
  relation: Relation,
  kind: Resource,
): void {
  const read = listOf(snapshot, kind);
  if (isUnread(read)) {
    if (kind === GCP_BACKEND_POLICY) return; // the check of whether it is attached says so
    list.add(id, 'unknown', `${qualifiedName(kind)} could not be read: ${read.message}`, mayList(kind));
    return;
  }
  const those = (references: PoolEntry['references']) =>
    references.filter(({ from, relation: other }) => other === relation && from.kind === kind.kind);
  const [alphas] = those(entry.references);
  if (!alphas) return;
  const there = those(entry.referencesV1).length > 0;
  list.add(
    id,
    there,
    there
      ? `${kind.kind}: the v1 pool has one too`
      : `${describeRef(alphas.from)} holds for the alpha pool, and no ${kind.kind} for the v1 one`,
    hint(entry.ref),
  );
}

// Without a grant a route of another namespace gets RefNotPermitted, and its v1 share of the requests fails.
function grantChecks(entry: PoolEntry, inventory: Inventory, snapshot: Snapshot, list: Checklist): void {
  const elsewhere = new Set(
    [...entry.references, ...entry.referencesV1]
      .filter(
        ({ from, relation }) =>
          (relation === 'backendRef' || relation === 'mirror') && from.namespace !== entry.ref.namespace,
      )
      .map(({ from }) => from.namespace),
  );
  if (elsewhere.size === 0) return;
  const read = listOf(snapshot, REFERENCE_GRANT);
  if (isUnread(read)) {
    list.add(
      'grant-present',
      'unknown',
      `${qualifiedName(REFERENCE_GRANT)} could not be read: ${read.message}`,
      mayList(REFERENCE_GRANT),
    );
    return;
  }
  for (const namespace of [...elsewhere].sort()) {
    const grants = (references: PoolEntry['references']) =>
      references.some(
        ({ from, relation }) => relation === 'grant' && allows(objectOf(inventory, from), namespace),
      );
    // Where the alpha pool is reached without one, the controller does not ask for it.
    if (!grants(entry.references)) continue;
    const there = grants(entry.referencesV1);
    list.add(
      'grant-present',
      there,
      there
        ? `Routes of namespace ${namespace} may name it`
        : `Routes of namespace ${namespace} may name the alpha pool, but no ReferenceGrant lets them name the v1 one`,
      hint(entry.ref),
    );
  }
}

interface From {
  group?: string;
  kind?: string;
  namespace?: string;
}

function allows(grant: KubeObject | undefined, namespace: string): boolean {
  return ((grant?.['spec']?.from ?? []) as From[]).some(
    (from) =>
      from.group === HTTP_ROUTE.group && from.kind === HTTP_ROUTE.kind && from.namespace === namespace,
  );
}
