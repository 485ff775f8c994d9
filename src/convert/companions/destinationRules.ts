import { canonicalJson } from '../../api/json.ts';
import type { KubeObject } from '../../api/object.ts';
import { describeRef, refKey, refOf } from '../../api/ref.ts';
import { destinationRuleReferences, pickerServiceOf } from '../../inventory/destinationRules.ts';
import { defaultTargetName } from '../../inventory/pairs.ts';
import { covers } from '../../api/covers.ts';
import { carriedMetadata } from '../metadata.ts';
import { carriedOver, created, differs, type CompanionPair, type Companions } from './companion.ts';

/**
 * Istio's DestinationRule for the new endpoint picker: ext_proc goes over TLS, and without a rule that says so every request
 * of the v1 pool fails. The chart makes one with provider istio; what a user set besides is carried over to it.
 */
export function destinationRuleCompanions(
  pairs: readonly CompanionPair[],
  rules: readonly KubeObject[],
): Companions {
  const pools = pairs.flatMap(({ alpha, v1 }) => [alpha, v1]);
  const references = destinationRuleReferences(rules, pools);
  const byKey = new Map(rules.map((rule) => [refKey(refOf(rule)), rule]));
  const rulesOf = (pool: KubeObject) =>
    references.flatMap((reference) =>
      refKey(reference.pool) === refKey(refOf(pool)) ? (byKey.get(refKey(reference.from)) ?? []) : [],
    );
  const names = new Set(byKey.keys());
  const all = pairs.flatMap((pair) => {
    const there = rulesOf(pair.v1);
    return rulesOf(pair.alpha).map((rule) => companionOf(rule, there[0], pair, names));
  });
  return {
    companions: all.flatMap((one) => one.companions),
    findings: all.flatMap((one) => one.findings),
  };
}

function companionOf(
  rule: KubeObject,
  live: KubeObject | undefined,
  pair: CompanionPair,
  names: Set<string>,
): Companions {
  const chart = pair.chartMakes.find(({ kind }) => kind === rule.kind);
  const reason = `what ${describeRef(refOf(rule))} says for the alpha endpoint picker, for the v1 one`;
  const { host, ...settings } = rule['spec'] as { host: string } & Record<string, unknown>;
  if (live) {
    if (covers(live['spec'], settings)) return { companions: [], findings: [] };
    const asMade = chart && canonicalJson(chart['spec']) === canonicalJson(live['spec']);
    if (!asMade) return { companions: [], findings: [differs(live, rule)] };
    return { companions: [carriedOver(like(rule, live, settings), live, reason)], findings: [] };
  }
  if (chart && pair.byChart) {
    if (covers(chart['spec'], settings)) return { companions: [], findings: [] };
    return { companions: [carriedOver(like(rule, chart, settings), null, reason)], findings: [] };
  }
  const [alphaService, v1Service] = [pickerServiceOf(pair.alpha), pickerServiceOf(pair.v1)];
  const usual = rule.metadata.name === alphaService ? v1Service : defaultTargetName(rule.metadata.name);
  const key = (name: string) => refKey({ ...refOf(rule), name });
  const name = [usual, v1Service, `${v1Service}-${rule.metadata.name}`].find((one) => !names.has(key(one)))!;
  names.add(key(name));
  const manifest: KubeObject = {
    apiVersion: rule.apiVersion,
    kind: rule.kind,
    metadata: carriedMetadata(rule.metadata, name),
    // The host as it was written, short or long, with the new Service in its place.
    spec: { ...rule['spec'], host: `${v1Service}${host.slice(alphaService.length)}` },
  };
  return { companions: [created(manifest, reason)], findings: [] };
}

function like(rule: KubeObject, made: KubeObject, settings: Record<string, unknown>): KubeObject {
  return {
    apiVersion: made.apiVersion,
    kind: made.kind,
    metadata: carriedMetadata(
      { ...rule.metadata, ...(made.metadata.namespace ? { namespace: made.metadata.namespace } : {}) },
      made.metadata.name,
    ),
    spec: { host: made['spec'].host as string, ...settings },
  };
}
