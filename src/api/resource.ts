/** A kind of object as the API server knows it. Identity is group and kind; the version says which schema we read. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export const ALPHA_GROUP = 'inference.networking.x-k8s.io';
export const V1_GROUP = 'inference.networking.k8s.io';
const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const GKE_GROUP = 'networking.gke.io';
const RBAC_GROUP = 'rbac.authorization.k8s.io';
const AI_GATEWAY_GROUP = 'aigateway.envoyproxy.io';
const GOOGLE_MONITORING_GROUP = 'monitoring.googleapis.com';
const PROMETHEUS_GROUP = 'monitoring.coreos.com';

function resource(group: string, version: string, kind: string, plural: string, namespaced = true): Resource {
  return { group, version, kind, plural, namespaced };
}

export const ALPHA_POOL = resource(ALPHA_GROUP, 'v1alpha2', 'InferencePool', 'inferencepools');
export const V1_POOL = resource(V1_GROUP, 'v1', 'InferencePool', 'inferencepools');
export const MODEL = resource(ALPHA_GROUP, 'v1alpha2', 'InferenceModel', 'inferencemodels');
export const OBJECTIVE = resource(ALPHA_GROUP, 'v1alpha2', 'InferenceObjective', 'inferenceobjectives');
export const REWRITE = resource(ALPHA_GROUP, 'v1alpha2', 'InferenceModelRewrite', 'inferencemodelrewrites');
export const POOL_IMPORT = resource(ALPHA_GROUP, 'v1alpha1', 'InferencePoolImport', 'inferencepoolimports');

export const GATEWAY_CLASS = resource(GATEWAY_GROUP, 'v1', 'GatewayClass', 'gatewayclasses', false);
export const GATEWAY = resource(GATEWAY_GROUP, 'v1', 'Gateway', 'gateways');
export const HTTP_ROUTE = resource(GATEWAY_GROUP, 'v1', 'HTTPRoute', 'httproutes');
export const GRPC_ROUTE = resource(GATEWAY_GROUP, 'v1', 'GRPCRoute', 'grpcroutes');
export const REFERENCE_GRANT = resource(GATEWAY_GROUP, 'v1beta1', 'ReferenceGrant', 'referencegrants');

export const HEALTH_CHECK_POLICY = resource(GKE_GROUP, 'v1', 'HealthCheckPolicy', 'healthcheckpolicies');
export const GCP_BACKEND_POLICY = resource(GKE_GROUP, 'v1', 'GCPBackendPolicy', 'gcpbackendpolicies');
export const GCP_TRAFFIC_POLICY = resource(
  GKE_GROUP,
  'v1',
  'GCPTrafficDistributionPolicy',
  'gcptrafficdistributionpolicies',
);
export const DESTINATION_RULE = resource('networking.istio.io', 'v1', 'DestinationRule', 'destinationrules');
export const AI_GATEWAY_ROUTE = resource(AI_GATEWAY_GROUP, 'v1alpha1', 'AIGatewayRoute', 'aigatewayroutes');
export const BACKEND_SECURITY_POLICY = resource(
  AI_GATEWAY_GROUP,
  'v1alpha1',
  'BackendSecurityPolicy',
  'backendsecuritypolicies',
);

export const CRD = resource(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);
export const DEPLOYMENT = resource('apps', 'v1', 'Deployment', 'deployments');
export const SERVICE = resource('', 'v1', 'Service', 'services');
export const SERVICE_ACCOUNT = resource('', 'v1', 'ServiceAccount', 'serviceaccounts');
export const CONFIG_MAP = resource('', 'v1', 'ConfigMap', 'configmaps');
export const POD = resource('', 'v1', 'Pod', 'pods');
export const NAMESPACE = resource('', 'v1', 'Namespace', 'namespaces', false);
export const LEASE = resource('coordination.k8s.io', 'v1', 'Lease', 'leases');
export const ENDPOINT_SLICE = resource('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices');
export const ROLE = resource(RBAC_GROUP, 'v1', 'Role', 'roles');
export const ROLE_BINDING = resource(RBAC_GROUP, 'v1', 'RoleBinding', 'rolebindings');
export const CLUSTER_ROLE = resource(RBAC_GROUP, 'v1', 'ClusterRole', 'clusterroles', false);
export const CLUSTER_ROLE_BINDING = resource(
  RBAC_GROUP,
  'v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  false,
);
export const CLUSTER_POD_MONITORING = resource(
  GOOGLE_MONITORING_GROUP,
  'v1',
  'ClusterPodMonitoring',
  'clusterpodmonitorings',
  false,
);
export const POD_MONITORING = resource(GOOGLE_MONITORING_GROUP, 'v1', 'PodMonitoring', 'podmonitorings');
export const SERVICE_MONITOR = resource(PROMETHEUS_GROUP, 'v1', 'ServiceMonitor', 'servicemonitors');
export const POD_MONITOR = resource(PROMETHEUS_GROUP, 'v1', 'PodMonitor', 'podmonitors');
export const PROMETHEUS_RULE = resource(PROMETHEUS_GROUP, 'v1', 'PrometheusRule', 'prometheusrules');
export const HPA = resource('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers');
export const SCALED_OBJECT = resource('keda.sh', 'v1alpha1', 'ScaledObject', 'scaledobjects');
export const ROLLOUT = resource('argoproj.io', 'v1alpha1', 'Rollout', 'rollouts');
export const CANARY = resource('flagger.app', 'v1beta1', 'Canary', 'canaries');

/** GKE's policies on a pool. */
export const POLICIES: readonly Resource[] = [HEALTH_CHECK_POLICY, GCP_BACKEND_POLICY, GCP_TRAFFIC_POLICY];
/** What may stand beside a pool, and has to follow it to v1. */
export const COMPANIONS: readonly Resource[] = [REFERENCE_GRANT, ...POLICIES, DESTINATION_RULE];
/** Those of them that name several pools: one is added or taken out, the object stays. */
export const SHARED_COMPANIONS: readonly Resource[] = [REFERENCE_GRANT, GCP_TRAFFIC_POLICY];

