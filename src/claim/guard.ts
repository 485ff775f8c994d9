import type { Cluster } from '../api/cluster.ts';
import type { Claims } from './claims.ts';

/** The same cluster for whoever holds the claims: nothing is written through it once one of them is another's. */
export function guarded(cluster: Cluster, claims: Claims): Cluster {
  return {
    ...cluster,
    helm: {
      list: (namespace) => cluster.helm.list(namespace),
      run: (...args) => claims.confirm().then(() => cluster.helm.run(...args)),
    },
    apply: (...args) => claims.confirm().then(() => cluster.apply(...args)),
    create: (...args) => claims.confirm().then(() => cluster.create(...args)),
    patch: (...args) => claims.confirm().then(() => cluster.patch(...args)),
    delete: (...args) => claims.confirm().then(() => cluster.delete(...args)),
  };
}
