import type { Finding } from '../api/finding.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { DeleteStep, HelmStep, Step } from '../api/plan.ts';
import { ref, refKey, refOf, type Ref } from '../api/ref.ts';
import { ALPHA_POOL, CRD, DEPLOYMENT, MODEL, SERVICE } from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { ownerOf } from '../inventory/owner.ts';
import { referencesOf } from '../inventory/references.ts';
import { ALPHA_CRDS } from '../inventory/wanted.ts';
import {
  crdInterlocks,
  ownerInterlocks,
  poolInterlocks,
  releaseInterlocks,
  unreadInterlocks,
  type OwnerHandling,
} from './interlocks.ts';

/** Everything read for one alpha pool that is to go. */
export interface CleanupTarget {
  readonly entry: PoolEntry;
  /** The Service and the Deployment of its endpoint picker, where they are there and nobody else uses them. */
  readonly epp: { readonly service: KubeObject | null; readonly deployment: KubeObject | null };
  /** What `helm get manifest` lists for the pool's release, as live objects; null when no release is to be uninstalled. */
  readonly releaseObjects: readonly KubeObject[] | null;
}

export interface CleanupOptions {
  readonly owners: OwnerHandling;
  readonly crds: boolean;
  /** The live CRDs, whole, for the backup; those that are not there are left out. */
  readonly crdObjects: readonly KubeObject[];
}

export interface CleanupPlan {
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly interlocks: readonly Interlock[];
  /** Live objects that will be gone afterwards, in the order in which `restore` has to make them. */
  readonly backup: readonly KubeObject[];
}

/** Policies, models, pool, endpoint picker, CRDs, in this order; and every reason not to. The Inventory covers all namespaces. */
export function planCleanup(
  targets: readonly CleanupTarget[],
  inventory: Inventory,
  options: CleanupOptions,
): CleanupPlan {
  const steps: Step[] = [];
  const removed: KubeObject[] = [];
  const interlocks: Interlock[] = [...unreadInterlocks(inventory)];
  const findings: Finding[] = [];
  for (const target of targets) {
    const plan = planPool(target, inventory, options);
    steps.push(...plan.steps);
    removed.push(...plan.removed);
    findings.push(...plan.findings);
    interlocks.push(...plan.interlocks);
  }
  if (options.crds) {
    const gone = new Set(removed.map((object) => refKey(refOf(object))));
    interlocks.push(
      ...crdInterlocks(
        [...objectsOf(inventory, ALPHA_POOL), ...objectsOf(inventory, MODEL)].filter(
          (object) => !gone.has(refKey(refOf(object))),
        ),
      ),
    );
    const crds = options.crdObjects.filter((crd) => ALPHA_CRDS.includes(crd.metadata.name));
    steps.push(...crds.map((crd) => deletion(crd, 'no object of it is left in any namespace')));
    removed.push(...crds);
  }
  return { steps, findings, interlocks, backup: inRestoreOrder(unique(removed)) };
}

interface PoolPlan {
  steps: Step[];
  removed: KubeObject[];
  interlocks: Interlock[];
  findings: Finding[];
}

function planPool(target: CleanupTarget, inventory: Inventory, options: CleanupOptions): PoolPlan {
  const { entry } = target;
  const pool = objectOf(inventory, entry.ref);
  if (!pool) return { steps: [], removed: [], interlocks: [], findings: [] };
  const inRelease = new Set((target.releaseObjects ?? []).map((object) => refKey(refOf(object))));
  const loose = looseObjects(target, pool, inventory).filter(
    (object) => !inRelease.has(refKey(refOf(object))),
  );
  const deletions = loose.map((object) => deletion(object, reasonFor(object, entry.ref)));

  const release = helmStep(target, pool);
  // The models go first: they would be left without a pool. The release comes where the pool would.
  const at = deletions.findIndex(
    (step) => step.ref.kind !== 'InferenceModel' && step.ref.group !== 'networking.gke.io',
  );
  const steps: Step[] = release
    ? [
        ...(at < 0 ? deletions : deletions.slice(0, at)),
        release,
        gone(entry.ref),
        ...(at < 0 ? [] : deletions.slice(at)),
      ]
    : deletions;
  return {
    steps,
    removed: [...loose, ...(target.releaseObjects ?? [])],
    interlocks: [
      ...poolInterlocks(entry),
      ...ownerInterlocks(loose, options.owners),
      ...(target.releaseObjects
        ? releaseInterlocks(target.releaseObjects, pool, release?.release ?? '')
        : []),
    ],
    findings: leftovers(target, pool),
  };
}

