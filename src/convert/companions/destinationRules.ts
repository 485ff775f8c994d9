import { canonicalJson } from '../../api/json.ts';
import type { KubeObject } from '../../api/object.ts';
import { describeRef, refKey, refOf } from '../../api/ref.ts';
import { destinationRuleReferences, pickerServiceOf } from '../../inventory/destinationRules.ts';
import { defaultTargetName } from '../../inventory/pairs.ts';
import { covers } from '../../api/covers.ts';
import { carriedMetadata } from '../metadata.ts';
import {
  carriedOver,
  claims,
  created,
  differs,
  freeName,
  type Companion,
  type CompanionPair,
  type Companions,
} from './companion.ts';

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
  const all = pairs.flatMap((pair) => companionsOf(rulesOf(pair.alpha), rulesOf(pair.v1), pair, names));
  return {
    companions: all.flatMap((one) => one.companions),
    findings: all.flatMap((one) => one.findings),
  };
}

function companionsOf(
  rules: readonly KubeObject[],
  there: readonly KubeObject[],
  pair: CompanionPair,
  names: Set<string>,
): Companions[] {
  const service = pickerServiceOf(pair.v1);
  // Another kind of picker is nothing that a host can name; the same picker has its rule.
  if (service === '' || service === pickerServiceOf(pair.alpha)) return [];
  const claimed = claimsOf(rules, there, pair);
  const open = rules.filter((rule) => !claimed.has(rule));
  const chart = pair.byChart ? pair.chartMakes.find(isRule) : undefined;
  const forChart = chart && ruleForChart(open, chart, pair);
  if (chart) names.add(refKey(refOf(chart)));
  return rules.map((rule) => {
    const live = claimed.get(rule);
    if (live) return beside(rule, live, pair);
    if (!chart || rule !== forChart) return only(created(twin(rule, pair, names), reasonFor(rule)));
    if (covers(chart['spec'], settingsOf(rule))) return NOTHING;
    return only(carriedOver(like(rule, chart), null, reasonFor(rule)));
  });
}

/**
 * Which of the v1 picker's rules stands for which of the alpha one's: what says the same, before what has only the name
 * for it, before any. Istio looks for rules in the client's namespace first, so one of another namespace stands for none.
 */
function claimsOf(
  rules: readonly KubeObject[],
  there: readonly KubeObject[],
  pair: CompanionPair,
): Map<KubeObject, KubeObject> {
  const near = (rule: KubeObject, live: KubeObject) => sameNamespace(rule, live);
  const named = (rule: KubeObject, live: KubeObject) =>
    near(rule, live) && live.metadata.name === usualName(rule, pair);
  const same = (rule: KubeObject, live: KubeObject) =>
    near(rule, live) && covers(live['spec'], settingsOf(rule));
  const both = (rule: KubeObject, live: KubeObject) => named(rule, live) && same(rule, live);
  return claims(rules, there, [both, same, named, near]);
}

/** The one rule whose settings go over the chart's; of several for one Service the others get a twin each. */
function ruleForChart(
  rules: readonly KubeObject[],
  chart: KubeObject,
  pair: CompanionPair,
): KubeObject | undefined {
  const near = rules.filter((rule) => sameNamespace(rule, chart));
  return (
    near.find((rule) => covers(chart['spec'], settingsOf(rule))) ??
    near.find((rule) => rule.metadata.name === pickerServiceOf(pair.alpha)) ??
    near[0]
  );
}

const NOTHING: Companions = { companions: [], findings: [] };

function only(companion: Companion): Companions {
  return { companions: [companion], findings: [] };
}

// A rule for the v1 picker is there.
function beside(rule: KubeObject, live: KubeObject, pair: CompanionPair): Companions {
  if (covers(live['spec'], settingsOf(rule))) return NOTHING;
  const chart = pair.chartMakes.find(isRule);
  const asMade = chart && canonicalJson(chart['spec']) === canonicalJson(live['spec']);
  if (!asMade) return { companions: [], findings: [differs(live, rule)] };
  return only(carriedOver(like(rule, live), live, reasonFor(rule)));
}

function twin(rule: KubeObject, pair: CompanionPair, names: Set<string>): KubeObject {
  const [alphaService, service] = [pickerServiceOf(pair.alpha), pickerServiceOf(pair.v1)];
  const key = (name: string) => refKey({ ...refOf(rule), name });
  const candidates = [usualName(rule, pair), service, `${service}-${rule.metadata.name}`];
  const name = freeName(candidates, (one) => names.has(key(one)));
  names.add(key(name));
  return {
    apiVersion: rule.apiVersion,
    kind: rule.kind,
    metadata: carriedMetadata(rule.metadata, name),
    // The host as it was written, short or long, with the new Service in its place.
    spec: { ...rule['spec'], host: `${service}${hostOf(rule).slice(alphaService.length)}` },
  };
}

function like(rule: KubeObject, made: KubeObject): KubeObject {
  return {
    apiVersion: made.apiVersion,
    kind: made.kind,
    metadata: carriedMetadata(
      { ...rule.metadata, ...(made.metadata.namespace ? { namespace: made.metadata.namespace } : {}) },
      made.metadata.name,
    ),
    spec: { host: hostOf(made), ...settingsOf(rule) },
  };
}

function usualName(rule: KubeObject, pair: CompanionPair): string {
  return rule.metadata.name === pickerServiceOf(pair.alpha)
    ? pickerServiceOf(pair.v1)
    : defaultTargetName(rule.metadata.name);
}

function settingsOf(rule: KubeObject): Record<string, unknown> {
  const { host: _, ...settings } = rule['spec'] as Record<string, unknown>;
  return settings;
}

function hostOf(rule: KubeObject): string {
  return (rule['spec'] as { host: string }).host;
}

function isRule({ kind }: KubeObject): boolean {
  return kind === 'DestinationRule';
}

function sameNamespace(a: KubeObject, b: KubeObject): boolean {
  return (a.metadata.namespace ?? '') === (b.metadata.namespace ?? '');
}

function reasonFor(rule: KubeObject): string {
  return `what ${describeRef(refOf(rule))} says for the alpha endpoint picker, for the v1 one`;
}
