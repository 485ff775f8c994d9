import { UserError } from '../api/errors.ts';

/**
 * What a release of the Gateway API Inference Extension can do, where that decides what we convert to.
 * Source of every entry: the release's own chart (config/charts/inferencepool), CRDs (config/crd/bases) and EPP (cmd/epp).
 */
export interface Release {
  readonly version: string;
  /** CRDs in its manifests.yaml. */
  readonly crds: readonly string[];
  /** The EPP reads InferenceModelRewrite (v1.2.1 has a CRD of that name with another schema, and no reader). */
  readonly rewrites: boolean;
  /** The chart renders endpointPickerRef.failureMode. */
  readonly chartFailureMode: boolean;
  /** The chart's HealthCheckPolicy takes its port from inferencePool.targetPortNumber instead of targetPorts. */
  readonly targetPortNumber: boolean;
  /** The chart knows provider.name=istio. */
  readonly istio: boolean;
  /** The chart names its ClusterRole after the release only, so that two namespaces clash. */
  readonly clusterRoleClashes: boolean;
  /** The chart's HealthCheckPolicy probes every 2 s, with a timeout of 2 s. */
  readonly chartProbesFaster: boolean;
  /** Each EPP asks for 4 CPUs and 8 GiB. */
  readonly heavyRequests: boolean;
}

const ALPHA_POOLS = 'inferencepools.inference.networking.x-k8s.io';
const V1_POOLS = 'inferencepools.inference.networking.k8s.io';
const OBJECTIVES = 'inferenceobjectives.inference.networking.x-k8s.io';
const IMPORTS = 'inferencepoolimports.inference.networking.x-k8s.io';
const REWRITES = 'inferencemodelrewrites.inference.networking.x-k8s.io';

const FIRST = [ALPHA_POOLS, OBJECTIVES, V1_POOLS];

const v1_0_0: Release = {
  version: 'v1.0.0',
  crds: FIRST,
  rewrites: false,
  chartFailureMode: false,
  targetPortNumber: true,
  istio: false,
  clusterRoleClashes: true,
  chartProbesFaster: false,
  heavyRequests: false,
};
const v1_0_1: Release = {
  ...v1_0_0,
  version: 'v1.0.1',
  istio: true,
  clusterRoleClashes: false,
  chartProbesFaster: true,
};
const v1_1_0: Release = { ...v1_0_1, version: 'v1.1.0', crds: [...FIRST, IMPORTS] };
const v1_2_1: Release = { ...v1_1_0, version: 'v1.2.1', crds: [...FIRST, IMPORTS, REWRITES] };
const v1_3_0: Release = { ...v1_2_1, version: 'v1.3.0', rewrites: true };
const v1_4_0: Release = { ...v1_3_0, version: 'v1.4.0', chartFailureMode: true, heavyRequests: true };

export const RELEASES: readonly Release[] = [
  v1_0_0,
  v1_0_1,
  { ...v1_0_1, version: 'v1.0.2' },
  v1_1_0,
  { ...v1_1_0, version: 'v1.2.0' },
  v1_2_1,
  v1_3_0,
  { ...v1_3_0, version: 'v1.3.1' },
  v1_4_0,
  { ...v1_4_0, version: 'v1.5.0', crds: [OBJECTIVES, V1_POOLS, IMPORTS, REWRITES], targetPortNumber: false },
];

export const DEFAULT_RELEASE = 'v1.0.0';
/** The first release whose EPP reads InferenceModelRewrite. */
export const FIRST_RELEASE_WITH_REWRITES = 'v1.3.0';

/** The release of this name, with or without the `v`. Throws a UserError that lists what is known. */
export function releaseOf(version: string): Release {
  const wanted = version.startsWith('v') ? version : `v${version}`;
  const release = RELEASES.find((candidate) => candidate.version === wanted);
  if (release) return release;
  throw new UserError(`Release ${JSON.stringify(version)} is not known.`, {
    hint: `Known: ${RELEASES.map((candidate) => candidate.version).join(', ')}. v1.6.0 moved objectives and rewrites to another API group.`,
  });
}

/** Negative, zero or positive, as for Array.sort. Versions that aren't `v1.2.3` count as oldest. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (x[index] ?? -1) - (y[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (/^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1, 4).map(Number);
}
