import type { Finding } from '../api/finding.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace } from '../api/kubectl.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry, Relation } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import type { DeleteStep, HelmStep, Step } from '../api/plan.ts';
import { ref, refKey, refOf, type Ref } from '../api/ref.ts';
import {
  ALPHA_POOL,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  DEPLOYMENT,
  DESTINATION_RULE,
  MODEL,
  ROLE,
  ROLE_BINDING,
  SHARED_COMPANIONS,
} from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { ownerOf } from '../inventory/owner.ts';
import { ALPHA_CRDS } from '../inventory/wanted.ts';
import { inRestoreOrder } from './restoreOrder.ts';
import { dueWith, entryRemovals, type EntryRemoval } from './entries.ts';
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
  readonly epp: {
    readonly service: KubeObject | null;
    readonly deployment: KubeObject | null;
    /** True where another pool names the same endpoint picker: then it stays, and what is for it. */
    readonly shared?: boolean;
    /** Roles and bindings that nobody else has a part in. */
    readonly rbac?: readonly KubeObject[];
  };
  /** What `helm get manifest` lists for the pool's release, as live objects; null when no release is to be uninstalled. */
  readonly releaseObjects: readonly KubeObject[] | null;
}

export interface CleanupOptions {
  readonly owners: OwnerHandling;
  readonly crds: boolean;
  /** The live CRDs, whole, for the backup; those that are not there are left out. */
  readonly crdObjects: readonly KubeObject[];
  /** Releases whose pool is gone and whose uninstall never came to its end. */
  readonly interrupted?: readonly InterruptedRelease[];
}

/** A release that a helm was uninstalling when it was killed. */
export interface InterruptedRelease {
  readonly release: string;
  readonly namespace: string;
  /** The alpha pool that was in it. */
  readonly pool: Ref;
  /** What is left of it, as live objects. */
  readonly objects: readonly KubeObject[];
}

export interface CleanupPlan {
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly interlocks: readonly Interlock[];
  /** Live objects that will be gone afterwards, in the order in which `restore` has to make them. */
  readonly backup: readonly KubeObject[];
}

/**
 * The entries of grants and of policies with several targets, policies and rules, models, endpoint picker, pool, CRDs, in this
 * order; and every reason not to. By the pool all the rest is found: while anything of it is left, the pool is, so that a
 * cleanup that was killed goes on when it is run again. The Inventory covers all namespaces.
 */
