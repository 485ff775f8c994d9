import type { KubeObject } from '../api/object.ts';
import {
  ALPHA_POOL,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CONFIG_MAP,
  CRD,
  DEPLOYMENT,
  MODEL,
  ROLE,
  ROLE_BINDING,
  SERVICE,
  SERVICE_ACCOUNT,
} from '../api/resource.ts';

const ORDER = [
  CRD,
  SERVICE_ACCOUNT,
  CLUSTER_ROLE,
  ROLE,
  CLUSTER_ROLE_BINDING,
  ROLE_BINDING,
  CONFIG_MAP,
  SERVICE,
  DEPLOYMENT,
  ALPHA_POOL,
  MODEL,
].map(({ kind }) => kind);

/** CRDs, then what the endpoint picker needs, the picker, the pool, the models, and the rest (policies). */
export function inRestoreOrder(objects: readonly KubeObject[]): KubeObject[] {
  const rank = (object: KubeObject) => {
    const at = ORDER.indexOf(object.kind);
    return at < 0 ? ORDER.length : at;
  };
  return objects.toSorted((a, b) => rank(a) - rank(b));
}
