// Statuses of InferencePools: a parent for each Gateway whose route names the pool, and none without a route.
import type { KubeObject } from '../kube.ts';
import type { Attachment } from './attach.ts';
import { referencedPools } from './backends.ts';
import { conditions, no, yes, type Condition } from './conditions.ts';
import { pickerRef } from './picker.ts';
import { ALPHA, GATEWAY_API, groupOf, keyOf, named, type Behaviour, type World } from './world.ts';

interface PoolParent {
  parentRef: { kind?: string; name?: string; namespace?: string };
  conditions?: Condition[];
}

/** @param mine the Gateways of the played controller */
export function poolStatus(
  world: World,
  played: Behaviour,
  pool: KubeObject,
  attached: Attachment[],
  mine: KubeObject[],
  now: string,
): object {
  const alpha = groupOf(pool) === ALPHA;
  // v1alpha2 calls its list `parent`, v1 `parents`.
  const field = alpha ? 'parent' : 'parents';
  const before = (pool['status']?.[field] ?? []) as PoolParent[];
  const users = attached.filter(({ route }) => referencedPools(world, played, route).includes(pool));
  const parents = new Map(users.map(({ gateway }) => [keyOf(gateway), gateway]));

  const entries = [...parents].map(([key, gateway]) => {
    const { name, namespace } = gateway.metadata;
    const accepted = users.some((user) => keyOf(user.gateway) === key && !user.refused);
    const old = before.find(({ parentRef }) => refersTo(parentRef, pool, gateway));
    const verdicts = [
      accepted ? yes('Accepted') : no('Accepted', 'HTTPRouteNotAccepted', 'no route to it is accepted'),
      pickerFound(world, pool),
    ];
    const parentRef = alpha
      ? { apiVersion: `${GATEWAY_API}/v1`, kind: 'Gateway', name, namespace }
      : { group: GATEWAY_API, kind: 'Gateway', name, namespace };
    return { parentRef, conditions: conditions(verdicts, pool, old?.conditions, now) };
  });
  const kept = before.filter(({ parentRef }) => !isOurs(world, pool, parentRef, mine));
  const all = [...kept, ...entries];
  return { [field]: all.length > 0 ? all : null };
}

function pickerFound(world: World, pool: KubeObject) {
  const { name } = pickerRef(pool);
  return named(world.services, pool.metadata.namespace, name)
    ? yes('ResolvedRefs')
    : no('ResolvedRefs', 'InvalidExtensionRef', `Service ${pool.metadata.namespace}/${name} not found`);
}

/** Of a Gateway of ours, or of one that is gone. Others (the synthetic `Status/default`, too) are not. */
function isOurs(world: World, pool: KubeObject, ref: PoolParent['parentRef'], mine: KubeObject[]): boolean {
  if ((ref.kind ?? 'Gateway') !== 'Gateway') return false;
  if (mine.some((gateway) => refersTo(ref, pool, gateway))) return true;
  return !world.gateways.some((gateway) => refersTo(ref, pool, gateway));
}

function refersTo(ref: PoolParent['parentRef'], pool: KubeObject, { metadata }: KubeObject): boolean {
  return ref.name === metadata.name && (ref.namespace ?? pool.metadata.namespace) === metadata.namespace;
}
