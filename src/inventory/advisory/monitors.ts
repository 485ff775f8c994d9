import type { Finding } from '../../api/finding.ts';
import { kubectl } from '../../api/kubectl.ts';
import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import { selects, valuesAskedFor, type LabelSelector } from '../labelSelector.ts';
import type { PoolReference } from '../references.ts';
import { finding, ofOneRelease, whoseItIs, type Advice } from './advice.ts';
import type { MigratingPool, Picker, Pools } from './pools.ts';

/** A monitor, with what it is asked again and again: thousands of them meet hundreds of pools. */
interface Monitor {
  readonly object: KubeObject;
  readonly selector: LabelSelector;
  /** Its name, its labels' values and what its selector asks for. */
  readonly says: ReadonlySet<string>;
}

/** ServiceMonitor, PodMonitor, PodMonitoring and ClusterPodMonitoring: whose endpoint picker each collects from. */
export function monitorAdvice(objects: readonly KubeObject[], pools: Pools): Advice {
  const references: PoolReference[] = [];
  const findings: Finding[] = [];
  const monitors = objects.flatMap(monitorOf);
  for (const pool of pools.all) {
    const picker = pools.pickerOf(pool);
    const its = monitors.filter((monitor) => collects(monitor, picker));
    if (its.length === 0) continue;
    references.push(
      ...its.map(({ object }) => ({
        from: refOf(object),
        path: 'spec.selector',
        relation: 'monitoring' as const,
        pool: refOf(pool.alpha),
      })),
    );
    const next = pools.v1PickerOf(pool);
    if (next && monitors.some((monitor) => collects(monitor, next))) continue;
    findings.push(...its.map(({ object }) => blind(object, pool, picker, next)));
  }
  return { references, findings };
}

// A selector without any condition takes every picker there will be, and so points at none.
function monitorOf(object: KubeObject): Monitor[] {
  const selector = (object['spec']?.selector ?? {}) as LabelSelector;
  const conditions =
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  if (conditions === 0) return [];
  const { name, labels = {} } = object.metadata;
  return [{ object, selector, says: new Set([name, ...Object.values(labels), ...valuesAskedFor(selector)]) }];
}

/**
 * By labels where they were read. Where not, by name: a selector, a label or a name of its own that says the picker's, as
 * the charts write them.
 */
function collects({ object, selector, says }: Monitor, picker: Picker): boolean {
  if (picker.name === '' || !reaches(object, picker.namespace)) return false;
  const labels = object.kind === 'ServiceMonitor' ? picker.service : picker.pods;
  return labels ? selects(selector, labels) : says.has(picker.name);
}

function reaches(monitor: KubeObject, namespace: string): boolean {
  if (monitor.kind === 'ClusterPodMonitoring') return true;
  if (monitor.kind !== 'PodMonitoring') {
    const selector = (monitor['spec']?.namespaceSelector ?? {}) as { any?: boolean; matchNames?: string[] };
    if (selector.any) return true;
    if (selector.matchNames?.length) return selector.matchNames.includes(namespace);
  }
  return monitor.metadata.namespace === namespace;
}

// Source: GIE config/charts/inferencepool, v1.0.0 to v1.5.0 (templates/gke.yaml, epp-servicemonitor.yaml, values.yaml)
const BY_CHART =
  'inferenceExtension.monitoring.prometheus.enabled=true (on GKE with v1.0.1 and v1.0.2 inferenceExtension.monitoring.gke.enabled=true; v1.0.0 makes one there by itself)';

// Where its labels were not read: what the chart gives its picker (config/charts/inferencepool/templates/_helpers.tpl).
function labelsOf(monitor: KubeObject, next: Picker | null): string {
  const known = monitor.kind === 'ServiceMonitor' ? next?.service : next?.pods;
  if (known && Object.keys(known).length > 0)
    return Object.entries(known)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', ');
  return next?.name ? `inferencepool: ${next.name} (as the chart labels it)` : 'of the v1 picker';
}

function blind(monitor: KubeObject, pool: MigratingPool, picker: Picker, next: Picker | null): Finding {
  const { metadata } = pool.alpha;
  const byChart = ofOneRelease(monitor, pool.alpha);
  const copy = `${kubectl('get', refOf(monitor))} -o yaml`;
  const labels = labelsOf(monitor, next);
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
      ? `It came with the pool's chart; let the v1 chart make one, too: --set ${BY_CHART}`
      : `Let the v1 chart make one, with --set ${BY_CHART}; or copy this one, with the selector ${labels}: ${copy}`,
  });
}
