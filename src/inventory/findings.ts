import type { Finding } from '../api/finding.ts';
import { shellWord } from '../api/shellWord.ts';
import { inNamespace, kubectl } from '../api/kubectl.ts';
import type { FindingId } from '../api/ids.ts';
import type { CrdEntry, ModelEntry, PoolEntry, Relation, Verdict } from '../api/inventory.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread, listOf, type Snapshot } from '../api/read.ts';
import { describeRef, qualifiedRef, refKey, refOf } from '../api/ref.ts';
import { ALPHA_GROUP, ALPHA_POOL, MODEL, qualifiedName, V1_POOL } from '../api/resource.ts';
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
      message: `An InferencePool of this name exists in both groups. "kubectl get inferencepools ${shellWord(pool.metadata.name)}" shows one of them only.`,
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
        hint: `Say which: kubectl annotate${inNamespace(pool.metadata.namespace)} ${qualifiedName(V1_POOL)}/NAME ${shellWord(`kubectl-infpool/migrated-from=${pool.metadata.name}`)}`,
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
      hint: `If nothing needs it: ${kubectl('delete', model.ref)}`,
    }));
}

// Requests go to the first two; the others are only left over.
const STRAY: Partial<Record<Relation, { id: FindingId; severity: Finding['severity']; so: string }>> = {
  backendRef: { id: 'backend-not-found', severity: 'warning', so: 'requests for it fail' },
  mirror: { id: 'backend-not-found', severity: 'warning', so: 'nothing is mirrored' },
  grant: { id: 'reference-to-nothing', severity: 'info', so: 'the entry does nothing' },
  policyTarget: { id: 'reference-to-nothing', severity: 'info', so: 'it holds for nothing' },
};

function strayReferences({ snapshot, references, alphaPools }: Facts): Finding[] {
  if (isUnread(listOf(snapshot, ALPHA_POOL))) return [];
  const there = new Set(alphaPools.map((pool) => refKey(refOf(pool))));
  return references.flatMap(({ from, path, pool, relation }) => {
    const kind = STRAY[relation];
    if (!kind || pool.group !== ALPHA_GROUP || pool.name === '' || there.has(refKey(pool))) return [];
    if (snapshot.namespace !== '' && pool.namespace !== snapshot.namespace) return [];
    return [
      {
        id: kind.id,
        severity: kind.severity,
        ref: from,
        field: path,
        message: `It points at ${describeRef(pool)}, which is not there; ${kind.so}.`,
        hint: `Look at it: ${kubectl('get', from)} -o yaml`,
      },
    ];
  });
}

function crdFindings({ snapshot, crds, verdict }: Facts): Finding[] {
  const findings: Finding[] = [];
  const installed = (name: string) => crds.find((crd) => crd.name === name)?.state === 'installed';
  const hidden = new Set<string>();
  for (const resource of [ALPHA_POOL, MODEL, V1_POOL]) {
    const name = qualifiedName(resource);
    if (!installed(name) || listOf(snapshot, resource).state !== 'notInstalled') continue;
    hidden.add(name);
    findings.push({
      id: 'version-not-served',
      severity: 'warning',
      ref: null,
      field: name,
      message: `The CRD ${name} is installed, but ${resource.version} is not served.`,
      hint: `Look at spec.versions: kubectl get customresourcedefinitions.apiextensions.k8s.io ${name} -o yaml`,
    });
  }
  // What may hold objects that were not seen is not called empty.
  const left = ALPHA_CRDS.filter((name) => installed(name) && !hidden.has(name));
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
