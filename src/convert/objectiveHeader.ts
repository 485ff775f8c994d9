import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import { MODEL_REWRITE_HEADER, OBJECTIVE_HEADER } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { qualifiedRef, refKey, refOf } from '../api/ref.ts';
import { poolTarget, rulesOf, type RouteRule } from '../inventory/backendRefs.ts';
import type { Release } from './releases.ts';

/** A route, and what it is with the headers. */
export interface HeaderChange {
  readonly route: KubeObject;
  readonly after: KubeObject;
}

export interface HeaderChanges {
  readonly changes: readonly HeaderChange[];
  readonly findings: readonly Finding[];
}

interface Header {
  readonly name: string;
  readonly value: string;
}

interface HeaderFilter {
  type?: string;
  requestHeaderModifier?: { set?: Header[]; add?: Header[]; remove?: string[] };
}

/**
 * The headers that v1 goes by, set on the rules that carry exactly one model: the objective's, and the model's where it is
 * sent on under one other name and the release reads no InferenceModelRewrite. The alpha endpoint picker ignores both, so they
 * can be there before any traffic moves. `modelsOf` has the InferenceModels of every pool of either group, by its refKey, as
 * all models of a rule count; only rules that name one of `pools` are changed.
 */
export function headerChanges(
  routes: readonly KubeObject[],
  modelsOf: ReadonlyMap<string, readonly KubeObject[]>,
  release: Release,
  pools: ReadonlySet<string> = new Set(modelsOf.keys()),
): HeaderChanges {
  const findings: Finding[] = [];
  const changes = routes.flatMap((route): HeaderChange[] => {
    let changed = false;
    const rules = rulesOf(route).map((rule, index) => {
      const models = modelsOfRule(rule, route, modelsOf, pools);
      const [model, ...others] = models;
      if (!model) return rule;
      if (others.length > 0) {
        findings.push(severalModels(route, index, models));
        return rule;
      }
      const result = withHeaders(rule, headersFor(model, release));
      if ('conflict' in result) {
        findings.push(conflict(route, index, result.conflict, model));
        return rule;
      }
      changed ||= result.rule !== rule;
      return result.rule;
    });
    return changed ? [{ route, after: { ...route, spec: { ...route['spec'], rules } } }] : [];
  });
  return { changes, findings };
}

function modelsOfRule(
  rule: RouteRule,
  route: KubeObject,
  modelsOf: ReadonlyMap<string, readonly KubeObject[]>,
  pools: ReadonlySet<string>,
): KubeObject[] {
  const named = (rule.backendRefs ?? []).flatMap((backend) => {
    const pool = poolTarget(backend, route.metadata.namespace ?? '');
    return pool ? [refKey(pool)] : [];
  });
  if (!named.some((key) => pools.has(key))) return [];
  return [...new Set(named.flatMap((key) => modelsOf.get(key) ?? []))];
}

function headersFor(model: KubeObject, release: Release): Header[] {
  const { modelName, targetModels = [] } = (model['spec'] ?? {}) as {
    modelName?: string;
    targetModels?: { name: string }[];
  };
  const [target, ...more] = targetModels;
  const renamed = target && more.length === 0 && target.name !== modelName && !release.rewrites;
  return [
    { name: OBJECTIVE_HEADER, value: model.metadata.name },
    ...(renamed ? [{ name: MODEL_REWRITE_HEADER, value: target.name }] : []),
  ];
}

/** A rule may have one RequestHeaderModifier only, so an existing one is added to; a header that is set otherwise stays. */
function withHeaders(rule: RouteRule, wanted: readonly Header[]): { rule: RouteRule } | { conflict: Header } {
  const filters = (rule.filters ?? []) as HeaderFilter[];
  const at = filters.findIndex(({ type }) => type === 'RequestHeaderModifier');
  const modifier = filters[at]?.requestHeaderModifier ?? {};
  const known = [...(modifier.set ?? []), ...(modifier.add ?? [])];
  const missing: Header[] = [];
  for (const header of wanted) {
    const there = known.find(({ name }) => name.toLowerCase() === header.name);
    if (there && there.value !== header.value) return { conflict: there };
    if (!there) missing.push(header);
  }
  if (missing.length === 0) return { rule };
  const filter: HeaderFilter = {
    ...(filters[at] ?? { type: 'RequestHeaderModifier' }),
    requestHeaderModifier: { ...modifier, set: [...(modifier.set ?? []), ...missing] },
  };
  return {
    rule: { ...rule, filters: at < 0 ? [...filters, filter] : filters.with(at, filter) },
  };
}

function look(route: KubeObject): string {
  return `${kubectl('get', refOf(route))} -o yaml`;
}

function severalModels(route: KubeObject, index: number, models: readonly KubeObject[]): Finding {
  return {
    id: 'objective-header-several-models',
    severity: 'warning',
    ref: refOf(route),
    field: `spec.rules[${index}]`,
    message: `It carries ${models.length} models (${models.map(({ metadata }) => metadata.name).join(', ')}), so no header can be set for all of its requests.`,
    hint: `Let clients send "${OBJECTIVE_HEADER}: NAME", or give each model a rule of its own: ${look(route)}`,
  };
}

function conflict(route: KubeObject, index: number, there: Header, model: KubeObject): Finding {
  return {
    id: 'objective-header-taken',
    severity: 'warning',
    ref: refOf(route),
    field: `spec.rules[${index}].filters`,
    message: `It sets ${there.name} to "${there.value}" already; for ${qualifiedRef(refOf(model))} it would be another. It is kept as it is.`,
    hint: `Look at it: ${look(route)}`,
  };
}
