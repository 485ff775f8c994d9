// What tools that apply from Git or an inventory write on what they apply.
import type { Owner } from '../../api/inventory.ts';
import type { KubeObject } from '../../api/object.ts';
import { groupOf } from '../../api/resource.ts';
import { leftAloneByFlux, writtenByArgo } from './managers.ts';

type Strings = Readonly<Record<string, string>>;

const stringsOf = ({ metadata }: KubeObject): { labels: Strings; annotations: Strings } => ({
  labels: metadata.labels ?? {},
  annotations: metadata.annotations ?? {},
});

/** The Kustomization or HelmRelease, unless Flux was told to leave the object alone. */
export function fluxOwner(object: KubeObject): Owner | null {
  const { labels } = stringsOf(object);
  for (const toolkit of ['helm', 'kustomize']) {
    const group = `${toolkit}.toolkit.fluxcd.io`;
    const name = labels[`${group}/name`];
    if (!name || (toolkit === 'kustomize' && leftAloneByFlux(object))) continue;
    return { kind: 'Flux', name, namespace: labels[`${group}/namespace`] ?? '', group };
  }
  return null;
}

/**
 * The application, by what Argo CD tracks with: the tracking-id annotation, its own label, or the well-known instance
 * label, which Helm charts and operators write too, and so only together with Argo CD's field manager.
 * Source: argo-cd docs/user-guide/resource_tracking.md
 */
export function argoOwner(object: KubeObject): Owner | null {
  const { labels, annotations } = stringsOf(object);
  const tracked = trackedBy(annotations['argocd.argoproj.io/tracking-id'], object);
  if (tracked) return tracked;
  const instance =
    labels['argocd.argoproj.io/instance'] ??
    (writtenByArgo(object) ? labels['app.kubernetes.io/instance'] : undefined);
  return instance ? { kind: 'ArgoCD', name: instance, namespace: '' } : null;
}

const ARGO_OPTIONS = ['sync-options', 'sync-wave', 'compare-options'].map(
  (option) => `argocd.argoproj.io/${option}`,
);

/** Some application, by options that have no other use. Charts carry them, too: Helm's own marks come first. */
export function argoOptionsOwner(object: KubeObject): Owner | null {
  const { annotations } = stringsOf(object);
  const marked = ARGO_OPTIONS.some((key) => annotations[key] !== undefined);
  return marked ? { kind: 'ArgoCD', name: '', namespace: '' } : null;
}

/**
 * `application:group/kind:namespace/name`, the application as `namespace_name` where it is outside of Argo CD's own
 * namespace. An id that names another object was copied from it, and Argo CD ignores it, too.
 */
function trackedBy(id: string | undefined, object: KubeObject): Owner | null {
  const [application, kind, rest] = (id ?? '').split(':');
  if (!application) return null;
  const { metadata } = object;
  const names = rest === undefined ? null : rest.slice(rest.indexOf('/') + 1);
  const isOther =
    names !== null && (names !== metadata.name || kind !== `${groupOf(object.apiVersion)}/${object.kind}`);
  if (isOther) return null;
  const [first = '', second] = application.split('_');
  return second === undefined
    ? { kind: 'ArgoCD', name: first, namespace: '' }
    : { kind: 'ArgoCD', name: second, namespace: first };
}

/**
 * The RootSync or RepoSync. The keys were annotations first and are labels now.
 * Source: cloud.google.com, Config Sync, "Config Sync-managed labels and annotations"
 */
export function configSyncOwner(object: KubeObject): Owner | null {
  const { labels, annotations } = stringsOf(object);
  const managed = annotations['configmanagement.gke.io/managed'];
  if (managed === 'disabled') return null;
  if (managed !== 'enabled' && labels['app.kubernetes.io/managed-by'] !== 'configmanagement.gke.io')
    return null;
  const value = (key: string) =>
    labels[`configmanagement.gke.io/sync-${key}`] ?? annotations[`configmanagement.gke.io/sync-${key}`] ?? '';
  const name = value('name') ? [value('kind'), value('name')].filter((part) => part !== '').join('/') : '';
  return {
    kind: 'ConfigSync',
    name: name || (annotations['configsync.gke.io/manager'] ?? ''),
    namespace: value('namespace'),
  };
}

/**
 * What wrangler's apply leaves: the owner's kind and name where it has one (K3s' and RKE2's Addon), else the id of the
 * bundle (Rancher Fleet). Source: rancher/wrangler, pkg/apply/desiredset_apply.go
 */
export function wranglerOwner(object: KubeObject): Owner | null {
  const { labels, annotations } = stringsOf(object);
  const value = (key: string) =>
    annotations[`objectset.rio.cattle.io/${key}`] ?? labels[`objectset.rio.cattle.io/${key}`] ?? '';
  const [, apiVersion, kind] = /^(\S+), Kind=(\w+)$/.exec(value('owner-gvk')) ?? [];
  const name = value('owner-name');
  if (apiVersion && kind && name)
    return {
      kind: 'Controller',
      name: `${kind}/${name}`,
      namespace: value('owner-namespace'),
      group: groupOf(apiVersion),
    };
  const id = value('id') || name;
  return id || value('hash') ? { kind: 'Fleet', name: id, namespace: '' } : null;
}

/**
 * kpt live and others on cli-utils (their inventory's id), and appliers that keep to the ApplySet specification.
 * Sources: sigs.k8s.io/cli-utils pkg/inventory/policy.go; kubernetes/enhancements, KEP-3659
 */
export function inventoryOwner(object: KubeObject): Owner | null {
  const { labels, annotations } = stringsOf(object);
  const inventory = annotations['config.k8s.io/owning-inventory'];
  if (inventory) return { kind: 'Inventory', name: inventory, namespace: '' };
  const set = labels['applyset.kubernetes.io/part-of'];
  return set ? { kind: 'ApplySet', name: set, namespace: '' } : null;
}

// What Helm takes for a release's name (helm.sh/helm/v3/pkg/chartutil). Anyone may write anything into an annotation, and
// this goes into helm's arguments: `--kubeconfig=x` is no release.
const RELEASE_NAME = /^(?=.{1,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The release, by label and annotation together: people copy either. */
export function helmOwner(object: KubeObject): Owner | null {
  const { labels, annotations } = stringsOf(object);
  const name = annotations['meta.helm.sh/release-name'] ?? '';
  if (labels['app.kubernetes.io/managed-by'] !== 'Helm' || !RELEASE_NAME.test(name)) return null;
  return {
    kind: 'Helm',
    name,
    namespace: annotations['meta.helm.sh/release-namespace'] ?? object.metadata.namespace ?? '',
  };
}
