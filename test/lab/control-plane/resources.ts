// From kind to plural and scope: a table for what the lab uses all the time (no request needed), discovery
// for the rest.
import type { Json } from './objects.ts';

export interface Resource {
  plural: string;
  namespaced: boolean;
}

const namespaced = {
  v1: ['ConfigMap', 'Event', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apps/v1': ['Deployment', 'ReplicaSet'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
  'gateway.networking.k8s.io/v1': ['HTTPRoute'],
  'inference.networking.x-k8s.io/v1alpha2': ['InferencePool', 'InferenceModel', 'InferenceObjective'],
  'inference.networking.k8s.io/v1': ['InferencePool'],
};
const clusterWide = {
  v1: ['Namespace', 'Node'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
};

const known = new Map<string, Resource>();
for (const [table, isNamespaced] of [
  [namespaced, true],
  [clusterWide, false],
] as const) {
  for (const [apiVersion, kinds] of Object.entries(table)) {
    for (const kind of kinds) {
      known.set(`${apiVersion} ${kind}`, { plural: `${kind.toLowerCase()}s`, namespaced: isNamespaced });
    }
  }
}

export class Resources {
  private readonly get: (path: string) => Promise<Json>;
  private readonly discovered = new Map<string, Resource>();

  constructor(get: (path: string) => Promise<Json>) {
    this.get = get;
  }

  /** @throws when the server has no such kind: a plain Error naming it, or the KubeError of discovery */
  async find(apiVersion: string, kind: string): Promise<Resource> {
    const key = `${apiVersion} ${kind}`;
    const found = known.get(key) ?? this.discovered.get(key);
    if (found) return found;
    // Asked again for every kind not seen yet, since CRDs come and go while a lab is up.
    const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    for (const resource of (await this.get(path)).resources as Json[]) {
      const { name, kind: itsKind, namespaced: scope } = resource;
      if (name.includes('/')) continue; // a subresource
      this.discovered.set(`${apiVersion} ${itsKind}`, { plural: name, namespaced: scope });
    }
    const resource = this.discovered.get(key);
    if (!resource) throw new Error(`the server has no kind ${kind} in ${apiVersion}`);
    return resource;
  }
}
