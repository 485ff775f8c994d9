import { CLAIM_ANNOTATION, FIELD_MANAGER } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import type { JsonPatchOperation } from '../api/plan.ts';
import { ref, type Ref } from '../api/ref.ts';
import { apiVersionOf, LEASE } from '../api/resource.ts';
import { holderText, type Claim, type Holder } from './holder.ts';

/** What a run needs to claim a pool, in the pool's namespace. */
export const CLAIM_VERBS = ['get', 'create', 'patch', 'delete'] as const;

/** Ten seconds between signs of life; after three that are missing others may go on. */
export const CLAIM_SECONDS = 30;
export const RENEW_MS = 10_000;

const PREFIX = 'kubectl-infpool-';

/** The Lease that claims a pool: one a pool, in its namespace, so that two pools are two claims. */
export function leaseRef(pool: Ref): Ref {
  const name = `${PREFIX}${pool.name}`;
  return ref(LEASE, pool.namespace, name.length <= MAX_NAME ? name : shortened(name));
}

const MAX_NAME = 253;

// Only a pool with a name of its very own length comes here; two of them must still be two.
function shortened(name: string): string {
  let hash = 5381;
  for (const character of name) hash = (hash * 33 + character.codePointAt(0)!) >>> 0;
  return `${name.slice(0, MAX_NAME - 9)}-${hash.toString(16).padStart(8, '0')}`;
}

/** coordination.k8s.io/v1 wants exactly six digits (metav1.MicroTime). */
export function microTime(time: Date): string {
  return time.toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}

export function leaseFor(pool: Ref, holder: Holder, now: Date): KubeObject {
  const { namespace, name } = leaseRef(pool);
  return {
    apiVersion: apiVersionOf(LEASE),
    kind: LEASE.kind,
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': FIELD_MANAGER },
      annotations: { [CLAIM_ANNOTATION]: JSON.stringify(holder) },
    },
    spec: specFor(holder, now, 0),
  };
}

function specFor(holder: Holder, now: Date, transitions: number) {
  return {
    holderIdentity: holderText(holder),
    leaseDurationSeconds: CLAIM_SECONDS,
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: transitions,
  };
}

/** Makes another one's Lease ours, if nobody wrote it in between. */
export function takeOverPatch(lease: KubeObject, holder: Holder, now: Date): JsonPatchOperation[] {
  const { resourceVersion = '', annotations = {} } = lease.metadata;
  const transitions = Number((lease['spec'] as LeaseSpec | undefined)?.leaseTransitions ?? 0) + 1;
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    {
      op: 'add',
      path: '/metadata/annotations',
      value: { ...annotations, [CLAIM_ANNOTATION]: JSON.stringify(holder) },
    },
    { op: 'add', path: '/spec', value: specFor(holder, now, transitions) },
  ];
}

/** A sign of life, while it still is the Lease that was read. */
export function renewPatch(lease: KubeObject, now: Date): JsonPatchOperation[] {
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: lease.metadata.resourceVersion ?? '' },
    { op: 'add', path: '/spec/renewTime', value: microTime(now) },
  ];
}

interface LeaseSpec {
  readonly holderIdentity?: string | null;
  readonly leaseDurationSeconds?: number | null;
  readonly acquireTime?: string | null;
  readonly renewTime?: string | null;
  readonly leaseTransitions?: number | null;
}

/** Who holds it. A Lease of that name which others made or changed is a claim too, of whom it names. */
export function claimIn(lease: KubeObject): Claim {
  const spec = (lease['spec'] ?? {}) as LeaseSpec;
  const created = lease.metadata.creationTimestamp ?? new Date(0).toISOString();
  const since = time(spec.acquireTime) ?? created;
  return {
    holder: holderIn(lease, spec.holderIdentity || 'nobody we know'),
    since,
    renewed: time(spec.renewTime) ?? since,
    seconds: spec.leaseDurationSeconds ?? CLAIM_SECONDS,
  };
}

function time(text: string | null | undefined): string | null {
  return typeof text === 'string' && !Number.isNaN(Date.parse(text)) ? text : null;
}

function holderIn(lease: KubeObject, identity: string): Holder {
  const noted = holderNoted(lease.metadata.annotations?.[CLAIM_ANNOTATION]);
  // Whoever took it over without our annotation holds it now.
  if (noted && holderText(noted) === identity) return noted;
  const [, user = identity, host = '?', pid = '0'] = /^(.+)@(.+) \(pid (\d+)\)$/.exec(identity) ?? [];
  return { user, host, pid: Number(pid), origin: '' };
}

function holderNoted(text: string | undefined): Holder | null {
  try {
    const { user, host, pid, origin } = JSON.parse(text ?? '') as Partial<Holder>;
    if (typeof user !== 'string' || typeof host !== 'string') return null;
    if (typeof pid !== 'number' || typeof origin !== 'string') return null;
    return { user, host, pid, origin };
  } catch {
    return null;
  }
}
