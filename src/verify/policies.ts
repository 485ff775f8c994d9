import type { Check } from '../api/verification.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import { isUnread, listOf, type Snapshot } from '../api/read.ts';
import { qualifiedRef, refOf, sameRef } from '../api/ref.ts';
import { GCP_BACKEND_POLICY, HEALTH_CHECK_POLICY, type Resource } from '../api/resource.ts';
import { referencesOf } from '../inventory/references.ts';
import { Checklist, conditionOf, mayList } from './evidence.ts';

const GROUP = 'Policies';

/** On GKE a pool without a HealthCheckPolicy is probed with GET / and found unhealthy; and a policy has to be attached. */
export function policyChecks(pool: KubeObject, snapshot: Snapshot): Check[] {
  const self = refOf(pool);
  const health = listOf(snapshot, HEALTH_CHECK_POLICY);
  if (health.state === 'notInstalled') return []; // not GKE
  const list = new Checklist(GROUP, self);
  const checks: Check[] = [];
  for (const resource of [HEALTH_CHECK_POLICY, GCP_BACKEND_POLICY]) {
    const read = listOf(snapshot, resource);
    if (isUnread(read)) {
      list.add('policy-attached', 'unknown', `${resource.kind}: ${read.message}`, mayList(resource));
      continue;
    }
    const policies = read.state === 'ok' ? read.items.filter((policy) => targets(policy, pool)) : [];
    if (resource === HEALTH_CHECK_POLICY && policies.length === 0)
      list.add(
        'health-check-policy',
        false,
        'No HealthCheckPolicy targets the pool, so GKE probes GET / and finds its servers unhealthy (503)',
        healthHint(pool),
      );
    checks.push(...policies.flatMap((policy) => attachedChecks(policy, resource)));
  }
  return [...list.checks, ...checks];
}

function targets(policy: KubeObject, pool: KubeObject): boolean {
  return referencesOf(policy).some((reference) => sameRef(reference.pool, refOf(pool)));
}

function attachedChecks(policy: KubeObject, resource: Resource): Check[] {
  const list = new Checklist(GROUP, refOf(policy));
  const conditions = policy['status']?.conditions as Condition[] | undefined;
  const attached = conditionOf(conditions, 'Attached', policy.metadata.generation);
  // GKE attaches a policy only once its pool is behind a Gateway.
  const verdict = attached.status === 'missing' ? 'skip' : attached.status === 'True' && !attached.stale;
  list.add(
    'policy-attached',
    verdict,
    attached.status === 'missing' ? `${resource.kind} has not been attached yet` : attached.text,
    `A policy that is not attached has no effect. Read why: ${kubectl('describe', refOf(policy))}`,
  );
  return list.checks;
}

function healthHint(pool: KubeObject): string {
  return `Create a HealthCheckPolicy (networking.gke.io/v1) with targetRef ${qualifiedRef(refOf(pool))} before any traffic; upstream's chart makes one: kubectl infpool convert --provider gke --apply${inNamespace(refOf(pool).namespace)}`;
}
