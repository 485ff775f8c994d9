// GKE's policies say whether they are attached to what they name.
import type { KubeObject } from '../kube.ts';
import { conditions, no, yes } from './conditions.ts';
import { ALPHA, named, V1, type World } from './world.ts';

interface TargetRef {
  group: string;
  kind: string;
  name: string;
}

export function targetRefs(policy: KubeObject): TargetRef[] {
  const { targetRef, targetRefs = [] } = policy['spec'] ?? {};
  return [...(targetRef ? [targetRef] : []), ...targetRefs] as TargetRef[];
}

export function policyStatus(world: World, policy: KubeObject, now: string): object {
  const missing = targetRefs(policy).find((ref) => !exists(world, policy.metadata.namespace, ref));
  const verdict = missing
    ? no('Attached', 'TargetNotFound', `${missing.kind}.${missing.group} ${missing.name} not found`)
    : yes('Attached');
  return { conditions: conditions([verdict], policy, policy['status']?.conditions, now) };
}

function exists(world: World, namespace: string | undefined, { group, kind, name }: TargetRef): boolean {
  if (kind === 'Service' && group === '') return !!named(world.services, namespace, name);
  if (kind !== 'InferencePool') return false;
  const pools = group === ALPHA ? world.alphaPools : group === V1 ? world.v1Pools : [];
  return !!named(pools, namespace, name);
}
