import type { KubeObject } from '../api/object.ts';
import type { ListRead, Snapshot } from '../api/read.ts';
import { groupOf, qualifiedName, type Resource } from '../api/resource.ts';

/** Objects from files as if they had been read from a cluster that holds nothing else. */
export function snapshotOf(objects: readonly KubeObject[], resources: readonly Resource[]): Snapshot {
  const byKind = Map.groupBy(objects, ({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`);
  const lists = new Map<string, ListRead>(
    resources.map((resource) => [
      qualifiedName(resource),
      { state: 'ok', items: byKind.get(`${resource.group}/${resource.kind}`) ?? [] },
    ]),
  );
  return {
    namespace: '',
    lists,
    crds: new Map(),
    server: { state: 'failed', message: 'manifests have no server' },
  };
}