/** Every resource above. Lookups by group and kind go through {@link resourceOf}. */
export const RESOURCES: readonly Resource[] = [
  ALPHA_POOL,
  V1_POOL,
  MODEL,
  OBJECTIVE,
  REWRITE,
  POOL_IMPORT,
  GATEWAY_CLASS,
  GATEWAY,
  HTTP_ROUTE,
  GRPC_ROUTE,
  REFERENCE_GRANT,
  HEALTH_CHECK_POLICY,
  GCP_BACKEND_POLICY,
  GCP_TRAFFIC_POLICY,
  DESTINATION_RULE,
  AI_GATEWAY_ROUTE,
  BACKEND_SECURITY_POLICY,
  CRD,
  DEPLOYMENT,
  SERVICE,
  SERVICE_ACCOUNT,
  CONFIG_MAP,
  POD,
  NAMESPACE,
  LEASE,
  ENDPOINT_SLICE,
  ROLE,
  ROLE_BINDING,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CLUSTER_POD_MONITORING,
  POD_MONITORING,
  SERVICE_MONITOR,
  POD_MONITOR,
  PROMETHEUS_RULE,
  HPA,
  SCALED_OBJECT,
  ROLLOUT,
  CANARY,
];

/** `inferencepools.inference.networking.k8s.io`; core resources are just `services`. The only unambiguous name. */
export function qualifiedName(resource: Resource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function apiVersionOf(resource: Resource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/** The resource of this group and kind, or undefined when it is none of ours. */
export function resourceOf(group: string, kind: string): Resource | undefined {
  return RESOURCES.find((candidate) => candidate.group === group && candidate.kind === kind);
}
