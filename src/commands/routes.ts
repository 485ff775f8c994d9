import { UserError } from '../api/errors.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { Ref } from '../api/ref.ts';
import { HTTP_ROUTE, qualifiedName } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { rulesOf } from '../inventory/backendRefs.ts';
import { readOriginals } from '../traffic/original.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { touchesPair } from '../traffic/rule.ts';
import { nearest } from '../api/nearest.ts';
import { couldNotRead } from './readWhole.ts';

/** The pools that have a counterpart, as pairs. */
export function pairsOf(entries: readonly PoolEntry[]): PoolPair[] {
  return entries.flatMap((entry) =>
    entry.v1 && entry.phase !== 'Done' ? [{ alpha: entry.ref, v1: entry.v1 }] : [],
  );
}

/** A ROUTE argument: NAME, NAMESPACE/NAME or httproutes.gateway.networking.k8s.io/NAME. */
export function routeNamed(text: string, inventory: Inventory, namespace: string): KubeObject {
  const slash = text.indexOf('/');
  const before = slash < 0 ? '' : text.slice(0, slash);
  const name = text.slice(slash + 1);
  const isKind = /^httproutes?(\.gateway\.networking\.k8s\.io)?$/.test(before);
  const within = before === '' || isKind ? namespace : before;
  const routes = objectsOf(inventory, HTTP_ROUTE);
  const found = routes.filter(
    (route) => route.metadata.name === name && (within === '' || route.metadata.namespace === within),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new UserError(`"${text}" could mean ${found.length} routes.`, {
      hint: `Say which: ${found.map((route) => `${route.metadata.namespace}/${route.metadata.name}`).join(', ')}`,
    });
  const unread = inventory.unread.find((entry) => entry.resource === qualifiedName(HTTP_ROUTE));
  if (unread) throw couldNotRead('HTTPRoutes', unread);
  const like = nearest(
    name,
    routes.map((route) => route.metadata.name),
  );
  throw new UserError(`There is no HTTPRoute "${text}"${within === '' ? '' : ` in namespace ${within}`}.`, {
    hint: like.length > 0 ? `Did you mean: ${like.join(', ')}?` : 'See what is there: kubectl infpool detect',
  });
}

/** Does some rule of the route send or mirror requests to a pool of one of these pairs? */
export function namesAnyPair(route: KubeObject, pairs: readonly PoolPair[]): boolean {
  const namespace = route.metadata.namespace ?? '';
  return rulesOf(route).some((rule) =>
    pairs.some((pair) => touchesPair(rule.backendRefs ?? [], rule.filters, pair, namespace)),
  );
}

/** Did some rule of the route send or mirror requests to one of these pools before we moved it? */
export function remembersAny(route: KubeObject, pools: readonly Ref[]): boolean {
  const originals = readOriginals(route);
  const namespace = route.metadata.namespace ?? '';
  if (originals.state !== 'ok') return false;
  return originals.rules.some(({ backendRefs, filters }) =>
    pools.some((pool) => touchesPair(backendRefs, filters, { alpha: pool, v1: pool }, namespace)),
  );
}
