import type { Check, CheckVerdict, Verification } from '../api/verification.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { Snapshot } from '../api/read.ts';
import { inNamespace } from '../api/kubectl.ts';
import { ref, refKey, sameRef, type Ref } from '../api/ref.ts';
import { GATEWAY, HTTP_ROUTE, OBJECTIVE, qualifiedName, V1_GROUP } from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { parentGateway } from '../inventory/gateways.ts';
import { referencesOf } from '../inventory/references.ts';
import { companionChecks } from './companions.ts';
import { eppChecks } from './epp.ts';
import { Checklist, mayList } from './evidence.ts';
import { gatewayChecks } from './gateway.ts';
import { policyChecks } from './policies.ts';
import { podChecks, poolStatusChecks } from './pool.ts';
import { routeChecks } from './route.ts';

/** The pool of an entry that ought to work next: the v1 one where there is one, else the alpha one. */
export function subjectOf(entry: PoolEntry): Ref {
  return entry.v1 ?? entry.ref;
}

/** Everything about these pools that can be told from objects. The snapshot holds the Inventory's kinds and VERIFY_RESOURCES. */
export function verifyPools(
  entries: readonly PoolEntry[],
  inventory: Inventory,
  snapshot: Snapshot,
): Check[] {
  const routes = objectsOf(inventory, HTTP_ROUTE);
  const byPool = routesByPool(routes);
  const of = (pool: Ref | null) => (pool ? (byPool.get(refKey(pool)) ?? []) : []);
  const theirs = new Set(entries.flatMap((entry) => [...of(entry.ref), ...of(entry.v1)]));
  const named = routes.filter((route) => theirs.has(route));
  const gateways = unique(named.flatMap(gatewaysOf));
  return [
    ...gateways.flatMap((gateway) => gatewayChecksOf(gateway, inventory)),
    ...named.flatMap(routeChecks),
    ...entries.flatMap((entry) => [
      ...readinessChecks(subjectOf(entry), inventory, snapshot, of(subjectOf(entry))),
      ...objectiveChecks(entry, inventory),
    ]),
  ];
}

/** What has to hold before a pool gets its first request: it is there, its picker serves it, servers are there. */
export function readinessChecks(
  pool: Ref,
  inventory: Inventory,
  snapshot: Snapshot,
  routes: readonly KubeObject[],
): Check[] {
  const object = objectOf(inventory, pool);
  if (!object) {
    const list = new Checklist('InferencePool', pool);
    list.add(
      'pool-found',
      false,
      'It does not exist',
      `Create it: kubectl infpool convert --apply${inNamespace(pool.namespace)}`,
    );
    return list.checks;
  }
  const routed = routes.some((route) =>
    referencesOf(route).some((reference) => sameRef(reference.pool, pool)),
  );
  return [
    ...poolStatusChecks(object, routed),
    ...eppChecks(object, snapshot),
    ...podChecks(object, snapshot),
    ...(mayBeOnGke(inventory) ? policyChecks(object, snapshot) : []),
    ...companionChecks(pool, inventory, snapshot, mayBeOnGke(inventory)),
  ];
}

function routesByPool(routes: readonly KubeObject[]): Map<string, KubeObject[]> {
  const byPool = new Map<string, KubeObject[]>();
  for (const route of routes)
    for (const key of new Set(referencesOf(route).map(({ pool }) => refKey(pool)))) {
      const list = byPool.get(key);
      if (list) list.push(route);
      else byPool.set(key, [route]);
    }
  return byPool;
}

/** The Gateways that a route asks to be served by. */
export function gatewaysOf(route: KubeObject): Ref[] {
  const parentRefs = (route['spec']?.parentRefs ?? []) as {
    name: string;
    namespace?: string;
    kind?: string;
  }[];
  return parentRefs
    .filter((parentRef) => (parentRef.kind ?? GATEWAY.kind) === GATEWAY.kind)
    .map((parentRef) => parentGateway({ parentRef }, route));
}

function unique(refs: readonly Ref[]): Ref[] {
  return [...new Map(refs.map((one) => [refKey(one), one])).values()];
}

function gatewayChecksOf(gateway: Ref, inventory: Inventory): Check[] {
  const object = objectOf(inventory, gateway);
  if (object) return gatewayChecks(object);
  const list = new Checklist('Gateway', gateway);
  const unread = inventory.unread.find(({ resource }) => resource === qualifiedName(GATEWAY));
  list.add(
    'gateway-found',
    unread ? 'unknown' : false,
    unread?.message ?? 'It does not exist',
    unread
      ? mayList(GATEWAY)
      : 'Nothing serves the route without its Gateway. Create it, or correct the parentRefs of the route; the Gateways there are: kubectl get gateways.gateway.networking.k8s.io --all-namespaces',
  );
  return list.checks;
}

// An InferenceObjective is not needed to serve, but without it a request's priority is 0.
function objectiveChecks(entry: PoolEntry, inventory: Inventory): Check[] {
  if (!entry.v1 || entry.models.length === 0) return [];
  if (inventory.unread.some(({ resource }) => resource === qualifiedName(OBJECTIVE))) return []; // said elsewhere
  const list = new Checklist('InferenceObjectives', entry.v1);
  const missing = entry.models.filter((model) => {
    const objective = objectOf(inventory, ref(OBJECTIVE, model.namespace, model.name));
    const poolRef = objective?.['spec']?.poolRef;
    return !objective || poolRef?.name !== entry.v1?.name || (poolRef?.group ?? V1_GROUP) !== V1_GROUP;
  });
  const total = entry.models.length;
  list.add(
    'objectives-present',
    missing.length === 0,
    missing.length === 0
      ? `${total} of ${total} InferenceModels have one`
      : `None for ${missing.map((model) => model.name).join(', ')}: without one, requests have priority 0`,
    `Create them: kubectl infpool convert --apply${inNamespace(entry.ref.namespace)}`,
  );
  return list.checks;
}

/** One failure fails all; then one unknown makes all unknown. */
export function verdictOf(checks: readonly Check[]): Verification['verdict'] {
  const has = (verdict: CheckVerdict) => checks.some((check) => check.verdict === verdict);
  return has('fail') ? 'fail' : has('unknown') ? 'unknown' : 'pass';
}

// GKE's kinds can be installed where another controller serves (Istio on GKE); only GKE's own goes by them. Without a known
// controller the policies are looked at: better one check too many.
function mayBeOnGke({ gateways }: Inventory): boolean {
  const known = gateways.filter(({ controller }) => controller !== '');
  return known.length === 0 || known.some(({ controller }) => controller.startsWith('networking.gke.io/'));
}
