import type { KubeObject } from '../api/object.ts';
import type { Release } from './releases.ts';

export type Provider = 'gke' | 'istio' | 'none';

export const UPSTREAM_CHART = 'oci://registry.k8s.io/gateway-api-inference-extension/charts/inferencepool';

export interface ChartOptions {
  /** An OCI reference, or the folder or archive of a chart. */
  readonly chart: string;
  readonly release: Release;
  readonly provider: Provider;
  /** What the user passes on to helm: `--set`, `--values`, … with their values. */
  readonly more?: readonly string[];
}

/** The arguments of `helm install` that make this v1 pool and its endpoint picker, with every value that is needed. */
export function helmInstallArgs(
  pool: KubeObject,
  { chart, release, provider, more = [] }: ChartOptions,
): string[] {
  const args = ['install', pool.metadata.name, chart];
  // A chart on disk has the version that it has.
  if (chart.startsWith('oci://') || chart.startsWith('https://')) args.push('--version', release.version);
  if (pool.metadata.namespace) args.push('--namespace', pool.metadata.namespace);
  const labels = pool['spec'].selector.matchLabels as Record<string, string>;
  for (const [key, value] of Object.entries(labels))
    args.push(
      '--set-string',
      `inferencePool.modelServers.matchLabels.${escapeKey(key)}=${escapeValue(value)}`,
    );
  const ports = (pool['spec'].targetPorts as { number: number }[]).map(({ number }) => number);
  for (const [index, port] of ports.entries())
    args.push('--set', `inferencePool.targetPorts[${index}].number=${port}`);
  // Through v1.4.0 the HealthCheckPolicy takes its port from here; left out, it would probe 8000.
  if (release.targetPortNumber) args.push('--set', `inferencePool.targetPortNumber=${ports[0]}`);
  // Where the chart knows it, it means FailOpen when left out, and the API means FailClose.
  if (release.chartFailureMode)
    args.push(
      '--set',
      `inferenceExtension.failureMode=${pool['spec'].endpointPickerRef.failureMode ?? 'FailClose'}`,
    );
  args.push('--set', `provider.name=${provider}`);
  // Behind ours: the last one wins.
  return [...args, ...more];
}

// Helm's --set: dots in a key and commas in a value have to be escaped.
function escapeKey(key: string): string {
  const escaped = key.replace(/[\\.,=[\]{}]/g, (character) => `\\${character}`);
  return isPlainInYaml(key) ? escaped : `"${escaped}"`;
}

// The chart writes keys without quotes: `on` would become "true", `010` would become "8". So they bring their own quotes.
function isPlainInYaml(key: string): boolean {
  return /^[a-z]/i.test(key) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key);
}

function escapeValue(value: string): string {
  return value.replace(/[\\,]/g, (character) => `\\${character}`);
}
