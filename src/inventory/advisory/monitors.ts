import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { selects, valuesAskedFor, type LabelSelector } from '../labelSelector.ts';
import type { PoolReference } from '../references.ts';
import { finding, kubectl, ofOneRelease, whoseItIs, type Advice } from './advice.ts';
import type { MigratingPool, Picker, Pools } from './pools.ts';

/** ServiceMonitor, PodMonitor, PodMonitoring and ClusterPodMonitoring: whose endpoint picker each collects from. */
export function monitorAdvice(monitors: readonly KubeObject[], pools: Pools): Advice {
  const references: PoolReference[] = [];
  const findings: Finding[] = [];
  const pickers = pools.all.map((pool) => ({ pool, picker: pools.pickerOf(pool) }));
  for (const monitor of monitors) {
    for (const { pool, picker } of pickers) {
      if (!collects(monitor, picker)) continue;
      references.push({
        from: refOf(monitor),
        path: 'spec.selector',
        relation: 'monitoring',
        pool: refOf(pool.alpha),
      });
      const next = pools.v1PickerOf(pool);
      if (next && monitors.some((other) => collects(other, next))) continue;
      findings.push(blind(monitor, pool, picker, next));
    }
  }
  return { references, findings };
}

/**
 * By labels where they were read. Where not, by name: a selector, a label or a name of its own that says the picker's, as
 * the charts write them. A selector without any condition takes every picker there will be, and so points at none.
 */
function collects(monitor: KubeObject, picker: Picker): boolean {
  if (picker.name === '' || !reaches(monitor, picker.namespace)) return false;
  const selector = (monitor['spec']?.selector ?? {}) as LabelSelector;
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0)
    return false;
  const labels = monitor.kind === 'ServiceMonitor' ? picker.service : picker.pods;
  if (labels) return selects(selector, labels);
  const { name, labels: own = {} } = monitor.metadata;
  return [name, ...Object.values(own), ...valuesAskedFor(selector)].includes(picker.name);
}

function reaches(monitor: KubeObject, namespace: string): boolean {
  if (monitor.kind === 'ClusterPodMonitoring') return true;
  const selector = (monitor['spec']?.namespaceSelector ?? {}) as { any?: boolean; matchNames?: string[] };
  if (monitor.kind !== 'PodMonitoring') {
    if (selector.any) return true;
    if (selector.matchNames?.length) return selector.matchNames.includes(namespace);
  }
  return monitor.metadata.namespace === namespace;
}

// Source: GIE config/charts/inferencepool, v1.0.0 to v1.5.0 (templates/gke.yaml, epp-servicemonitor.yaml, values.yaml)
const BY_CHART =
  'inferenceExtension.monitoring.prometheus.enabled=true (on GKE with v1.0.1 and v1.0.2 inferenceExtension.monitoring.gke.enabled=true; v1.0.0 makes one there by itself)';

function blind(monitor: KubeObject, pool: MigratingPool, picker: Picker, next: Picker | null): Finding {
  const { metadata } = pool.alpha;
  const byChart = ofOneRelease(monitor, pool.alpha);
  const copy = `${kubectl('get', refOf(monitor))} -o yaml`;
  const name = next?.name ? `"${next.name}"` : "the v1 picker's name";
  return finding(monitor, {
    id: 'monitor-of-alpha-picker',
    severity: byChart ? 'info' : 'warning',
    field: 'spec.selector',
    message: `It collects the metrics of "${picker.name}", the endpoint picker of the alpha pool ${metadata.namespace}/${metadata.name}. ${
      next
        ? `Nothing collects those of "${next.name}", the v1 one`
        : 'The v1 pool has an endpoint picker of its own'
    }: graphs and alerts go blank as traffic moves there.${byChart ? '' : whoseItIs(monitor)}`,
    hint: byChart
      ? `It came with the pool's chart; let the v1 chart make its like: --set ${BY_CHART}`
      : `Make its like with ${name} in place of "${picker.name}", or let the v1 chart make one (--set ${BY_CHART}): ${copy}`,
  });
}
