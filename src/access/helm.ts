import {
  ALPHA_POOL,
  CLUSTER_POD_MONITORING,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CONFIG_MAP,
  DEPLOYMENT,
  DESTINATION_RULE,
  GCP_BACKEND_POLICY,
  HEALTH_CHECK_POLICY,
  MODEL,
  NAMESPACE,
  OBJECTIVE,
  POD,
  REWRITE,
  ROLE,
  ROLE_BINDING,
  SERVICE,
  SERVICE_ACCOUNT,
  V1_POOL,
  type Resource,
} from '../api/resource.ts';
import { may, type Permission, type Target } from './permission.ts';

/** A right that the helm on PATH needs, and when. */
export interface HelmRight {
  readonly permission: Permission;
  /** Only with this `provider.name`. */
  readonly provider?: 'gke' | 'istio';
  /** Who may do this needs not have it. */
  readonly or?: { readonly verb: string; readonly resource: Target };
}

/** Where helm keeps its releases. It is helm that reads them: we never do. */
const SECRET: Target = { group: '', plural: 'secrets', namespaced: true };
const STORAGE = "helm's storage of releases (Secrets; helm reads them, kubectl-infpool never does)";

export const TOKEN_REVIEW: Target = {
  group: 'authentication.k8s.io',
  plural: 'tokenreviews',
  namespaced: false,
};
export const ACCESS_REVIEW: Target = {
  group: 'authorization.k8s.io',
  plural: 'subjectaccessreviews',
  namespaced: false,
};

const PICKER = [CONFIG_MAP, SERVICE_ACCOUNT, SERVICE, DEPLOYMENT];
const RBAC = [ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING];
const GKE = [HEALTH_CHECK_POLICY, GCP_BACKEND_POLICY];
const ISTIO = [DESTINATION_RULE];

function rights(permissions: readonly Permission[], more: Omit<HelmRight, 'permission'> = {}): HelmRight[] {
  return permissions.map((permission) => ({ permission, ...more }));
}

// Upstream's charts v1.0.0 to v1.5.0, as helm 3 installs them: it looks whether an object is there, then makes it.
const INSTALL = ['get', 'create'];
export const GRANTED = 'what the endpoint picker is granted: nobody may hand on what they do not have';

const AGAIN = 'an install that failed or was interrupted is taken up again';

const install: readonly HelmRight[] = [
  ...rights(may(['list', 'create', 'update'], [SECRET], STORAGE)),
  ...rights(may(INSTALL, [V1_POOL], 'the v1 pool')),
  ...rights(may(INSTALL, PICKER, 'the endpoint picker')),
  ...rights(may(INSTALL, RBAC, 'the permissions of the endpoint picker')),
  ...granted([ROLE], [POD, V1_POOL, ALPHA_POOL, OBJECTIVE, REWRITE], ['get', 'list', 'watch']),
  ...granted([CLUSTER_ROLE], [TOKEN_REVIEW, ACCESS_REVIEW], ['create']),
  ...rights(may(INSTALL, GKE, "with provider.name=gke: the chart's policies"), { provider: 'gke' }),
  ...rights(
    may(INSTALL, [CLUSTER_POD_MONITORING], "with provider.name=gke: the chart's monitoring", {
      need: 'optional',
    }),
    { provider: 'gke' },
  ),
  ...rights(may(INSTALL, ISTIO, "with provider.name=istio: the chart's rule"), { provider: 'istio' }),
  ...rights(
    may(['patch', 'delete'], [V1_POOL, ...PICKER, ...RBAC, ...GKE, ...ISTIO], AGAIN, { need: 'optional' }),
  ),
  ...rights(may(['get', 'delete'], [SECRET], AGAIN, { need: 'optional' })),
];

// Over roles of the picker: who may escalate may hand on anything.
function granted(
  roles: readonly Resource[],
  resources: readonly Target[],
  verbs: readonly string[],
): HelmRight[] {
  return roles.flatMap((role) =>
    rights(may(verbs, resources, GRANTED), { or: { verb: 'escalate', resource: role } }),
  );
}

// Upstream's charts of alpha pools, v0.3.0 to v0.5.1; --wait looks until each is gone.
const UNINSTALL = ['get', 'delete'];

const uninstall: readonly HelmRight[] = [
  ...rights(may(['list', 'get', 'update', 'delete'], [SECRET], STORAGE)),
  ...rights(may(UNINSTALL, [ALPHA_POOL], 'the alpha pool')),
  ...rights(may(UNINSTALL, PICKER.slice(1), 'the endpoint picker')),
  ...rights(may(UNINSTALL, RBAC.slice(2), 'the permissions of the endpoint picker')),
  ...rights(
    may(UNINSTALL, [CONFIG_MAP, ROLE, ROLE_BINDING, MODEL], 'where the release holds them', {
      need: 'optional',
    }),
  ),
  ...rights(
    may(UNINSTALL, [...GKE, CLUSTER_POD_MONITORING], "where the release holds the chart's policies for GKE", {
      need: 'optional',
    }),
  ),
  ...rights(may(['get'], [NAMESPACE], 'helm looks whether the namespace is there', { need: 'optional' })),
];

/** By the verb of a helm step. */
export const HELM_RIGHTS: Readonly<Record<'install' | 'uninstall', readonly HelmRight[]>> = {
  install,
  uninstall,
};
