import type { Check } from '../api/verification.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import type { Snapshot } from '../api/read.ts';
import { refOf } from '../api/ref.ts';
import { POD, V1_GROUP } from '../api/resource.ts';
import { Checklist, conditionOf, matchesLabels, mayList, objectsIn } from './evidence.ts';

interface PoolParent {
  parentRef?: { kind?: string; name?: string; namespace?: string };
  conditions?: Condition[];
}

/** The pool's own status. Before a route names it a pool has none, by the conformance tests: then there is nothing to ask. */
export function poolStatusChecks(pool: KubeObject, routed: boolean): Check[] {
  const self = refOf(pool);
  const list = new Checklist('InferencePool', self);
  const look = kubectl('describe', self);
  list.add('pool-found', true, 'It is there', '');
  if (!routed) {
    list.add('pool-accepted', 'skip', 'No route names it yet, so no Gateway reports on it', '');
    return list.checks;
  }
  const parents = parentsOfPool(pool);
  if (parents.length === 0) {
    list.add(
      'pool-accepted',
      'unknown',
      'A route names it, but no Gateway has reported on it',
      `Some controllers (kgateway before 2.2) never do; else wait and look again: ${look}`,
    );
    return list.checks;
  }
  for (const parent of parents) {
    const of = `Gateway ${parent.parentRef?.namespace ?? self.namespace}/${parent.parentRef?.name}`;
    const accepted = conditionOf(parent.conditions, 'Accepted', pool.metadata.generation);
    const resolved = conditionOf(parent.conditions, 'ResolvedRefs', pool.metadata.generation);
    list.add(
      'pool-accepted',
      accepted.status === 'True',
      `${of}: ${accepted.text}`,
      acceptedHint(accepted.text, look),
    );
    if (resolved.status !== 'missing')
      list.add(
        'pool-refs-resolved',
        resolved.status === 'True',
        `${of}: ${resolved.text}`,
        `Its endpoint picker's Service is missing, or is no Service; requests fail. Read why: ${look}`,
      );
    const stale = accepted.stale || resolved.stale;
    if (stale)
      list.add(
        'pool-current',
        false,
        `${of}: the status is older than the spec`,
        `Wait for the controller: kubectl infpool verify --wait${inNamespace(self.namespace)}`,
      );
  }
  return list.checks;
}

function acceptedHint(text: string, look: string): string {
  if (text.includes('NotSupportedByParent'))
    return `The Gateway's controller does not serve pools of this group, so requests to it fail. See what it says: ${look}`;
  if (text.includes('HTTPRouteNotAccepted'))
    return `The route that names it was not accepted; see route-accepted above. The status of the pool: ${look}`;
  return `A pool that is not accepted gets no requests. Read why: ${look}`;
}

// v1alpha2 calls the list `parent`, and the CRD's default puts an entry there that no controller wrote.
function parentsOfPool(pool: KubeObject): PoolParent[] {
  const parents = (refOf(pool).group === V1_GROUP ? pool['status']?.parents : pool['status']?.parent) as
    PoolParent[] | undefined;
  return (parents ?? []).filter(
    (parent) => !(parent.parentRef?.kind === 'Status' && parent.parentRef.name === 'default'),
  );
}

/** The labels by which a pool of either group selects its model servers. */
export function selectorOf(pool: KubeObject): Record<string, string> {
  const selector = pool['spec']?.selector ?? {};
  return (refOf(pool).group === V1_GROUP ? (selector.matchLabels ?? {}) : selector) as Record<string, string>;
}

/** Are there model servers, and is one ready? */
export function podChecks(pool: KubeObject, snapshot: Snapshot): Check[] {
  const self = refOf(pool);
  const list = new Checklist('Model servers', self);
  const selector = selectorOf(pool);
  const words = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const found = objectsIn(snapshot, POD, self.namespace);
  if ('unread' in found) {
    list.add('pods-match', 'unknown', found.unread, mayList(POD));
    return list.checks;
  }
  const pods = found.objects.filter(
    (pod) => matchesLabels(selector, pod.metadata.labels) && !pod.metadata.deletionTimestamp,
  );
  const ready = pods.filter(isReady);
  list.add(
    'pods-match',
    pods.length > 0,
    `${pods.length} pod${pods.length === 1 ? '' : 's'} with ${words}`,
    `The pool's selector matches no pod, so requests have nowhere to go. Compare their labels with ${words}: kubectl get pods${inNamespace(self.namespace)} --show-labels`,
  );
  if (pods.length > 0)
    list.add(
      'pods-ready',
      ready.length > 0,
      `${ready.length} of ${pods.length} ready`,
      `The endpoint picker picks ready pods only. See why they are not: kubectl describe pods${inNamespace(self.namespace)} -l ${shellWord(words)}`,
    );
  return list.checks;
}

function isReady(pod: KubeObject): boolean {
  const conditions = (pod['status']?.conditions ?? []) as Condition[];
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
