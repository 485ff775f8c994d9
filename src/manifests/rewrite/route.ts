import type { KubeObject } from '../../api/object.ts';
import { refOf } from '../../api/ref.ts';
import type { Change } from './change.ts';
import type { Path } from './edits.ts';
import { isAlpha, isV1, listAt, pathText, References, type Target } from './references.ts';
import type { Targets } from './targets.ts';

/** backendRefs and mirrors of an HTTPRoute. */
export function routeChange(route: KubeObject, targets: Targets): Change {
  const references = new References(route, targets);
  for (const [index, rule] of listAt(route['spec']?.rules).entries()) {
    const path = ['spec', 'rules', index];
    mirrors(rule?.filters, path, references);
    backendRefs(route, listAt(rule?.['backendRefs']), [...path, 'backendRefs'], references);
  }
  return references.change();
}

function mirrors(filters: unknown, path: Path, references: References): void {
  for (const [index, filter] of listAt(filters).entries()) {
    const mirror = filter?.['requestMirror'] as { backendRef?: Target } | undefined;
    references.point(mirror?.backendRef, [...path, 'filters', index, 'requestMirror', 'backendRef']);
  }
}

function backendRefs(route: KubeObject, refs: readonly Target[], path: Path, references: References): void {
  const namespaceOf = (target: Target) => target.namespace ?? route.metadata.namespace ?? '';
  // Alpha refs by the index of the v1 ref, in the same rule, that takes their share.
  const merged = new Map<number, Target[]>();
  for (const [index, target] of refs.entries()) {
    const at = [...path, index];
    if (!isAlpha(target)) {
      mirrors(target?.filters, at, references);
      continue;
    }
    const name = references.nameFor(target, at);
    const v1 = refs.findIndex(
      (other) => isV1(other) && other.name === name && namespaceOf(other) === namespaceOf(target),
    );
    if (name === undefined || v1 < 0) {
      if (name !== undefined) references.set(target, at, name);
      mirrors(target.filters, at, references);
      continue;
    }
    references.edits.push({ op: 'remove', path: at });
    merged.set(v1, [...(merged.get(v1) ?? []), target]);
    if (JSON.stringify(target.filters ?? []) !== JSON.stringify(refs[v1]!.filters ?? []))
      references.findings.push(filtersGone(route, at));
  }
  for (const [index, alphas] of merged) addWeight(refs[index]!, alphas, [...path, index], references);
}

// The v1 ref gets what both had. Gateway API: a weight that is not written is 1.
function addWeight(v1: Target, alphas: readonly Target[], path: Path, references: References): void {
  const all = [v1, ...alphas];
  if (all.every(({ weight }) => weight === undefined)) return;
  const sum = all.reduce((total, { weight }) => total + (typeof weight === 'number' ? weight : 1), 0);
  if (v1.weight === undefined)
    references.edits.push({
      op: 'add',
      path,
      key: 'weight',
      value: sum,
      after: ['group', 'kind', 'name', 'namespace', 'port'],
    });
  else if (v1.weight !== sum) references.edits.push({ op: 'set', path: [...path, 'weight'], value: sum });
}

function filtersGone(route: KubeObject, path: Path) {
  return {
    id: 'backend-filters-differ' as const,
    severity: 'warning' as const,
    ref: refOf(route),
    field: pathText([...path, 'filters']),
    message:
      'The alpha backendRef has other filters than the v1 one of the same rule. The v1 one was kept, with its own filters.',
    hint: 'Look at both in git diff, and copy the filters that requests to the v1 pool need.',
  };
}
