import type { Finding } from '../api/finding.ts';
import type { CrdEntry, ModelEntry, Owner, PoolEntry, Relation, Verdict } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, itemsOf, listOf, type Snapshot } from '../api/read.ts';
import { describeRef, qualifiedRef, refKey, refOf } from '../api/ref.ts';
import {
  ALPHA_GROUP,
  ALPHA_POOL,
  DESTINATION_RULE,
  GCP_BACKEND_POLICY,
  GCP_TRAFFIC_POLICY,
  HEALTH_CHECK_POLICY,
  qualifiedName,
  V1_POOL,
} from '../api/resource.ts';
import { ownerOf } from './owner.ts';
import type { Counterpart } from './pairs.ts';
import type { PoolReference } from './references.ts';
import { ALPHA_CRDS } from './wanted.ts';

interface Facts {
  readonly snapshot: Snapshot;
  readonly alphaPools: readonly KubeObject[];
  readonly v1Pools: readonly KubeObject[];
  readonly pools: readonly PoolEntry[];
  readonly models: readonly ModelEntry[];
  readonly pairs: ReadonlyMap<string, Counterpart>;
  readonly references: readonly PoolReference[];
  readonly crds: readonly CrdEntry[];
  readonly verdict: Verdict;
}

/** What a person should know about the cluster as it is, before any plan. */
export function inventoryFindings(facts: Facts): Finding[] {
  return [
    ...namesakes(facts),
    ...ambiguousPairs(facts),
    ...strayModels(facts),
    ...strayReferences(facts),
    ...unhandledReferences(facts),
    ...unhandledDestinationRules(facts),
    ...crdFindings(facts),
  ];
}

function namesakes({ alphaPools, v1Pools }: Facts): Finding[] {
  const v1 = new Set(v1Pools.map((pool) => `${pool.metadata.namespace}/${pool.metadata.name}`));
  return alphaPools
    .filter((pool) => v1.has(`${pool.metadata.namespace}/${pool.metadata.name}`))
    .map((pool) => ({
      id: 'name-in-both-groups',
      severity: 'info',
      ref: refOf(pool),
      field: 'metadata.name',
      message: `An InferencePool of this name exists in both groups. "kubectl get inferencepools ${pool.metadata.name}" shows one of them only.`,
      hint: `Use the full names: ${qualifiedName(ALPHA_POOL)}/${pool.metadata.name} (alpha), ${qualifiedName(V1_POOL)}/${pool.metadata.name} (v1).`,
    }));
}

function ambiguousPairs({ alphaPools, pairs }: Facts): Finding[] {
  return alphaPools.flatMap((pool) => {
    const pair = pairs.get(refKey(refOf(pool)));
    if (pair?.state !== 'ambiguous') return [];
    return [
      {
        id: 'counterpart-ambiguous',
        severity: 'error' as const,
        ref: refOf(pool),
        field: '',
        message: `Several v1 pools could be its counterpart (${pair.because}): ${pair.candidates.map(qualifiedRef).join(', ')}.`,
        hint: `Say which: kubectl annotate -n ${pool.metadata.namespace} ${qualifiedName(V1_POOL)}/NAME kubectl-infpool/migrated-from=${pool.metadata.name}`,
      },
    ];
  });
}

function strayModels({ snapshot, models, alphaPools }: Facts): Finding[] {
  if (isUnread(listOf(snapshot, ALPHA_POOL))) return [];
  const there = new Set(alphaPools.map((pool) => refKey(refOf(pool))));
  return models
    .filter((model) => model.pool.group === ALPHA_GROUP && !there.has(refKey(model.pool)))
    .map((model) => ({
      id: 'model-without-pool',
      severity: 'warning',
      ref: model.ref,
      field: 'spec.poolRef.name',
      message: `It names the pool "${model.pool.name}", which is not there. No request goes through it, but it counts as v1alpha2 in use.`,
      hint: `If nothing needs it: kubectl delete -n ${model.ref.namespace} ${qualifiedRef(model.ref)}`,
    }));
}

function strayReferences({ snapshot, references, alphaPools }: Facts): Finding[] {
  if (isUnread(listOf(snapshot, ALPHA_POOL))) return [];
  const there = new Set(alphaPools.map((pool) => refKey(refOf(pool))));
  return references
    .filter(
      ({ pool, relation }) =>
        relation === 'backendRef' && pool.group === ALPHA_GROUP && !there.has(refKey(pool)),
    )
    .filter(({ pool }) => snapshot.namespace === '' || pool.namespace === snapshot.namespace)
    .map(({ from, path, pool }) => ({
      id: 'backend-not-found',
      severity: 'warning',
      ref: from,
      field: path,
      message: `It points at ${describeRef(pool)}, which is not there; requests for it fail.`,
      hint: `Look at the route: kubectl get -n ${from.namespace} ${qualifiedRef(from)} -o yaml`,
    }));
}

const UNHANDLED: Partial<Record<Relation, string>> = {
  mirror: 'This version does not move mirrors.',
  grpcBackendRef: 'No known controller serves an InferencePool from a GRPCRoute; it is left as it is.',
  grant:
    'Without an entry for the v1 group the route may not reach the v1 pool across namespaces (RefNotPermitted).',
  policyTarget: 'It does not apply to the v1 pool.',
  otherBackendRef:
    'The controller of this kind writes HTTPRoutes from it; it has to be changed at its source.',
};
const UNHEALTHY = ' On GKE a pool without a HealthCheckPolicy is unhealthy (503).';

