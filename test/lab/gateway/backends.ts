// What a route's backendRef comes to. Identity is group + kind + namespace + name: pools of one name in two
// groups are two.
import type { KubeObject } from '../kube.ts';
import {
  ALPHA,
  backendRefs,
  GATEWAY_API,
  named,
  V1,
  type BackendRef,
  type Behaviour,
  type World,
} from './world.ts';

/** The object it names, or the reason of `ResolvedRefs=False` with what to say. */
export type Resolved =
  | { pool: KubeObject }
  | { service: KubeObject; port: number }
  | { reason: 'InvalidKind' | 'BackendNotFound' | 'RefNotPermitted'; message: string };

export function resolveBackend(
  world: World,
  { serves }: Behaviour,
  route: KubeObject,
  ref: BackendRef,
): Resolved {
  const target = targetOf(route, ref);
  const { group, kind, namespace, name } = target;
  const what = `${kind}${group ? `.${group}` : ''} ${namespace}/${name}`;

  const isPool = kind === 'InferencePool' && servedGroups[serves].includes(group);
  const isService = kind === 'Service' && group === '';
  if (!isPool && !isService) return { reason: 'InvalidKind', message: `${what} is not a supported backend` };
  if (namespace !== route.metadata.namespace && !granted(world, route, target))
    return { reason: 'RefNotPermitted', message: `no ReferenceGrant in ${namespace} permits ${what}` };

  const candidates = isService ? world.services : group === ALPHA ? world.alphaPools : world.v1Pools;
  const found = named(candidates, namespace, name);
  if (found && isPool) return { pool: found };
  if (found && ref.port !== undefined) return { service: found, port: ref.port };
  return { reason: 'BackendNotFound', message: `${what} not found` };
}

function targetOf(route: KubeObject, { group = '', kind = 'Service', namespace, name }: BackendRef): Target {
  return { group, kind, namespace: namespace ?? route.metadata.namespace ?? 'default', name };
}

const servedGroups = { both: [ALPHA, V1], alpha: [ALPHA], v1: [V1] };

/** The pools that a route names and that exist and may be named, each once. */
export function referencedPools(world: World, played: Behaviour, route: KubeObject): KubeObject[] {
  const found = backendRefs(route).map((ref) => resolveBackend(world, played, route, ref));
  return [...new Set(found.flatMap((resolved) => ('pool' in resolved ? [resolved.pool] : [])))];
}

interface Target {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

function granted(world: World, route: KubeObject, target: Target): boolean {
  return world.grants.some(({ metadata, spec }) => {
    const from = (spec.from ?? []) as { group: string; kind: string; namespace: string }[];
    const to = (spec.to ?? []) as { group: string; kind: string; name?: string }[];
    return (
      metadata.namespace === target.namespace &&
      from.some(
        (entry) =>
          entry.group === GATEWAY_API &&
          entry.kind === 'HTTPRoute' &&
          entry.namespace === route.metadata.namespace,
      ) &&
      to.some(
        (entry) =>
          entry.group === target.group &&
          entry.kind === target.kind &&
          (entry.name === undefined || entry.name === target.name),
      )
    );
  });
}
