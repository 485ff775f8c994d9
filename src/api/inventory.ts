import type { Finding } from './finding.ts';
import type { KubeObject } from './object.ts';
import type { Ref } from './ref.ts';

export type Verdict = 'MigrationNeeded' | 'InProgress' | 'Done' | 'NotNeeded' | 'Unknown';

/**
 * `Preview`: no v1 counterpart. `Parallel`: there is one, without traffic. `Splitting`: both get traffic.
 * `Switched`: all traffic is on v1, the alpha pool is still there. `Done`: it is gone.
 */
export type Phase = 'Preview' | 'Parallel' | 'Splitting' | 'Switched' | 'Done';

/** Who puts the object back when it is changed by hand. */
export interface Owner {
  readonly kind:
    | 'Helm'
    | 'ArgoCD'
    | 'Flux'
    | 'ConfigSync'
    | 'Fleet'
    | 'ApplySet'
    | 'Inventory'
    | 'Controller'
    | 'FieldManager';
  /** Release, application, kustomization, the owner's `Kind/name`, or the field manager; '' where the object doesn't tell. */
  readonly name: string;
  /** The owner's namespace; '' where it is unknown or has none. */
  readonly namespace: string;
  /** The API group of a controller's object, or of the Flux toolkit that applies it. */
  readonly group?: string;
}

/**
 * How one object points at a pool. `backendRef`, `mirror`, `grant`, `policyTarget` and `destinationRule` are migrated; the
 * others are reported with advice, because nothing but their own source can change them.
 */
export type Relation =
  | 'backendRef'
  | 'mirror'
  | 'grpcBackendRef'
  | 'grant'
  | 'policyTarget'
  | 'destinationRule'
  | 'otherBackendRef'
  | 'securityPolicy'
  | 'monitoring'
  | 'autoscaling'
  | 'rbac';

/** Those that are only reported. */
export const ADVISED_RELATIONS: ReadonlySet<Relation> = new Set<Relation>([
  'grpcBackendRef',
  'otherBackendRef',
  'securityPolicy',
  'monitoring',
  'autoscaling',
  'rbac',
]);

export interface Reference {
  readonly from: Ref;
  /** Where in the object, e.g. `spec.rules[0].backendRefs[1]`. */
  readonly path: string;
  readonly relation: Relation;
}

export interface PoolEntry {
  /** The alpha pool, or, in phase Done, the v1 pool that came from it. */
  readonly ref: Ref;
  readonly v1: Ref | null;
  readonly phase: Phase;
  /** Percent (0 to 100, not rounded) of what goes to this pair that goes to v1; null when no route names either. */
  readonly trafficPercentV1: number | null;
  readonly models: readonly Ref[];
  readonly references: readonly Reference[];
  /** What points at its v1 counterpart. */
  readonly referencesV1: readonly Reference[];
  readonly owner: Owner | null;
}

export interface ModelEntry {
  readonly ref: Ref;
  readonly modelName: string;
  readonly pool: Ref;
}

export interface CrdEntry {
  /** `inferencepools.inference.networking.k8s.io` */
  readonly name: string;
  readonly state: 'installed' | 'absent' | 'forbidden' | 'failed';
  /** From the bundle-version annotation; null where it has none (v0.x) or is not installed. */
  readonly bundleVersion: string | null;
}

export type Serves = 'alpha' | 'v1' | 'both' | 'unknown';

export interface GatewayEntry {
  readonly ref: Ref;
  /** The GatewayClass' controllerName; '' where the class could not be found. */
  readonly controller: string;
  readonly serves: Serves;
  /** Why we think so. */
  readonly evidence: string;
  /** True where a rule may name one InferencePool only, at any weight. */
  readonly onePoolPerRule?: boolean;
}

export interface UnreadEntry {
  /** Qualified resource name, or `server version`. */
  readonly resource: string;
  readonly state: 'forbidden' | 'failed';
  readonly message: string;
  /** True for kinds that are only advised on: nothing is lost where they are not known. */
  readonly advisory?: boolean;
}

export interface ServerEntry {
  readonly gitVersion: string;
  readonly gke: boolean;
  /** GKE from 1.34.0-gke.1626000 on brings the v1 InferencePool CRD itself, and it must not be touched. */
  readonly gkeOwnsV1PoolCrd: boolean;
}

/** What exists and what points at what. Objects are kept by refKey for those who plan on it. */
export interface Inventory {
  readonly verdict: Verdict;
  readonly pools: readonly PoolEntry[];
  readonly models: readonly ModelEntry[];
  readonly crds: readonly CrdEntry[];
  readonly gateways: readonly GatewayEntry[];
  readonly server: ServerEntry | null;
  /** What was looked at, in words, for "none found". */
  readonly checked: readonly string[];
  readonly unread: readonly UnreadEntry[];
  readonly findings: readonly Finding[];
  /** Every object read, by refKey; not part of the report. */
  readonly objects: ReadonlyMap<string, KubeObject>;
}