function unhandledReferences({ references, alphaPools, pairs, snapshot }: Facts): Finding[] {
  const policies = [HEALTH_CHECK_POLICY, GCP_BACKEND_POLICY, GCP_TRAFFIC_POLICY].flatMap((kind) =>
    itemsOf(snapshot, kind),
  );
  const owners = new Map(
    [...policies, ...alphaPools].map((object) => [refKey(refOf(object)), ownerOf(object)]),
  );
  const forV1 = new Set(references.filter(({ pool }) => pool.group !== ALPHA_GROUP).map(likeness));
  return references.flatMap((reference) => {
    const { from, path, relation, pool } = reference;
    const why = UNHANDLED[relation];
    if (!why || pool.group !== ALPHA_GROUP) return [];
    if (
      relation === 'policyTarget' &&
      comesWithTheChart(owners.get(refKey(from)) ?? null, owners.get(refKey(pool)) ?? null)
    )
      return [];
    if (likesFor(reference, pairs.get(refKey(pool))).some((like) => forV1.has(likeness(like)))) return [];
    const target =
      pool.name === ''
        ? `every alpha pool of namespace ${pool.namespace}`
        : `the alpha pool ${pool.namespace}/${pool.name}`;
    const add =
      relation === 'grpcBackendRef' || relation === 'otherBackendRef'
        ? 'Look at it'
        : from.kind === HEALTH_CHECK_POLICY.kind || from.kind === GCP_BACKEND_POLICY.kind
          ? 'The chart makes one for the v1 pool with provider gke: carry over to it what you set here. Without that, add one of your own before any traffic'
          : `Add its like for the v1 pool (group ${V1_POOL.group}) before any traffic`;
    return [
      {
        id: `reference-${relation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        severity: 'warning' as const,
        ref: from,
        field: path,
        message: `It points at ${target}. ${why}${from.kind === HEALTH_CHECK_POLICY.kind ? UNHEALTHY : ''}`,
        hint: `This version only reports it. ${add}: kubectl get -n ${from.namespace} ${qualifiedRef(from)} -o yaml`,
      },
    ];
  });
}

// What would do for the v1 pool what this reference does for the alpha one: an entry of the same grant, by name or for
// all pools; a policy of the same kind.
function likesFor(reference: PoolReference, pair: Counterpart | undefined): PoolReference[] {
  const { relation, pool } = reference;
  const named = pair?.state === 'one' ? [{ ...reference, pool: pair.v1 }] : [];
  if (relation === 'policyTarget') return named;
  if (relation !== 'grant') return [];
  return [...named, { ...reference, pool: { ...pool, group: V1_POOL.group, name: '' } }];
}

function likeness({ from, relation, pool }: PoolReference): string {
  return JSON.stringify([relation, relation === 'grant' ? refKey(from) : from.kind, refKey(pool)]);
}

// The chart makes a policy of the same kind for the v1 pool; a second one would be refused by GKE.
function comesWithTheChart(policy: Owner | null, pool: Owner | null): boolean {
  return policy?.kind === 'Helm' && pool?.kind === 'Helm' && policy.name === pool.name;
}

function unhandledDestinationRules({ snapshot, alphaPools }: Facts): Finding[] {
  const hosts = new Map<string, KubeObject>();
  for (const pool of alphaPools) {
    const service = pool['spec']?.extensionRef?.name as string | undefined;
    if (!service) continue;
    const namespace = pool.metadata.namespace ?? '';
    for (const host of [
      `${service}.${namespace}`,
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.cluster.local`,
    ])
      hosts.set(host, pool);
  }
  return itemsOf(snapshot, DESTINATION_RULE).flatMap((rule) => {
    const host = String(rule['spec']?.host ?? '');
    const full = host.includes('.') ? host : `${host}.${rule.metadata.namespace}`;
    const pool = hosts.get(full);
    if (!pool) return [];
    return [
      {
        id: 'reference-destination-rule',
        severity: 'warning' as const,
        ref: refOf(rule),
        field: 'spec.host',
        message: `It sets how Istio talks to the endpoint picker of the alpha pool ${pool.metadata.namespace}/${pool.metadata.name}. The v1 endpoint picker needs its own, or ext_proc over TLS breaks.`,
        hint: 'This version only reports it. Add one for the v1 endpoint picker before any traffic.',
      },
    ];
  });
}

function crdFindings({ snapshot, crds, verdict }: Facts): Finding[] {
  const findings: Finding[] = [];
  const installed = (name: string) => crds.find((crd) => crd.name === name)?.state === 'installed';
  for (const resource of [ALPHA_POOL, V1_POOL]) {
    const name = qualifiedName(resource);
    if (installed(name) && listOf(snapshot, resource).state === 'notInstalled')
      findings.push({
        id: 'version-not-served',
        severity: 'warning',
        ref: null,
        field: name,
        message: `The CRD ${name} is installed, but ${resource.version} is not served.`,
        hint: `Look at spec.versions: kubectl get customresourcedefinitions.apiextensions.k8s.io ${name} -o yaml`,
      });
  }
  const left = ALPHA_CRDS.filter(installed);
  // In one namespace none is left; what the others hold was not looked at.
  const everywhere = snapshot.namespace === '';
  if (left.length > 0 && everywhere && (verdict === 'Done' || verdict === 'NotNeeded'))
    findings.push({
      id: 'alpha-crds-left',
      severity: 'info',
      ref: null,
      field: '',
      message: `No v1alpha2 object was found, but ${left.length === 1 ? 'a CRD is' : 'CRDs are'} still installed: ${left.join(', ')}.`,
      hint: 'kubectl infpool cleanup --crds',
    });
  return findings;
}
