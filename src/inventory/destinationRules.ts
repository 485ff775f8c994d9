import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import type { PoolReference } from './references.ts';

/** The Service of the endpoint picker that a pool of either group names; '' where it names none or no Service. */
export function pickerServiceOf(pool: KubeObject): string {
  const picker = pool['spec']?.endpointPickerRef ?? pool['spec']?.extensionRef;
  const kind = (picker?.kind as string | undefined) ?? 'Service';
  return kind === 'Service' ? String(picker?.name ?? '') : '';
}

/** Istio reads a host without dots as a Service of the rule's own namespace; a longer one names its namespace. */
function serviceOf(rule: KubeObject): { name: string; namespace: string } | null {
  const [name, namespace, ...rest] = String(rule['spec']?.host ?? '').split('.');
  if (!name) return null;
  if (namespace === undefined) return { name, namespace: rule.metadata.namespace ?? '' };
  // `svc` and the cluster's domain, which may be another than cluster.local.
  return rest.length === 0 || rest[0] === 'svc' ? { name, namespace } : null;
}

/** The DestinationRules that say how to talk to a pool's endpoint picker, as references to that pool. */
export function destinationRuleReferences(
  rules: readonly KubeObject[],
  pools: readonly KubeObject[],
): PoolReference[] {
  const key = (namespace: string, name: string) => `${namespace}/${name}`;
  const byService = Map.groupBy(pools, (pool) => key(pool.metadata.namespace ?? '', pickerServiceOf(pool)));
  return rules.flatMap((rule) => {
    const service = serviceOf(rule);
    const behind = service ? (byService.get(key(service.namespace, service.name)) ?? []) : [];
    return behind.map((pool) => ({
      from: refOf(rule),
      path: 'spec.host',
      relation: 'destinationRule' as const,
      pool: refOf(pool),
    }));
  });
}
