import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf, type Ref } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { poolTarget, rulesOf, weightOf, type BackendRef, type RouteRule } from '../inventory/backendRefs.ts';
import { objectsOf } from '../inventory/build.ts';
import { mirrorsOf } from '../inventory/mirrors.ts';
import { referencesOf } from '../inventory/references.ts';
import { gatewaysOf } from '../verify/verify.ts';
import type { Drawing } from './drawing.ts';
import { someOf, type Line } from './picture.ts';
import { drawPool } from './pools.ts';

/** The routes that lead to the pools, by which Gateways, and where each of their rules sends its requests. */
export function drawRoutes(drawing: Drawing, detailed: boolean): void {
  const { inventory, pools } = drawing.scene;
  const wanted = new Set(
    pools.flatMap((entry) => [entry.ref, entry.v1].flatMap((one) => (one ? [refKey(one)] : []))),
  );
  for (const route of objectsOf(inventory, HTTP_ROUTE))
    if (referencesOf(route).some(({ pool }) => wanted.has(refKey(pool)))) drawRoute(drawing, route, detailed);
}

function drawRoute(drawing: Drawing, route: KubeObject, detailed: boolean): void {
  const self = refOf(route);
  const key = drawing.object(self, { kind: 'route', caption: 'HTTPRoute', lines: hostLines(route) });
  for (const gateway of gatewaysOf(route))
    drawing.edge(
      drawing.object(gateway, { kind: 'gateway', caption: 'Gateway', lines: gatewayLines(drawing, gateway) }),
      key,
      'parent',
    );
  const groups = rulesAlike(route);
  for (const { numbers, rule } of groups) {
    const words = rulesText(numbers);
    if (!detailed) {
      drawTargets(drawing, { from: key, route, rule, prefix: groups.length > 1 ? `${words}: ` : '' });
      continue;
    }
    const ruleKey = `rule ${key} ${numbers[0]}`;
    drawing.node({
      key: ruleKey,
      kind: 'rule',
      group: self.namespace,
      title: words,
      caption: numbers.length > 1 ? `${numbers.length} rules with the same backends` : 'rule',
      lines: matchLines(numbers.map((number) => rulesOf(route)[number]!)),
      trouble: [],
      doubt: [],
      names: [words],
    });
    drawing.edge(key, ruleKey, 'part');
    drawTargets(drawing, { from: ruleKey, route, rule, prefix: '' });
  }
}

interface Targets {
  readonly from: string;
  readonly route: KubeObject;
  readonly rule: RouteRule;
  readonly prefix: string;
}

function drawTargets(drawing: Drawing, { from, route, rule, prefix }: Targets): void {
  const namespace = route.metadata.namespace ?? '';
  const refs = rule.backendRefs ?? [];
  const total = refs.reduce((sum, one) => sum + weightOf(one), 0);
  for (const backend of refs)
    drawing.edge(
      from,
      drawBackend(drawing, backend, namespace),
      'traffic',
      `${prefix}${weightText(backend, total)}`,
    );
  for (const { pool } of mirrorsOf(rule, namespace))
    drawing.edge(from, drawPool(drawing, pool), 'mirror', `${prefix}mirror`);
}

function drawBackend(drawing: Drawing, backend: BackendRef, routeNamespace: string): string {
  const pool = poolTarget(backend, routeNamespace);
  if (pool) return drawPool(drawing, pool);
  const target: Ref = {
    group: backend.group ?? '',
    version: '',
    kind: backend.kind ?? 'Service',
    namespace: backend.namespace ?? routeNamespace,
    name: backend.name,
  };
  return drawing.object(target, { kind: 'backend', caption: target.kind });
}

/** `90%`, with the weight where it is another number. */
function weightText(backend: BackendRef, total: number): string {
  const weight = weightOf(backend);
  const percent = total === 0 ? 0 : (100 * weight) / total;
  const text = `${Number(percent.toFixed(1))}%`;
  return percent === weight || (percent === 100 && backend.weight === undefined)
    ? text
    : `${text} (weight ${weight})`;
}

interface RuleGroup {
  readonly numbers: number[];
  readonly rule: RouteRule;
}

// Rules that send the same shares to the same backends are drawn as one.
function rulesAlike(route: KubeObject): RuleGroup[] {
  const namespace = route.metadata.namespace ?? '';
  const groups = new Map<string, RuleGroup>();
  for (const [number, rule] of rulesOf(route).entries()) {
    const refs = (rule.backendRefs ?? []).map(({ group, kind, namespace: other, name, weight }) => [
      group,
      kind,
      other,
      name,
      weight,
    ]);
    const key = canonicalJson([refs, mirrorsOf(rule, namespace).map(({ pool }) => pool)]);
    const group = groups.get(key);
    if (group) group.numbers.push(number);
    else groups.set(key, { numbers: [number], rule });
  }
  return [...groups.values()];
}

/** `rule 0`, `rules 0–3, 7` */
function rulesText(numbers: readonly number[]): string {
  if (numbers.length === 1) return `rule ${numbers[0]}`;
  const spans: [number, number][] = [];
  for (const number of numbers) {
    const last = spans.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else spans.push([number, number]);
  }
  return `rules ${spans.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(', ')}`;
}

interface Match {
  path?: { type?: string; value?: string };
  headers?: { name?: string; value?: string }[];
  method?: string;
}

const MATCHES_SHOWN = 2;

function matchLines(rules: readonly RouteRule[]): Line[] {
  const matches = rules.flatMap((rule) => (Array.isArray(rule['matches']) ? rule['matches'] : [])) as Match[];
  const words = [...new Set(matches.map(matchText).filter((text) => text !== ''))];
  if (words.length <= MATCHES_SHOWN) return words.map((text) => ({ text, own: true }));
  return [...words.slice(0, MATCHES_SHOWN), `and ${words.length - MATCHES_SHOWN} more matches`].map(
    (text) => ({ text, own: true }),
  );
}

function matchText({ path, headers, method }: Match): string {
  return [
    method ?? '',
    path
      ? `${path.value ?? '/'}${path.type === 'Exact' ? '' : path.type === 'RegularExpression' ? ' (regex)' : '*'}`
      : '',
    ...(headers ?? []).map(({ name, value }) => `${name}: ${value}`),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function hostLines(route: KubeObject): Line[] {
  const hosts = (route['spec']?.hostnames ?? []) as string[];
  return hosts.length === 0 ? [] : [{ text: someOf(hosts.map(String), 2), own: true }];
}

function gatewayLines(drawing: Drawing, gateway: Ref): Line[] {
  const entry = drawing.scene.inventory.gateways.find(({ ref: other }) => refKey(other) === refKey(gateway));
  if (!entry) return [];
  const serves = { alpha: 'serves v1alpha2 only', v1: 'serves v1 only', both: 'serves both', unknown: '' }[
    entry.serves
  ];
  return [entry.controller, serves].filter((text) => text !== '').map((text) => ({ text }));
}
