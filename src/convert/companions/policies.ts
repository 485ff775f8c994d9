import { canonicalJson } from '../../api/json.ts';
import type { KubeObject } from '../../api/object.ts';
import { describeRef, refKey, refOf } from '../../api/ref.ts';
import { V1_GROUP } from '../../api/resource.ts';
import { defaultTargetName } from '../../inventory/pairs.ts';
import { referencesOf } from '../../inventory/references.ts';
import { alphaChartPolicies } from '../chartObjects.ts';
import { covers } from '../../api/covers.ts';
import { carriedMetadata } from '../metadata.ts';
import {
  carriedOver,
  claims,
  created,
  differs,
  freeName,
  patched,
  type Companion,
  type CompanionPair,
  type Companions,
} from './companion.ts';

interface TargetRef {
  group?: string;
  kind?: string;
  name?: string;
}

/**
 * GKE's policies for the v1 pools: a policy with one target gets a twin, one with a list gets the v1 pool as another
 * target. What the chart makes by itself is not made twice, but what a user changed in it is carried over.
 */
export function policyCompanions(
  pairs: readonly CompanionPair[],
  policies: readonly KubeObject[],
): Companions {
  const byPool = new Map<string, KubeObject[]>();
  for (const policy of policies)
    for (const key of new Set(referencesOf(policy).map(({ pool }) => refKey(pool))))
      byPool.set(key, [...(byPool.get(key) ?? []), policy]);
  const names = new Set(policies.map(nameKey));
  const lists = new Map<KubeObject, TargetRef[]>();
  const all: Companions[] = [];
  for (const pair of pairs) {
    const there = byPool.get(refKey(refOf(pair.v1))) ?? [];
    const mine = byPool.get(refKey(refOf(pair.alpha))) ?? [];
    const claimed = claims(
      mine.filter((policy) => policy['spec']?.targetRef),
      there,
      [
        (policy, live) => policy.kind === live.kind && covers(live['spec'], retargeted(policy, pair)),
        (policy, live) => policy.kind === live.kind,
      ],
    );
    for (const policy of mine) {
      if (!policy['spec']?.targetRef) {
        if (there.includes(policy)) continue;
        const other = there.find(({ kind }) => kind === policy.kind);
        // Two of a kind for one target are in conflict on GKE, and the older one wins.
        if (other) all.push(besideList(policy, other));
        else lists.set(policy, [...(lists.get(policy) ?? []), targetOf(policy, pair)]);
        continue;
      }
      const like = claimed.get(policy) ?? there.find(({ kind }) => kind === policy.kind);
      all.push(like ? beside(policy, like, pair) : twin(policy, pair, names));
    }
  }
  return {
    companions: [...all.flatMap((one) => one.companions), ...[...lists].map(moreTargets)],
    findings: all.flatMap((one) => one.findings),
  };
}

const NOTHING: Companions = { companions: [], findings: [] };

function only(companion: Companion): Companions {
  return { companions: [companion], findings: [] };
}

// A policy of this kind targets the v1 pool already.
function beside(policy: KubeObject, live: KubeObject, pair: CompanionPair): Companions {
  const wanted = retargeted(policy, pair);
  if (covers(live['spec'], wanted) || isDefault(policy, pair)) return NOTHING;
  const chart = pair.chartMakes.find((made) => refKey(refOf(made)) === refKey(refOf(live)));
  // As the chart made it, in a run that ended before the user's own settings were carried over.
  if (chart && canonicalJson(chart['spec']) === canonicalJson(live['spec']))
    return only(
      carriedOver(named(policy, live.metadata.name, paced(wanted, chart)), live, reasonFor(policy)),
    );
  return { companions: [], findings: [differs(live, policy)] };
}

function besideList(policy: KubeObject, live: KubeObject): Companions {
  const { targetRefs: _, ...settings } = policy['spec'] as Record<string, unknown>;
  return covers(live['spec'], settings) ? NOTHING : { companions: [], findings: [differs(live, policy)] };
}

