import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Owner, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { ref, refKey, refOf, sameRef } from '../api/ref.ts';
import {
  ALPHA_POOL,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CRD,
  DEPLOYMENT,
  POD,
  ROLE,
  ROLE_BINDING,
  SERVICE,
  V1_POOL,
} from '../api/resource.ts';
import type { OwnerHandling } from '../cleanup/interlocks.ts';
import type { CleanupTarget } from '../cleanup/plan.ts';
import { pickerRbac } from '../cleanup/rbac.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { ownerOf } from '../inventory/owner.ts';
import { ALPHA_CRDS } from '../inventory/wanted.ts';
import { deploymentBehind, eppRefOf } from '../verify/epp.ts';
import { matchesLabels, objectsIn } from '../verify/evidence.ts';
import { contentsOf } from './interruptedReleases.ts';
import type { World } from './session.ts';

/** Reads what hangs on a pool beyond the Inventory: its endpoint picker, and what its Helm release holds. */
export async function cleanupTarget(
  entry: PoolEntry,
  world: World,
  cluster: Cluster,
  owners: OwnerHandling,
): Promise<CleanupTarget> {
  const pool = objectOf(world.inventory, entry.ref);
  const owner = pool ? ownerOf(pool) : null;
  const uninstall = owners === 'helm-uninstall' && owner?.kind === 'Helm';
  const epp = pool ? eppOf(pool, world) : { service: null, deployment: null };
  return {
    entry,
    epp: uninstall ? epp : { ...epp, rbac: await rbacOf(epp.deployment, world, cluster) },
    releaseObjects: uninstall ? await releaseObjects(owner, world, epp, cluster) : null,
  };
}

/**
 * What a release holds, as live objects. A helm that a killed run of ours left behind may be uninstalling it just now: what it
 * has taken away since the world was read was there, and was the release's; it is not somebody else's for that.
 */
async function releaseObjects(
  { name, namespace }: Owner,
  { inventory }: World,
  epp: CleanupTarget['epp'],
  cluster: Cluster,
): Promise<KubeObject[]> {
  const { wanted, live } = await contentsOf(cluster, name, namespace);
  const picker = [epp.service, epp.deployment].filter((object) => object !== null);
  const still = new Set(live.map((object) => refKey(refOf(object))));
  const taken = wanted
    .filter((one) => !still.has(refKey(one)))
    .flatMap((one) => objectOf(inventory, one) ?? picker.find((object) => sameRef(refOf(object), one)) ?? []);
  return [...live, ...taken];
}

// An endpoint picker that another pool names too is not this pool's to take away.
function eppOf(pool: KubeObject, { inventory, snapshot }: World): CleanupTarget['epp'] {
  const { service: name } = eppRefOf(pool);
  const self = refKey(refOf(pool));
  const shared = [...objectsOf(inventory, ALPHA_POOL), ...objectsOf(inventory, V1_POOL)].some(
    (other) =>
      refKey(refOf(other)) !== self &&
      other.metadata.namespace === pool.metadata.namespace &&
      eppRefOf(other).service === name,
  );
  if (shared) return { service: null, deployment: null, shared };
  const namespace = pool.metadata.namespace ?? '';
  const services = readable(objectsIn(snapshot, SERVICE, namespace));
  const deployments = readable(objectsIn(snapshot, DEPLOYMENT, namespace));
  const service = services.find((candidate) => candidate.metadata.name === name) ?? null;
  return { service, deployment: (service && deploymentBehind(service, deployments)) ?? null };
}

const ROLES = [ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING] as const;

// Permissions are taken away only where it is certain that nothing else has a part in them.
async function rbacOf(
  deployment: KubeObject | null,
  { snapshot }: World,
  cluster: Cluster,
): Promise<readonly KubeObject[]> {
  const account = deployment?.['spec']?.template?.spec?.serviceAccountName as string | undefined;
  if (!deployment || !account || account === 'default') return [];
  const namespace = deployment.metadata.namespace ?? '';
  const labels = (deployment['spec']?.selector?.matchLabels ?? {}) as Record<string, string>;
  const usedByOthers = [
    ...readable(objectsIn(snapshot, POD, namespace)).filter(
      (pod) => pod['spec']?.serviceAccountName === account && !matchesLabels(labels, pod.metadata.labels),
    ),
    ...readable(objectsIn(snapshot, DEPLOYMENT, namespace)).filter(
      (other) =>
        other.metadata.name !== deployment.metadata.name &&
        other['spec']?.template?.spec?.serviceAccountName === account,
    ),
  ];
  if (usedByOthers.length > 0) return [];
  const reads = await Promise.all(ROLES.map((kind) => cluster.list(kind, '')));
  if (reads.some((read) => read.state !== 'ok')) return []; // the plan says that they are left
  const [roles, clusterRoles, bindings, clusterBindings] = reads.map((read) =>
    read.state === 'ok' ? read.items : [],
  );
  return pickerRbac(namespace, account, {
    roles: [...roles!, ...clusterRoles!],
    bindings: [...bindings!, ...clusterBindings!],
  });
}

function readable(read: { objects: readonly KubeObject[] } | { unread: string }): readonly KubeObject[] {
  if ('objects' in read) return read.objects;
  throw new UserError(`Refused: ${read.unread}`, {
    exitCode: EXIT.refused,
    hint: 'So it is not known what belongs to the pool. Run this as a user who may list it; all that this needs, as a role: kubectl infpool auth',
  });
}

/** The alpha CRDs that are installed, whole. */
export async function liveCrds(cluster: Cluster): Promise<KubeObject[]> {
  const reads = await Promise.all(ALPHA_CRDS.map((name) => cluster.get(ref(CRD, '', name))));
  return reads.flatMap((read, index) => {
    if (read.state === 'ok') return [read.object];
    if (read.state === 'absent') return [];
    throw new UserError(`Refused: the CRD ${ALPHA_CRDS[index]} could not be read: ${read.message}`, {
      exitCode: EXIT.refused,
    });
  });
}
