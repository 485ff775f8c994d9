import { shellWord } from '../api/shellWord.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { Finding } from '../api/finding.ts';
import type { FindingId } from '../api/ids.ts';
import type { Interlock } from '../api/interlock.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { describeRef, refOf, sameRef, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP } from '../api/resource.ts';
import type { Verification } from '../api/verification.ts';
import { ownerOf } from '../inventory/owner.ts';
import { referencesOf } from '../inventory/references.ts';
import { describeOwner, ownerAdvice } from '../api/owner.ts';

/** What to do about objects that Helm, Argo CD or Flux look after: nothing (refuse), uninstall the release, or delete all the same. */
export type OwnerHandling = 'refuse' | 'helm-uninstall' | 'ignore';

function interlock(
  id: FindingId,
  ref: Ref | null,
  message: string,
  hint: string,
  forceable: boolean,
  field = '',
): Interlock {
  return { forceable, finding: { id, severity: 'error', ref, field, message, hint } };
}

/** Whatever could not be read may hold a reference or an object: nothing is deleted on a guess. */
export function unreadInterlocks(inventory: Inventory): Interlock[] {
  return inventory.unread
    .filter((entry) => entry.resource !== 'server version' && !entry.advisory)
    .map((entry) =>
      interlock(
        'could-not-read',
        null,
        `${entry.resource} could not be read (${entry.message}). It may hold what this deletion would break.`,
        'Run this as a user who may list it in all namespaces; all that this needs, as a role: kubectl infpool auth',
        false,
        entry.resource,
      ),
    );
}

const TRAFFIC = new Set(['backendRef', 'mirror', 'grpcBackendRef', 'otherBackendRef']);

/** The pool must have no traffic, and something must have taken it over. */
export function poolInterlocks(entry: PoolEntry, advice: readonly Finding[] = []): Interlock[] {
  const found = entry.references
    .filter((reference) => TRAFFIC.has(reference.relation))
    .map((reference) =>
      interlock(
        'still-referenced',
        reference.from,
        `It still points at ${describeRef(entry.ref)}; deleting the pool would drop its requests.`,
        reference.relation === 'backendRef' || reference.relation === 'mirror'
          ? `Move the traffic first: kubectl infpool split ${shellWord(reference.from.name)} 100${inNamespace(reference.from.namespace)}`
          : (advice.find(({ ref }) => ref && sameRef(ref, reference.from))?.hint ??
              `Take it out by hand: ${kubectl('edit', reference.from)}`),
        true,
        reference.path,
      ),
    );
  if (!entry.v1)
    found.push(
      interlock(
        'no-counterpart',
        entry.ref,
        'No v1 pool takes over from it, so its requests would have nowhere to go.',
        `Create one first: kubectl infpool convert ${shellWord(entry.ref.name)} --apply${inNamespace(entry.ref.namespace)}. Or, if this pool is not needed any more, pass --force.`,
        true,
      ),
    );
  return found;
}

/** The v1 side has to work before the way back is taken away. */
export function verificationInterlocks(entry: PoolEntry, verification: Verification): Interlock[] {
  if (verification.verdict === 'pass') return [];
  const bad = verification.checks.filter((check) => check.verdict === 'fail' || check.verdict === 'unknown');
  return [
    interlock(
      'verify-failed',
      entry.v1 ?? entry.ref,
      `verify says "${verification.verdict}": ${bad.map((check) => `${check.id} (${check.evidence})`).join('; ')}`,
      `Look closer: kubectl infpool verify${inNamespace(entry.ref.namespace)}. To delete all the same, pass --force.`,
      true,
    ),
  ];
}

/** What Helm or a Git controller looks after comes back, or breaks its owner, when it is deleted by hand. */
export function ownerInterlocks(objects: readonly KubeObject[], handling: OwnerHandling): Interlock[] {
  if (handling === 'ignore') return [];
  return objects.flatMap((object) => {
    const owner = ownerOf(object);
    if (!owner) return [];
    const hint =
      owner.kind === 'Helm'
        ? `Let Helm do it with --helm-uninstall, or delete it all the same with --ignore-owner (helm would then fail on its next upgrade).`
        : `Take it out at its source, or pass --ignore-owner. ${ownerAdvice(owner)}`;
    return [interlock('owned', refOf(object), `It belongs to ${describeOwner(owner)}.`, hint, false)];
  });
}

// What upstream's alpha chart makes for a pool; a release with anything else in it holds more than the pool.
const CHART_KINDS = new Set([
  'ServiceAccount',
  'ConfigMap',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ClusterPodMonitoring',
  'PodMonitoring',
  'ServiceMonitor',
  'DestinationRule',
  'Secret',
]);

const NAMED_LIKE_THE_PICKER = new Set(['Deployment', 'Service']);
const POLICIES = new Set(['HealthCheckPolicy', 'GCPBackendPolicy']);

// The pool, its models, its endpoint picker, and policies that target this pool alone.
function belongsTo(pool: KubeObject, object: KubeObject): boolean {
  const self = refOf(pool);
  const ref = refOf(object);
  if (sameRef(ref, self)) return true;
  if (ref.kind === 'InferenceModel' && ref.group === ALPHA_GROUP)
    return object['spec']?.poolRef?.name === pool.metadata.name;
  if (NAMED_LIKE_THE_PICKER.has(ref.kind)) return ref.name === pool['spec']?.extensionRef?.name;
  const targets = POLICIES.has(ref.kind) ? referencesOf(object) : null;
  if (targets) return targets.length > 0 && targets.every((target) => sameRef(target.pool, self));
  return CHART_KINDS.has(ref.kind);
}

/** Uninstalling a release takes everything in it: it must hold this pool, and this pool's own things only. */
export function releaseInterlocks(
  objects: readonly KubeObject[],
  pool: KubeObject,
  release: string,
): Interlock[] {
  // An annotation can be copied from another pool, release and all.
  if (!objects.some((object) => sameRef(refOf(object), refOf(pool))))
    return [
      interlock(
        'release-lacks-pool',
        refOf(pool),
        `Its annotations name Helm release ${release}, but that release does not hold this pool: uninstalling it would take something else.`,
        `See: helm get manifest ${shellWord(release)}${inNamespace(pool.metadata.namespace)}; --ignore-owner deletes the pool's objects one by one instead.`,
        false,
      ),
    ];
  const others = objects.filter((object) => !belongsTo(pool, object));
  return others.map((object) =>
    interlock(
      'release-holds-more',
      refOf(object),
      `It is part of Helm release ${release}, which would be uninstalled, but it is not the endpoint picker's.`,
      "Take the pool out of that chart instead (helm upgrade), or pass --ignore-owner to delete the pool's objects one by one.",
      false,
    ),
  );
}

/** Deleting a CRD deletes every object of it, in every namespace. */
export function crdInterlocks(left: readonly KubeObject[]): Interlock[] {
  return left.map((object) =>
    interlock(
      'crd-has-objects',
      refOf(object),
      'It would be deleted together with its CRD.',
      `Migrate it first (kubectl infpool status${inNamespace(object.metadata.namespace)}), or leave out --crds.`,
      false,
    ),
  );
}