function twin(policy: KubeObject, pair: CompanionPair, names: Set<string>): Companions {
  const wanted = retargeted(policy, pair);
  const chart = pair.byChart && pair.chartMakes.find(({ kind }) => kind === policy.kind);
  if (chart) {
    if (isDefault(policy, pair) || covers(chart['spec'], wanted)) return NOTHING;
    return only(
      carriedOver(named(policy, chart.metadata.name, paced(wanted, chart)), null, reasonFor(policy)),
    );
  }
  const { alpha, v1 } = pair;
  const usual =
    policy.metadata.name === alpha.metadata.name ? v1.metadata.name : defaultTargetName(policy.metadata.name);
  const key = (one: string) => nameKey({ ...policy, metadata: { ...policy.metadata, name: one } });
  const candidates = [usual, `${v1.metadata.name}-${policy.kind.toLowerCase()}`];
  const name = freeName(candidates, (one) => names.has(key(one)));
  names.add(key(name));
  return only(created({ ...named(policy, name, wanted) }, reasonFor(policy)));
}

interface Pace {
  default?: { timeoutSec?: number; checkIntervalSec?: number };
}

// What the user left unset is the chart's after merging; a probe must not take longer than the time between two of them.
// Source: compute.googleapis.com/v1 healthChecks, timeoutSec.
function paced(wanted: Record<string, unknown>, chart: KubeObject): Record<string, unknown> {
  const own = (wanted as Pace).default ?? {};
  const interval = (chart['spec'] as Pace).default?.checkIntervalSec;
  if (own.checkIntervalSec !== undefined || own.timeoutSec === undefined || interval === undefined)
    return wanted;
  if (own.timeoutSec <= interval) return wanted;
  return { ...wanted, default: { ...own, checkIntervalSec: own.timeoutSec } };
}

function nameKey(policy: KubeObject): string {
  return refKey(refOf(policy));
}

/** True where the alpha policy is what the alpha chart made, untouched: then the v1 chart's own defaults do. */
function isDefault(policy: KubeObject, { alpha }: CompanionPair): boolean {
  return alphaChartPolicies(alpha).some(
    (made) => made.kind === policy.kind && canonicalJson(made['spec']) === canonicalJson(policy['spec']),
  );
}

function retargeted(policy: KubeObject, pair: CompanionPair): Record<string, unknown> {
  const spec = policy['spec'] as { targetRef: TargetRef };
  return { ...spec, targetRef: { ...spec.targetRef, group: V1_GROUP, name: pair.v1.metadata.name } };
}

function named(policy: KubeObject, name: string, spec: Record<string, unknown>): KubeObject {
  return {
    apiVersion: policy.apiVersion,
    kind: policy.kind,
    metadata: carriedMetadata(policy.metadata, name),
    spec,
  };
}

function targetOf(policy: KubeObject, { alpha, v1 }: CompanionPair): TargetRef {
  const key = refKey(refOf(alpha));
  const at = referencesOf(policy).find(({ pool }) => refKey(pool) === key)!;
  const index = Number(/\[(\d+)\]$/.exec(at.path)![1]);
  const target = (policy['spec'] as { targetRefs: TargetRef[] }).targetRefs[index]!;
  return { ...target, group: V1_GROUP, name: v1.metadata.name };
}

function moreTargets([policy, targets]: [KubeObject, TargetRef[]]): Companion {
  const spec = policy['spec'] as { targetRefs: TargetRef[] };
  const after: KubeObject = { ...policy, spec: { ...spec, targetRefs: [...spec.targetRefs, ...targets] } };
  return patched(
    policy,
    after,
    targets.map((value) => ({ op: 'add', path: '/spec/targetRefs/-', value })),
    'it then holds for the v1 pool too',
  );
}

function reasonFor(policy: KubeObject): string {
  return `what ${describeRef(refOf(policy))} says for the alpha pool, for the v1 one`;
}
