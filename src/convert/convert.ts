import type { Finding } from '../api/finding.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { describeRef, qualifiedRef, refOf, type Ref } from '../api/ref.ts';
import type { Provider } from './chart.ts';
import { covers } from './covers.ts';
import { convertModel, type PriorityMap } from './models.ts';
import { eppNameOf, nameFinding } from './names.ts';
import { convertPool, originAnnotations, type ConvertedPool, type PoolTarget } from './pool.ts';
import type { Release } from './releases.ts';

export interface ConvertOptions {
  readonly release: Release;
  readonly priorities: PriorityMap;
  readonly provider: Provider;
  /** `chart`: upstream's chart makes pool and endpoint picker; `none`: the user brings an endpoint picker. */
  readonly epp: 'chart' | 'none';
  /** OCI reference, folder or archive of the chart. */
  readonly chart: string;
  /** The v1 name for an alpha pool that has no counterpart yet. */
  readonly nameFor: (alpha: Ref) => string;
}

/** An alpha pool with what belongs to it. */
export interface ConvertInput {
  readonly alpha: KubeObject;
  /** InferenceModels whose poolRef names it. */
  readonly models: readonly KubeObject[];
  /** Its v1 counterpart, when there is one already. */
  readonly existing: KubeObject | null;
}

/** Everything else of the namespace that a new name could collide with. */
export interface Surroundings {
  readonly alphaPools: readonly KubeObject[];
  readonly v1Pools: readonly KubeObject[];
}

export interface ConvertedUnit {
  readonly alpha: KubeObject;
  /** Null when no valid v1 pool can be made; a finding says why. */
  readonly pool: KubeObject | null;
  /** InferenceObjectives, then InferenceModelRewrites. */
  readonly others: readonly KubeObject[];
  readonly existing: KubeObject | null;
}

export interface Conversion {
  readonly units: readonly ConvertedUnit[];
  readonly findings: readonly Finding[];
}

/** The v1 objects for alpha ones, with everything that is lost or in doubt as findings. */
export function convert(
  inputs: readonly ConvertInput[],
  around: Surroundings,
  options: ConvertOptions,
): Conversion {
  const findings: Finding[] = [];
  const names = new Names(around);
  const units = inputs.map((input): ConvertedUnit => {
    const self = refOf(input.alpha);
    const name = input.existing?.metadata.name ?? options.nameFor(self);
    const bad = input.existing ? null : names.claim(self, name);
    if (bad) findings.push(bad);
    const eppName = input.existing?.['spec']?.endpointPickerRef?.name ?? eppNameOf(name);
    const pool = poolFor(input, {
      name,
      eppName,
      release: options.release,
      byChart: options.epp === 'chart',
      models: modelNames(input.models),
    });
    findings.push(...pool.findings);
    const usable = bad ? null : pool.object;
    if (!usable) return { alpha: input.alpha, pool: null, others: [], existing: input.existing };

    const others = input.models.map((model) =>
      convertModel(model, name, options.priorities, options.release),
    );
    findings.push(...others.flatMap((other) => other.findings));
    return {
      alpha: input.alpha,
      pool: usable,
      others: inKindOrder(others.flatMap((other) => other.objects)),
      existing: input.existing,
    };
  });
  findings.push(...optionFindings(units, around, options));
  return { units, findings };
}

// A v1 pool that is there is somebody's decision: it is shown as it stands, so that applying the output changes nothing.
function poolFor({ alpha, existing }: ConvertInput, target: PoolTarget): ConvertedPool {
  const converted = convertPool(alpha, target);
  if (!existing) return converted;
  if (converted.object && covers(existing['spec'], converted.object['spec']))
    return { object: converted.object, findings: [] };
  const { apiVersion, kind, metadata } = existing;
  const object: KubeObject = {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      annotations: originAnnotations(alpha, target.models),
    },
    spec: existing['spec'],
  };
  const finding: Finding = {
    id: 'v1-pool-differs',
    severity: 'info',
    ref: refOf(existing),
    field: 'spec',
    message: `It is there already, with another spec than ${describeRef(refOf(alpha))} converts to; it is kept as it is.`,
    hint: `Compare the two: kubectl get ${metadata.namespace ? `-n ${metadata.namespace} ` : ''}${qualifiedRef(refOf(existing))} ${qualifiedRef(refOf(alpha))} -o yaml`,
  };
  return { object, findings: [finding] };
}

/** All v1 objects, pools first: what `convert` prints. */
export function objectsOf(conversion: Conversion): KubeObject[] {
  return conversion.units.flatMap((unit) => (unit.pool ? [unit.pool, ...unit.others] : []));
}

function modelNames(models: readonly KubeObject[]): string[] {
  return [
    ...new Set(models.flatMap((model) => (model['spec']?.modelName as string | undefined) ?? [])),
  ].sort();
}

function inKindOrder(objects: readonly KubeObject[]): KubeObject[] {
  const rank = (object: KubeObject) => (object.kind === 'InferenceObjective' ? 0 : 1);
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

// Names taken so far, by namespace: by what is in the cluster and by what this conversion gives out.
class Names {
  readonly #pools = new Map<string, Set<string>>();
  readonly #epps = new Map<string, Set<string>>();

  constructor({ alphaPools, v1Pools }: Surroundings) {
    for (const pool of v1Pools) {
      at(this.#pools, pool).add(pool.metadata.name);
      at(this.#epps, pool).add(String(pool['spec']?.endpointPickerRef?.name ?? ''));
    }
    for (const pool of alphaPools) at(this.#epps, pool).add(String(pool['spec']?.extensionRef?.name ?? ''));
  }

  claim(alpha: Ref, name: string): Finding | null {
    const where = { metadata: { namespace: alpha.namespace } };
    const pools = at(this.#pools, where);
    const epps = at(this.#epps, where);
    const finding = nameFinding(alpha, name, { takenPools: pools, takenEpps: epps });
    pools.add(name);
    epps.add(eppNameOf(name));
    return finding;
  }
}

function at(map: Map<string, Set<string>>, object: { metadata: { namespace?: string } }): Set<string> {
  const namespace = object.metadata.namespace ?? '';
  const set = map.get(namespace) ?? new Set();
  map.set(namespace, set);
  return set;
}

function optionFindings(
  units: readonly ConvertedUnit[],
  around: Surroundings,
  { release, provider, epp }: ConvertOptions,
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
  units: readonly ConvertedUnit[],
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

/** The alpha pool that a v1 pool says it comes from, or ''. */
export function migratedFrom(v1: KubeObject): string {
  return v1.metadata.annotations?.[MIGRATED_FROM_ANNOTATION] ?? '';
}
