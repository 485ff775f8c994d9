import type { Source } from './page.ts';

// Where the pages of `explain` have their facts from. Files are named at a release, so that they stay as they were read.

const GIE = 'https://github.com/kubernetes-sigs/gateway-api-inference-extension/blob';

/** A file of Gateway API Inference Extension (GIE) at a release. */
export function gie(release: string, path: string): Source {
  return { title: `Gateway API Inference Extension ${release}, ${path}`, url: `${GIE}/${release}/${path}` };
}

export const GKE_MIGRATION: Source = {
  title: 'GKE: Migrate GKE Inference Gateway from v1alpha2 to v1',
  url: 'https://cloud.google.com/kubernetes-engine/docs/how-to/migrate-gke-inference-gateway',
};
export const GKE_POLICIES: Source = {
  title: 'GKE: Configure Gateway resources using policies',
  url: 'https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources',
};
export const ISTIO_TASK: Source = {
  title: 'Istio: Kubernetes Gateway API Inference Extension',
  url: 'https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api-inference-extension/',
};
export const ENVOY_AI_GATEWAY: Source = {
  title: 'Envoy AI Gateway: InferencePool support',
  url: 'https://aigateway.envoyproxy.io/docs/capabilities/inference/inferencepool-support',
};
export const EXT_PROC: Source = {
  title: 'Envoy: External processing filter',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/ext_proc_filter',
};
export const REFERENCE_GRANT: Source = {
  title: 'Gateway API: ReferenceGrant',
  url: 'https://gateway-api.sigs.k8s.io/api-types/referencegrant/',
};
export const HTTP_ROUTE: Source = {
  title: 'Gateway API: HTTPRoute',
  url: 'https://gateway-api.sigs.k8s.io/api-types/httproute/',
};
export const GATEWAY: Source = {
  title: 'Gateway API: Gateway',
  url: 'https://gateway-api.sigs.k8s.io/api-types/gateway/',
};
export const TRAFFIC_SPLITTING: Source = {
  title: 'Gateway API: HTTP traffic splitting',
  url: 'https://gateway-api.sigs.k8s.io/guides/traffic-splitting/',
};
export const RBAC: Source = {
  title: 'Kubernetes: Using RBAC authorization',
  url: 'https://kubernetes.io/docs/reference/access-authn-authz/rbac/',
};
export const ACCESS_REVIEW: Source = {
  title: 'Kubernetes: Checking API access',
  url: 'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access',
};
export const OBJECT_NAMES: Source = {
  title: 'Kubernetes: Object names and IDs',
  url: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
};
export const CUSTOM_RESOURCES: Source = {
  title: 'Kubernetes: Extend the Kubernetes API with CustomResourceDefinitions',
  url: 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/',
};
export const AUTOSCALING: Source = {
  title: 'Kubernetes: Horizontal Pod Autoscaling',
  url: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
};
export const HELM_UNINSTALL: Source = {
  title: 'Helm: helm uninstall',
  url: 'https://helm.sh/docs/helm/helm_uninstall/',
};
export const HELM_TEMPLATE: Source = {
  title: 'Helm: helm template',
  url: 'https://helm.sh/docs/helm/helm_template/',
};
export const ARGO_CD: Source = {
  title: 'Argo CD: Automated sync policy (self-healing, pruning)',
  url: 'https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/',
};
export const FLUX: Source = {
  title: 'Flux: Kustomization (drift, pruning)',
  url: 'https://fluxcd.io/flux/components/kustomize/kustomizations/',
};
export const KUSTOMIZE_PATCHES: Source = {
  title: 'Kustomize: patches',
  url: 'https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/',
};