export function planCleanup(
  targets: readonly CleanupTarget[],
  inventory: Inventory,
  options: CleanupOptions,
): CleanupPlan {
  const steps: Step[] = [];
  const removed: KubeObject[] = [];
  const interlocks: Interlock[] = [...unreadInterlocks(inventory)];
  const findings: Finding[] = [];
  const entries = dueEntries(targets, inventory, options);
  steps.push(...entries.map(({ step }) => step));
  removed.push(...entries.map(({ object }) => object));
  interlocks.push(
    ...ownerInterlocks(
      entries.map(({ object }) => object),
      options.owners,
    ),
  );
  for (const target of targets) {
    const plan = planPool(target, inventory, options);
    steps.push(...plan.steps);
    removed.push(...plan.removed);
    findings.push(...plan.findings);
    interlocks.push(...plan.interlocks);
  }
  for (const { release, namespace, pool, objects } of options.interrupted ?? []) {
    steps.push(
      uninstall(
        pool,
        { name: release, namespace },
        'its uninstall was interrupted; the pool is gone already',
      ),
    );
    removed.push(...objects);
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

// What goes with a Helm release is helm's to take away.
function dueEntries(
  targets: readonly CleanupTarget[],
  inventory: Inventory,
  { crds }: CleanupOptions,
): EntryRemoval[] {
  const going = targets.flatMap(({ entry }) => objectOf(inventory, entry.ref) ?? []);
  const inReleases = new Set(
    targets.flatMap(({ releaseObjects }) => (releaseObjects ?? []).map((object) => refKey(refOf(object)))),
  );
  const objects = SHARED_COMPANIONS.flatMap((kind) => objectsOf(inventory, kind)).filter(
    (object) => !inReleases.has(refKey(refOf(object))),
  );
  return entryRemovals(objects, dueWith(going, objectsOf(inventory, ALPHA_POOL), crds));
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
  const steps: Step[] = release ? [...deletions, release, gone(entry.ref)] : deletions;
  return {
    steps,
    removed: [...loose, ...(target.releaseObjects ?? [])],
    interlocks: [
      ...poolInterlocks(entry, inventory.findings),
      ...ownerInterlocks(loose, options.owners),
      ...(target.releaseObjects
        ? releaseInterlocks(target.releaseObjects, pool, release?.release ?? '')
        : []),
    ],
    findings: leftovers(target, pool),
  };
}

function looseObjects({ entry, epp }: CleanupTarget, pool: KubeObject, inventory: Inventory): KubeObject[] {
  const from = (relation: Relation) =>
    entry.references
      .filter((reference) => reference.relation === relation)
      .flatMap((reference) => objectOf(inventory, reference.from) ?? []);
  const policies = from('policyTarget').filter((policy) => policy['spec']?.targetRef);
  const rules = epp.shared ? [] : from('destinationRule');
  const models = entry.models.flatMap((model) => objectOf(inventory, model) ?? []);
  // Each is found by what comes after it: permissions by the Deployment, that by the Service, that by the pool.
  const picker = [epp.deployment, epp.service].filter((object) => object !== null);
  return [...policies, ...rules, ...models, ...(epp.rbac ?? []), ...picker, pool];
}

function helmStep({ releaseObjects }: CleanupTarget, pool: KubeObject): HelmStep | null {
  const owner = ownerOf(pool);
  if (!releaseObjects || owner?.kind !== 'Helm') return null;
  const reason = `pool, endpoint picker and their policies belong to Helm release ${owner.name}`;
  return uninstall(refOf(pool), owner, reason);
}

function uninstall(
  pool: Ref,
  { name, namespace }: { name: string; namespace: string },
  reason: string,
): HelmStep {
  return {
    action: 'helm',
    verb: 'uninstall',
    ref: pool,
    reason,
    release: name,
    namespace,
    args: ['uninstall', name, '--namespace', namespace, '--wait'],
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

const RBAC = new Set([ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING].map(({ kind }) => kind));

function reasonFor(object: KubeObject, pool: Ref): string {
  if (object.kind === 'InferencePool') return 'the alpha pool';
  if (object.kind === 'InferenceModel') return `names the pool ${pool.name}`;
  if (object.kind === 'Deployment' || object.kind === 'Service') return `endpoint picker of ${pool.name}`;
  if (object.kind === DESTINATION_RULE.kind) return `for the endpoint picker of ${pool.name}`;
  if (RBAC.has(object.kind)) return `permissions of the endpoint picker of ${pool.name}, and of nobody else`;
  return `targets the pool ${pool.name}`;
}

// What is not deleted because it could not be told whose it is, is named.
function leftovers({ releaseObjects, epp }: CleanupTarget, pool: KubeObject): Finding[] {
  if (releaseObjects || ownerOf(pool)?.kind === 'Helm') return [];
  if (epp.service && !epp.deployment) return pickerLeft(epp.service);
  const account = epp.deployment?.['spec']?.template?.spec?.serviceAccountName as string | undefined;
  if (!account || account === 'default') return [];
  return [
    {
      id: 'epp-rbac-left',
      severity: 'info',
      ref: ref(DEPLOYMENT, pool.metadata.namespace ?? '', epp.deployment!.metadata.name),
      field: 'spec.template.spec.serviceAccountName',
      message: `Its ServiceAccount "${account}" is left, and of the roles bound to it those that others may use.`,
      hint: `Find them: kubectl get serviceaccounts,rolebindings.rbac.authorization.k8s.io${inNamespace(pool.metadata.namespace)}; kubectl get clusterrolebindings.rbac.authorization.k8s.io | grep ${shellWord(account)}`,
    },
  ];
}

// A StatefulSet, say, or something of an operator: its Service goes, and it would run on for nothing.
function pickerLeft(service: KubeObject): Finding[] {
  const selector = Object.entries((service['spec']?.selector ?? {}) as Record<string, string>);
  if (selector.length === 0) return [];
  const labels = selector.map(([name, value]) => `${name}=${value}`).join(',');
  return [
    {
      id: 'epp-left',
      severity: 'warning',
      ref: refOf(service),
      field: 'spec.selector',
      message: `No Deployment has the pods with ${labels} that it selects. If the endpoint picker runs as something else (a StatefulSet, say), that is left and runs on.`,
      hint: `Whose pods they are, to delete it by hand: kubectl get pods${inNamespace(service.metadata.namespace)} -l ${shellWord(labels)} -o custom-columns='POD:.metadata.name,OWNER:.metadata.ownerReferences[*].kind,NAME:.metadata.ownerReferences[*].name'`,
    },
  ];
}

function unique(objects: readonly KubeObject[]): KubeObject[] {
  return [...new Map(objects.map((object) => [refKey(refOf(object)), object])).values()];
}
