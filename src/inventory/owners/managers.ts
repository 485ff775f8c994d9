import { FIELD_MANAGER } from '../../api/names.ts';
import type { Owner } from '../../api/inventory.ts';
import type { FieldsManager, KubeObject } from '../../api/object.ts';

/**
 * Those who wrote fields of the spec. Who wrote the status alone wants nothing of the object. An entry without fieldsV1
 * was reduced already.
 */
export function specManagers(entries: readonly FieldsManager[]): FieldsManager[] {
  return entries.filter(
    ({ subresource, fieldsV1 }) => !subresource && (!fieldsV1 || fieldsV1['f:spec'] !== undefined),
  );
}

// Server-side apply with these is a person at a keyboard, who will not come back to undo us. kubectl's are `kubectl`,
// `kubectl-client-side-apply`, `kubectl-edit`, `kubectl-patch`, … (kubectl's cmd/*, fieldManager flags), ours and those
// of other plugins begin with kubectl, too. Dashboards and scripts are named after their user agent, up to its first
// slash (apiserver's endpoints/handlers/create.go, managerOrUserAgent). `helm` speaks by its labels.
const PEOPLE =
  /^(kubectl.*|oc|helm|k9s|.*lens|headlamp.*|dashboard|node-fetch|curl|wget|mozilla|python.*|go-http-client|unknown|before-first-apply)$/i;

// Update entries are left by everything that ever wrote; of those only who is known to write the whole spec again:
// - Argo CD: common.ArgoCDSSAManager is argocd-controller; argocd-application-controller before v2.5
// - Flux: both controllers apply under their own name (runtime's controller name as owner of the ssa manager)
// - Flagger's binary; Argo Rollouts' is rollouts-controller, and its plugin runs as the file plugin-bin/…/gatewayAPI
// - pulumi-kubernetes (client-side), pulumi-kubernetes-<suffix> (server-side): its CHANGELOG, "Always set a field manager name"
// - Terraform: the provider's defaultFieldManagerName, and its user agent HashiCorp/…
// - Crossplane's provider-kubernetes: crossplane-kubernetes-provider; Config Sync, Rancher Fleet's agent, kapp
const CONTROLLERS =
  /^(argocd-controller|argocd-application-controller|kustomize-controller|helm-controller|flagger|rollouts-controller|argo-rollouts|gatewayAPI|pulumi.*|terraform.*|hashicorp|crossplane.*|configsync.*|fleet-?agent|kapp.*)$/i;

const FLUX = /^(kustomize|helm)-controller$/;

/**
 * The field manager of the spec that comes back, where no label says more: who applies it server-side (a declared
 * intent, whoever it is), or a controller known to write what it wrote again. `ours` is the `--field-manager` of this run.
 */
export function fieldManagerOwner(object: KubeObject, ours: string = FIELD_MANAGER): Owner | null {
  const last = specManagers(object.metadata.managedFields ?? [])
    .filter(({ manager = '', operation }) => {
      if (manager === '' || manager === ours || manager === FIELD_MANAGER) return false;
      if (FLUX.test(manager) && leftAloneByFlux(object)) return false;
      return operation === 'Apply' ? !PEOPLE.test(manager) : CONTROLLERS.test(manager);
    })
    .reduce<FieldsManager | null>(
      (latest, entry) => (latest && wroteAt(latest) >= wroteAt(entry) ? latest : entry),
      null,
    );
  return last?.manager === undefined ? null : { kind: 'FieldManager', name: last.manager, namespace: '' };
}

// The server writes RFC 3339 in UTC, which sorts as text.
function wroteAt({ time = '' }: FieldsManager): string {
  return time;
}

/** Whether an Argo CD controller is among those who wrote the spec. */
export function writtenByArgo(object: KubeObject): boolean {
  return specManagers(object.metadata.managedFields ?? []).some(({ manager = '' }) =>
    /^argocd-(application-)?controller$/.test(manager),
  );
}

/**
 * Flux was told to keep its hands off; its entry in managedFields stays from the time before.
 * Source: fluxcd/kustomize-controller, docs/spec/v1/kustomizations.md, "Controlling the apply behavior of resources".
 */
export function leftAloneByFlux({ metadata: { annotations = {} } }: KubeObject): boolean {
  const ssa = annotations['kustomize.toolkit.fluxcd.io/ssa'] ?? '';
  return (
    annotations['kustomize.toolkit.fluxcd.io/reconcile'] === 'disabled' ||
    /^(ignore|ifnotpresent)$/i.test(ssa)
  );
}
