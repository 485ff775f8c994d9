import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { describeRef, refKey, refOf, type Ref } from '../api/ref.ts';
import type { Provider } from './chart.ts';
import type { Companion, CompanionSources } from './companions/companion.ts';
import { companionsOf } from './companions/companions.ts';
import { covers } from '../api/covers.ts';
import { convertModel, type PriorityMap } from './models.ts';
import { eppNameOf, nameFinding } from './names.ts';
import { optionFindings } from './optionFindings.ts';
import { convertPool, originAnnotations, type ConvertedPool, type PoolTarget } from './pool.ts';
import type { Release } from './releases.ts';
import { sharedNames } from './sharedNames.ts';

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

/** Everything else that was read: what a new name could collide with, and what points at the pools. */
export interface Surroundings {
  readonly alphaPools: readonly KubeObject[];
  readonly v1Pools: readonly KubeObject[];
  readonly beside?: CompanionSources;
}

const NOTHING_BESIDE: CompanionSources = { grants: [], policies: [], destinationRules: [] };

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
  /** Grants, policies and rules for the v1 pools, where the alpha ones have them. */
  readonly companions: readonly Companion[];
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
  const takenOver = new Map<string, Ref>();
  const units = inputs.map((input): ConvertedUnit => {
    const self = refOf(input.alpha);
    const name = input.existing?.metadata.name ?? options.nameFor(self);
    const bad = input.existing
      ? sharedCounterpart(self, refOf(input.existing), takenOver)
      : names.claim(self, name);
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
    findings.push(...others.flatMap((other) => other.findings), ...sharedNames(input.models));
    return {
      alpha: input.alpha,
      pool: usable,
      others: inKindOrder(others.flatMap((other) => other.objects)),
      existing: input.existing,
    };
  });
  const beside = companionsOf(units, around.beside ?? NOTHING_BESIDE, options);
  findings.push(...optionFindings(units, around, options), ...beside.findings);
  return { units, companions: beside.companions, findings };
}

// One v1 pool can take over from one alpha pool: its priorities, its traffic and its way back are that one's.
function sharedCounterpart(alpha: Ref, v1: Ref, takenOver: Map<string, Ref>): Finding | null {
  const other = takenOver.get(refKey(v1));
  if (!other) {
    takenOver.set(refKey(v1), alpha);
    return null;
  }
  return {
    id: 'counterpart-shared',
    severity: 'error',
    ref: alpha,
    field: '',
    message: `${describeRef(v1)} is taken for the counterpart of ${describeRef(other)} already, because rules name it beside both.`,
    hint: `Say which it is: --pair ${other.name}=${v1.name}, and give this pool one of its own.`,
  };
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
    message: `It exists, with a spec that differs from what ${describeRef(refOf(alpha))} converts to; it is kept as it is.`,
    hint: `Compare the two: ${kubectl('get', refOf(existing), refOf(alpha))} -o yaml`,
  };
  return { object, findings: [finding] };
}

/** All v1 objects, pools first: what `convert` prints. */
export function objectsOf(conversion: Conversion): KubeObject[] {
  return [
    ...conversion.units.flatMap((unit) => (unit.pool ? [unit.pool, ...unit.others] : [])),
    ...conversion.companions.map((companion) => companion.manifest),
  ];
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

/** The alpha pool that a v1 pool says it comes from, or ''. */
export function migratedFrom(v1: KubeObject): string {
  return v1.metadata.annotations?.[MIGRATED_FROM_ANNOTATION] ?? '';
}