function looseObjects({ entry, epp }: CleanupTarget, pool: KubeObject, inventory: Inventory): KubeObject[] {
  const policies = entry.references
    .filter((reference) => reference.relation === 'policyTarget')
    .flatMap((reference) => objectOf(inventory, reference.from) ?? [])
    .filter((policy) => referencesOf(policy).length === 1);
  const models = entry.models.flatMap((model) => objectOf(inventory, model) ?? []);
  return [...policies, ...models, pool, ...[epp.deployment, epp.service].filter((object) => object !== null)];
}

function helmStep({ releaseObjects }: CleanupTarget, pool: KubeObject): HelmStep | null {
  const owner = ownerOf(pool);
  if (!releaseObjects || owner?.kind !== 'Helm') return null;
  return {
    action: 'helm',
    verb: 'uninstall',
    ref: refOf(pool),
    reason: `pool, endpoint picker and their policies belong to Helm release ${owner.name}`,
    release: owner.name,
    namespace: owner.namespace,
    args: ['uninstall', owner.name, '--namespace', owner.namespace, '--wait'],
  };
}

function deletion(object: KubeObject, reason: string): DeleteStep {
  return { action: 'delete', ref: refOf(object), reason, before: object };
}

function gone(pool: Ref): Step {
  return {
    action: 'wait',
    ref: pool,
    reason: 'helm uninstall does not say when the pool is really gone',
    condition: 'gone',
  };
}

function reasonFor(object: KubeObject, pool: Ref): string {
  if (object.kind === 'InferencePool') return 'the alpha pool';
  if (object.kind === 'InferenceModel') return `names the pool ${pool.name}`;
  if (object.kind === 'Deployment' || object.kind === 'Service') return `endpoint picker of ${pool.name}`;
  return `targets the pool ${pool.name}`;
}

// The endpoint picker's permissions are often shared or cluster-wide; they are named, not deleted.
function leftovers({ releaseObjects, epp }: CleanupTarget, pool: KubeObject): Finding[] {
  const account = epp.deployment?.['spec']?.template?.spec?.serviceAccountName as string | undefined;
  if (releaseObjects || ownerOf(pool)?.kind === 'Helm' || !account || account === 'default') return [];
  return [
    {
      id: 'epp-rbac-left',
      severity: 'info',
      ref: ref(DEPLOYMENT, pool.metadata.namespace ?? '', epp.deployment!.metadata.name),
      field: 'spec.template.spec.serviceAccountName',
      message: `Its ServiceAccount "${account}" and the roles bound to it are left: others may use them.`,
      hint: `Find them: kubectl get serviceaccounts,rolebindings.rbac.authorization.k8s.io -n ${pool.metadata.namespace}; kubectl get clusterrolebindings.rbac.authorization.k8s.io | grep ${account}`,
    },
  ];
}

const RESTORE_ORDER = [
  CRD.kind,
  'ServiceAccount',
  'ClusterRole',
  'Role',
  'ClusterRoleBinding',
  'RoleBinding',
  'ConfigMap',
  SERVICE.kind,
  DEPLOYMENT.kind,
  ALPHA_POOL.kind,
  MODEL.kind,
];

/** CRDs, then what the endpoint picker needs, the picker, the pool, the models, and the rest (policies). */
function inRestoreOrder(objects: readonly KubeObject[]): KubeObject[] {
  const rank = (object: KubeObject) => {
    const at = RESTORE_ORDER.indexOf(object.kind);
    return at < 0 ? RESTORE_ORDER.length : at;
  };
  return objects.toSorted((a, b) => rank(a) - rank(b));
}

function unique(objects: readonly KubeObject[]): KubeObject[] {
  return [...new Map(objects.map((object) => [refKey(refOf(object)), object])).values()];
}
