import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, itemsOf, listOf, type ListRead, type Snapshot } from '../api/read.ts';
import { refKey, refOf } from '../api/ref.ts';
import {
  AI_GATEWAY_ROUTE,
  DESTINATION_RULE,
  GATEWAY,
  GRPC_ROUTE,
  HTTP_ROUTE,
  qualifiedName,
  type Resource,
} from '../api/resource.ts';
import { parentGateway } from './gateways.ts';
import { referencesOf } from './references.ts';

const ROUTES = [HTTP_ROUTE, GRPC_ROUTE, AI_GATEWAY_ROUTE];

/** What may lie in one namespace and matter to pools of another: routes to them, rules for their pickers, Gateways. */
export const ELSEWHERE: readonly Resource[] = [...ROUTES, DESTINATION_RULE, GATEWAY];

/**
 * The snapshot of one namespace with what matters to it of all others, by `wide`: without that a pool looks switched, or
 * without a route, while a route of another namespace still sends it requests. Kinds that `wide` lacks or could not read stay
 * as they are.
 */
export function withElsewhere(near: Snapshot, wide: ReadonlyMap<string, ListRead>): Snapshot {
  const { namespace } = near;
  const lists = new Map(near.lists);
  const add = (resource: Resource, wanted: (object: KubeObject) => boolean): readonly KubeObject[] => {
    const name = qualifiedName(resource);
    const [here, all] = [lists.get(name), wide.get(name)];
    if (here?.state !== 'ok' || all?.state !== 'ok') return here?.state === 'ok' ? here.items : [];
    const others = all.items.filter((object) => object.metadata.namespace !== namespace && wanted(object));
    const items = [...here.items, ...others];
    lists.set(name, { ...here, items });
    return items;
  };
  const routes = ROUTES.flatMap((kind) =>
    add(kind, (route) => referencesOf(route).some(({ pool }) => pool.namespace === namespace)),
  );
  add(DESTINATION_RULE, (rule) => String(rule['spec']?.host ?? '').includes(`.${namespace}`));
  const gateways = new Set(
    routes.flatMap((route) =>
      ((route['spec']?.parentRefs ?? []) as { name: string; namespace?: string; kind?: string }[])
        .filter(({ kind = GATEWAY.kind }) => kind === GATEWAY.kind)
        .map((parentRef) => refKey(parentGateway({ parentRef }, route))),
    ),
  );
  add(GATEWAY, (gateway) => gateways.has(refKey(refOf(gateway))));
  return { ...near, lists };
}

/** That routes of other namespaces are not known, where they could not be read and there are pools that they could name. */
export function unknownElsewhere(
  near: Snapshot,
  wide: ReadonlyMap<string, ListRead>,
  pools: readonly Resource[],
): Finding[] {
  const read = wide.get(qualifiedName(HTTP_ROUTE));
  if (!read || !isUnread(read) || isUnread(listOf(near, HTTP_ROUTE))) return [];
  if (pools.every((kind) => itemsOf(near, kind).length === 0)) return [];
  return [
    {
      id: 'only-this-namespace',
      severity: 'warning',
      ref: null,
      field: qualifiedName(HTTP_ROUTE),
      message: `Those of other namespaces than ${near.namespace} could not be read (${read.message}): whether one of them leads to its pools is not known.`,
      hint: 'For all of it, ask as a user who may list them in all namespaces, without -n.',
    },
  ];
}
