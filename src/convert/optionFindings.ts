import type { Finding } from '../api/finding.ts';
import type { FindingId } from '../api/ids.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import type { Provider } from './chart.ts';
import { clusterRoleFindings } from './clusterRoles.ts';
import { eppNameOf } from './names.ts';
import type { Release } from './releases.ts';

interface Options {
  readonly release: Release;
  readonly provider: Provider;
  readonly epp: 'chart' | 'none';
}

interface Unit {
  readonly alpha: KubeObject;
  readonly pool: KubeObject | null;
  readonly others: readonly KubeObject[];
  readonly existing: KubeObject | null;
}

interface Surroundings {
  readonly alphaPools: readonly KubeObject[];
  readonly v1Pools: readonly KubeObject[];
}

interface Made {
  readonly alpha: KubeObject;
  readonly pool: KubeObject;
}

/** What the chosen release, provider and way to install mean for all pools of a conversion at once. */
export function optionFindings(units: readonly Unit[], around: Surroundings, options: Options): Finding[] {
  const made = units.flatMap(({ alpha, pool, existing }) => (pool && !existing ? [{ alpha, pool }] : []));
  if (made.length === 0) return [];
  const findings: Finding[] = [];
  if (units.some((unit) => unit.others.length > 0))
    findings.push(
      general(
        'unknown-models-pass',
        'info',
        'v1alpha2 was an allow-list: a model without an InferenceModel got 404 (EPP up to v0.4). v1 lets every model name through to the servers.',
        'If you relied on that, match the model names at the route or in front of it.',
      ),
    );
  if (options.epp === 'none')
    findings.push(
      general(
        'epp-by-user',
        'warning',
        "The v1 pools name endpoint pickers that nothing here installs; the alpha ones can't serve them.",
        `Install an endpoint picker of ${options.release.version} with --pool-name and --pool-group=inference.networking.k8s.io for each, or leave out --epp none.`,
      ),
    );
  else findings.push(...chartFindings(made, around, options));
  return findings;
}

function chartFindings(
  made: readonly Made[],
  { alphaPools, v1Pools }: Surroundings,
  { release, provider }: Options,
): Finding[] {
  const findings: Finding[] = [];
  if (provider === 'istio' && !release.istio)
    findings.push(
      general(
        'provider-not-in-chart',
        'error',
        `The chart of ${release.version} does not know provider.name=istio: it would make no DestinationRule for its endpoint picker.`,
        'Take --release v1.0.1 or later.',
      ),
    );
  if (release.heavyRequests)
    findings.push(
      general(
        'heavy-requests',
        'warning',
        `Each endpoint picker of ${release.version} asks for 4 CPUs and 8 GiB; ${made.length} new one${made.length === 1 ? '' : 's'} must find room on a node.`,
        'Check the room first, or set inferenceExtension.resources in the chart.',
      ),
    );
  if (release.tracesAlways)
    findings.push(
      general(
        'traces-always',
        'info',
        `The chart of ${release.version} means to turn tracing off, but writes "--tracing false", which turns it on: its endpoint pickers try to send traces to localhost:4317 and log that they can't.`,
        'Harmless otherwise. Take another --release to be rid of it.',
      ),
    );
  findings.push(...monitoringFindings(made, release, provider));
  findings.push(...made.flatMap(({ alpha, pool }) => modelServerFindings(alpha, pool, release)));
  findings.push(...clusterRoleFindings(made, [...alphaPools, ...v1Pools], release));
  return findings;
}

// The charts of v0.x label their pool so, and with provider.name=gke always make a ClusterPodMonitoring for it.
function isOfChart({ metadata }: KubeObject): boolean {
  return metadata.labels?.['app.kubernetes.io/name'] === eppNameOf(metadata.name);
}

function monitoringFindings(made: readonly Made[], release: Release, provider: Provider): Finding[] {
  const { version, monitoringValue, metricsReaders } = release;
  if (provider === 'gke' && monitoringValue && made.some(({ alpha }) => isOfChart(alpha)))
    return [
      general(
        'monitoring-off',
        'warning',
        `The alpha chart made a ClusterPodMonitoring, by which Google Cloud collects the endpoint picker's metrics. The chart of ${version} makes a PodMonitoring instead, and only if it is told to: without it dashboards and autoscaling by these metrics find nothing.`,
        `Pass it on to the chart: --set ${monitoringValue}=true`,
      ),
    ];
  if (metricsReaders === 'nobody')
    return [
      general(
        'metrics-unreadable',
        'info',
        `While monitoring is off in the chart of ${version}, nobody can read the endpoint picker's metrics: it asks for a token, and has no right to check one.`,
        'Pass it on to the chart: --set inferenceExtension.monitoring.prometheus.enabled=true (it makes a ServiceMonitor, on GKE a PodMonitoring), or --set inferenceExtension.monitoring.prometheus.auth.enabled=false to ask for no token.',
      ),
    ];
  return [];
}

// An alpha pool does not say what its model servers are; the chart takes them for vLLM unless told otherwise.
function modelServerFindings(alpha: KubeObject, pool: KubeObject, release: Release): Finding[] {
  const labels = JSON.stringify(pool['spec'].selector.matchLabels).toLowerCase();
  if (labels.includes('vllm')) return [];
  const other = /triton|tensorrt|trt-?llm|sglang/.exec(labels)?.[0];
  const known = release.modelServerTypes.join(', ');
  return [
    {
      id: 'model-server-type',
      severity: other ? 'warning' : 'info',
      ref: refOf(alpha),
      field: 'spec.selector',
      message: other
        ? `Its labels name ${other}, but the chart takes the model servers for vLLM: the endpoint picker would look for vLLM's metrics and pick without knowing the load.`
        : "It does not say which model servers it has; the chart takes them for vLLM and looks for vLLM's metrics.",
      hint: `If they are no vLLM: --set inferencePool.modelServerType=TYPE. The chart of ${release.version} knows ${known}.`,
    },
  ];
}

function general(id: FindingId, severity: Finding['severity'], message: string, hint: string): Finding {
  return { id, severity, ref: null, field: '', message, hint };
}
