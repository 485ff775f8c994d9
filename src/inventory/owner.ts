import type { Owner } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';

/** Who would put this object back after a change by hand; null when nobody that we can see. */
export function ownerOf(object: KubeObject): Owner | null {
  const labels = object.metadata.labels ?? {};
  const annotations = object.metadata.annotations ?? {};
  return controller(object) ?? flux(labels) ?? argo(labels, annotations) ?? helm(object, labels, annotations);
}

type Strings = Readonly<Record<string, string>>;

function controller({ metadata }: KubeObject): Owner | null {
  const owners = metadata.ownerReferences ?? [];
  const owner = owners.find((candidate) => candidate.controller) ?? owners[0];
  return owner
    ? { kind: 'Controller', name: `${owner.kind}/${owner.name}`, namespace: metadata.namespace ?? '' }
    : null;
}

function flux(labels: Strings): Owner | null {
  for (const toolkit of ['helm', 'kustomize']) {
    const name = labels[`${toolkit}.toolkit.fluxcd.io/name`];
    if (name)
      return { kind: 'Flux', name, namespace: labels[`${toolkit}.toolkit.fluxcd.io/namespace`] ?? '' };
  }
  return null;
}

function argo(labels: Strings, annotations: Strings): Owner | null {
  // tracking-id is `application:group/kind:namespace/name`.
  const name =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  return name ? { kind: 'ArgoCD', name, namespace: '' } : null;
}

function helm({ metadata }: KubeObject, labels: Strings, annotations: Strings): Owner | null {
  const name = annotations['meta.helm.sh/release-name'];
  if (labels['app.kubernetes.io/managed-by'] !== 'Helm' || !name) return null;
  return {
    kind: 'Helm',
    name,
    namespace: annotations['meta.helm.sh/release-namespace'] ?? metadata.namespace ?? '',
  };
}
