import { UserError } from '../api/errors.ts';

/**
 * What a release of the Gateway API Inference Extension can do, where that decides what we convert to. Each field names
 * the file that says so, in the module sigs.k8s.io/gateway-api-inference-extension at the release's tag; CHART stands for
 * config/charts/inferencepool, and from v1.4.0 on for config/charts/epplib beside it.
 */
export interface Release {
  readonly version: string;
  /** CRDs in its manifests.yaml. Source: config/crd/kustomization.yaml (v1.1.0 leaves out poolimports, v1.2.0 rewrites). */
  readonly crds: readonly string[];
  /** The v1 pool's CRD asks for 1 to 64 labels. Source: config/crd/bases/inference.networking.k8s.io_inferencepools.yaml. */
  readonly countsLabels: boolean;
  /** The EPP reads InferenceModelRewrite (v1.2.1 has a CRD of that name with another schema, and no reader). Source: cmd/epp. */
  readonly rewrites: boolean;
  /**
   * The chart renders endpointPickerRef.failureMode; its default is FailOpen then, so it has to be passed always. Where it
   * doesn't, the API server's default holds: FailClose. Source: CHART/templates/inferencepool.yaml.
   */
  readonly chartFailureMode: boolean;
  /** The chart renders spec.appProtocol, which CRDs before v1.4.0 don't know. Source: CHART/templates/inferencepool.yaml. */
  readonly appProtocol: boolean;
  /** The chart's HealthCheckPolicy takes its port from inferencePool.targetPortNumber instead of targetPorts. Source: CHART/templates/gke.yaml. */
  readonly targetPortNumber: boolean;
  /** The chart's HealthCheckPolicy probes every 2 s, with a timeout of 2 s. Source: CHART/templates/gke.yaml. */
  readonly chartProbesFaster: boolean;
  /** The chart knows provider.name=istio (gke and none all do). Source: CHART/templates/istio.yaml. */
  readonly istio: boolean;
  /**
   * What the chart names its ClusterRole after: the Helm release, so that two namespaces clash; release and namespace, which
   * does not render where the two are long; or there is none as long as monitoring is off. Source: CHART/templates/rbac.yaml.
   */
  readonly clusterRole: 'release' | 'release-and-namespace' | 'none';
  /** Values of inferencePool.modelServerType; the first is the default. Source: CHART/templates/epp-deployment.yaml. */
  readonly modelServerTypes: readonly string[];
  /**
   * The value that makes the chart's PodMonitoring on GKE, false by default. Null: a ClusterPodMonitoring is made unasked,
   * as the alpha chart's is. Source: CHART/templates/gke.yaml.
   */
  readonly monitoringValue: string | null;
  /**
   * Who can read the EPP's metrics while monitoring is off: those with a token that may; everybody; or nobody, since a token
   * is asked for and the EPP has no right to check one. Source: --metrics-endpoint-auth in CHART/templates/epp-deployment.yaml
   * and tokenreviews in CHART/templates/rbac.yaml.
   */
  readonly metricsReaders: 'with-token' | 'all' | 'nobody';
  /**
   * The EPP emits traces although the chart says it should not: `--tracing false` in two words is `--tracing` to Go's flag
   * package, and it ends the flags. Source: CHART/templates/epp-deployment.yaml, cmd/epp/runner/runner.go.
   */
  readonly tracesAlways: boolean;
  /** The shape of inferenceExtension.flags: a list of name and value, or a map. Source: CHART/values.yaml. */
  readonly flags: 'list' | 'map';
  /** The names under inferenceExtension.image that make up the image's name. Source: CHART/values.yaml. */
  readonly imageValues: readonly string[];
  /** More than one of inferenceExtension.replicas makes the EPPs elect a leader. Source: CHART/templates/epp-deployment.yaml. */
  readonly electsLeader: boolean;
  /** Each EPP asks for 4 CPUs and 8 GiB (inferenceExtension.resources). Source: CHART/values.yaml. */
  readonly heavyRequests: boolean;
  /** The chart has experimentalHttpRoute, off by default: the routes are the user's own. Source: CHART/values.yaml. */
  readonly httpRouteValue: boolean;
}

const ALPHA_POOLS = 'inferencepools.inference.networking.x-k8s.io';
const V1_POOLS = 'inferencepools.inference.networking.k8s.io';
const OBJECTIVES = 'inferenceobjectives.inference.networking.x-k8s.io';
const IMPORTS = 'inferencepoolimports.inference.networking.x-k8s.io';
const REWRITES = 'inferencemodelrewrites.inference.networking.x-k8s.io';

const FIRST = [ALPHA_POOLS, OBJECTIVES, V1_POOLS];

// Each release is the one before it with what it changed.
const v1_0_0: Release = {
  version: 'v1.0.0',
  crds: FIRST,
  countsLabels: false,
  rewrites: false,
  chartFailureMode: false,
  appProtocol: false,
  targetPortNumber: true,
  chartProbesFaster: false,
  istio: false,
  clusterRole: 'release',
  modelServerTypes: ['vllm', 'triton-tensorrt-llm'],
  monitoringValue: null,
  metricsReaders: 'with-token',
  tracesAlways: false,
  flags: 'list',
  imageValues: ['hub', 'name', 'tag'],
  electsLeader: false,
  heavyRequests: false,
  httpRouteValue: false,
};
const v1_0_1: Release = {
  ...v1_0_0,
  version: 'v1.0.1',
  chartProbesFaster: true,
  istio: true,
  clusterRole: 'release-and-namespace',
  monitoringValue: 'inferenceExtension.monitoring.gke.enabled',
  electsLeader: true,
};
const v1_0_2: Release = { ...v1_0_1, version: 'v1.0.2', countsLabels: true };
const v1_1_0: Release = {
  ...v1_0_2,
  version: 'v1.1.0',
  // Up to v1.2.1 monitoring.gke.enabled does it, too, and is called deprecated.
  monitoringValue: 'inferenceExtension.monitoring.prometheus.enabled',
  tracesAlways: true,
};
const v1_2_0: Release = {
  ...v1_1_0,
  version: 'v1.2.0',
  crds: [...FIRST, IMPORTS],
  clusterRole: 'none',
  metricsReaders: 'all',
  tracesAlways: false,
  flags: 'map',
};
const v1_2_1: Release = { ...v1_2_0, version: 'v1.2.1', crds: [...FIRST, IMPORTS, REWRITES] };
const v1_3_0: Release = {
  ...v1_2_1,
  version: 'v1.3.0',
  rewrites: true,
  metricsReaders: 'nobody',
  httpRouteValue: true,
};
const v1_3_1: Release = { ...v1_3_0, version: 'v1.3.1' };
const v1_4_0: Release = {
  ...v1_3_1,
  version: 'v1.4.0',
  chartFailureMode: true,
  modelServerTypes: ['vllm', 'triton-tensorrt-llm', 'sglang'],
  heavyRequests: true,
};
const v1_5_0: Release = {
  ...v1_4_0,
  version: 'v1.5.0',
  crds: [OBJECTIVES, V1_POOLS, IMPORTS, REWRITES],
  appProtocol: true,
  targetPortNumber: false,
  modelServerTypes: ['vllm', 'triton-tensorrt-llm', 'sglang', 'trtllm-serve'],
  imageValues: ['registry', 'repository', 'tag'],
};

export const RELEASES: readonly Release[] = [
  v1_0_0,
  v1_0_1,
  v1_0_2,
  v1_1_0,
  v1_2_0,
  v1_2_1,
  v1_3_0,
  v1_3_1,
  v1_4_0,
  v1_5_0,
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
