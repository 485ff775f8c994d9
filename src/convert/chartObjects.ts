import type { KubeObject } from '../api/object.ts';
import {
  ALPHA_GROUP,
  apiVersionOf,
  GCP_BACKEND_POLICY,
  HEALTH_CHECK_POLICY,
  V1_GROUP,
} from '../api/resource.ts';
import type { Provider } from './chart.ts';
import { eppNameOf } from './names.ts';
import { compareVersions, type Release } from './releases.ts';

/** An object that the chart makes beside pool and endpoint picker, as a function of the Helm release's name. */
export interface ChartMade {
  readonly kind: string;
  readonly name: (releaseName: string) => string;
}

const GKE_POLICIES: readonly ChartMade[] = [
  { kind: 'HealthCheckPolicy', name: (release) => release },
  { kind: 'GCPBackendPolicy', name: (release) => release },
];
const ISTIO_POLICIES: readonly ChartMade[] = [{ kind: 'DestinationRule', name: eppNameOf }];

/** What the chart of this release makes by itself for the provider, so that nobody makes it a second time. */
export function chartMakes(release: Release, provider: Provider): readonly ChartMade[] {
  if (provider === 'gke') return GKE_POLICIES;
  return provider === 'istio' && release.istio ? ISTIO_POLICIES : [];
}

/**
 * The same objects as the chart renders them for this v1 pool with the values of helmInstallArgs. Labels are left out:
 * they hold the version of the chart's package. Source: config/charts/inferencepool/templates/gke.yaml and istio.yaml.
 */
export function chartPolicies(release: Release, provider: Provider, pool: KubeObject): KubeObject[] {
  if (provider === 'gke') {
    const port = pool['spec'].targetPorts[0].number as number;
    return [
      healthCheckPolicy(pool, V1_GROUP, port, release.chartProbesFaster ? FASTER_PROBES : {}),
      backendPolicy(pool, V1_GROUP, true),
    ];
  }
  return provider === 'istio' && release.istio ? [destinationRule(pool)] : [];
}

/**
 * What the chart of v0.3.0 to v0.5.1 made for its alpha pool with provider.name=gke: what differs from this was changed
 * by a person. Its version is the pool's label; where that is missing it is taken for v0.3.0. With other providers,
 * istio included, those charts made none.
 */
export function alphaChartPolicies(pool: KubeObject): KubeObject[] {
  const version = pool.metadata.labels?.['app.kubernetes.io/version'] ?? '';
  const port = pool['spec'].targetPortNumber as number;
  return [
    healthCheckPolicy(pool, ALPHA_GROUP, port, {}),
    backendPolicy(pool, ALPHA_GROUP, compareVersions(version, 'v0.4.0') >= 0),
  ];
}

/** v1.0.1 and later: "a more aggressive health check … for faster switch over during EPP rollout". */
const FASTER_PROBES = { timeoutSec: 2, checkIntervalSec: 2 };

function healthCheckPolicy(pool: KubeObject, group: string, port: number, pace: object): KubeObject {
  return {
    apiVersion: apiVersionOf(HEALTH_CHECK_POLICY),
    kind: HEALTH_CHECK_POLICY.kind,
    metadata: nameOf(pool),
    spec: {
      targetRef: targetRef(pool, group),
      default: { ...pace, config: { type: 'HTTP', httpHealthCheck: { requestPath: '/health', port } } },
    },
  };
}

function backendPolicy(pool: KubeObject, group: string, logging: boolean): KubeObject {
  return {
    apiVersion: apiVersionOf(GCP_BACKEND_POLICY),
    kind: GCP_BACKEND_POLICY.kind,
    metadata: nameOf(pool),
    spec: {
      targetRef: targetRef(pool, group),
      default: { timeoutSec: 300, ...(logging ? { logging: { enabled: true } } : {}) },
    },
  };
}

function destinationRule(pool: KubeObject): KubeObject {
  const name = eppNameOf(pool.metadata.name);
  return {
    // Not v1, which our own reads ask for: the same object under both, and this is what the chart writes.
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'DestinationRule',
    metadata: { ...nameOf(pool), name },
    spec: {
      host: `${name}.${pool.metadata.namespace ?? 'default'}.svc.cluster.local`,
      trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } },
    },
  };
}

function nameOf({ metadata }: KubeObject): KubeObject['metadata'] {
  return {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
}

function targetRef(pool: KubeObject, group: string) {
  return { group, kind: 'InferencePool', name: pool.metadata.name };
}
