import type { Finding } from '../api/finding.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import type { Provider } from './chart.ts';
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

/** What the chosen release, provider and way to install mean for all pools of a conversion at once. */
export function optionFindings(
  units: readonly Unit[],
  around: Surroundings,
  { release, provider, epp }: Options,
): Finding[] {
  const findings: Finding[] = [];
  const add = (id: string, severity: Finding['severity'], message: string, hint: string) =>
    findings.push({ id, severity, ref: null, field: '', message, hint });
  const made = units.filter((unit) => unit.pool && !unit.existing);
  if (made.length === 0) return findings;

  if (units.some((unit) => unit.others.length > 0))
    add(
      'unknown-models-pass',
      'info',
      'v1alpha2 was an allow-list: a model without an InferenceModel got 404 (EPP up to v0.4). v1 lets every model name through to the servers.',
      'If you relied on that, match the model names at the route or in front of it.',
    );
  if (epp === 'none')
    add(
      'epp-by-user',
      'warning',
      "The v1 pools name endpoint pickers that nothing here installs; the alpha ones can't serve them.",
      `Install an endpoint picker of ${release.version} with --pool-name and --pool-group=inference.networking.k8s.io for each, or leave out --epp none.`,
    );
  if (epp === 'chart' && provider === 'istio' && !release.istio)
    add(
      'provider-not-in-chart',
      'error',
      `The chart of ${release.version} does not know provider.name=istio: it would make no DestinationRule for its endpoint picker.`,
      'Take --release v1.0.1 or later.',
    );
  if (epp === 'chart' && release.heavyRequests)
    add(
      'heavy-requests',
      'warning',
      `Each endpoint picker of ${release.version} asks for 4 CPUs and 8 GiB; ${made.length} new one${made.length === 1 ? '' : 's'} must find room on a node.`,
      'Check the room first, or set inferenceExtension.resources in the chart.',
    );
  if (epp === 'chart' && release.clusterRoleClashes)
    findings.push(...clusterRoleClashes(made, around, release));
  return findings;
}

// The chart of v1.0.0 names a ClusterRole after the release alone, so a name can be used once in a cluster.
function clusterRoleClashes(
  units: readonly Unit[],
  { alphaPools, v1Pools }: Surroundings,
  release: Release,
): Finding[] {
  const there = Map.groupBy([...alphaPools, ...v1Pools], (pool) =>
    String((pool['spec']?.endpointPickerRef ?? pool['spec']?.extensionRef)?.name ?? ''),
  );
  const given = new Set<string>();
  return units.flatMap(({ alpha, pool }): Finding[] => {
    const name = eppNameOf(pool!.metadata.name);
    const again = given.has(name);
    given.add(name);
    const other = (there.get(name) ?? []).find(
      ({ metadata }) => metadata.namespace !== alpha.metadata.namespace,
    );
    if (!again && !other) return [];
    const whose = again
      ? 'another pool of this conversion has it already'
      : `the endpoint picker of ${other!.metadata.namespace}/${other!.metadata.name} has that name, and may have such a ClusterRole`;
    return [
      {
        id: 'cluster-role-clash',
        severity: again ? 'error' : 'warning',
        ref: refOf(alpha),
        field: 'metadata.name',
        message: `The chart of ${release.version} makes a ClusterRole "${name}" without the namespace in its name; ${whose}.`,
        hint: `Take --release v1.0.1 or later, or --name ${alpha.metadata.namespace}/${alpha.metadata.name}=NAME`,
      },
    ];
  });
}
