import type { Finding } from '../api/finding.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { MODEL_REWRITE_HEADER, OBJECTIVE_HEADER } from '../api/names.ts';
import type { KubeObject } from '../api/object.ts';
import { refKey, refOf, sameRef } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import type { HeaderChange } from '../convert/objectiveHeader.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { referencesOf } from '../inventory/references.ts';
import { headerTowards } from '../traffic/headers.ts';

/**
 * A priority without its header, and a lost targetModels, are cured where every way to the pool already sets the header that
 * v1 goes by, or will: the finding then says so instead of standing in the way. A header holds for every request of its rule,
 * so that of a pool with several models cures none of them.
 */
export function withCures(
  findings: readonly Finding[],
  pools: readonly PoolEntry[],
  inventory: Inventory,
  planned: readonly HeaderChange[],
): Finding[] {
  const after = new Map(planned.map((change) => [refKey(refOf(change.route)), change.after]));
  const routes = objectsOf(inventory, HTTP_ROUTE).map((route) => after.get(refKey(refOf(route))) ?? route);
  return findings.map((finding) => {
    const cure = CURES[finding.id];
    const { ref } = finding;
    const entry = ref && pools.find(({ models }) => models.some((model) => sameRef(model, ref)));
    const model = entry && objectOf(inventory, ref);
    if (!cure || !model || entry.models.length !== 1) return finding;
    const values = headerValues(entry, routes, cure.header);
    if (values.length !== 1 || !cure.wanted(model).includes(values[0]!)) return finding;
    return { ...finding, hint: '', ...cure.finding(values[0]!, model) };
  });
}

interface Cure {
  readonly header: string;
  /** The values that cure it. */
  readonly wanted: (model: KubeObject) => readonly string[];
  readonly finding: (value: string, model: KubeObject) => Pick<Finding, 'id' | 'severity' | 'message'>;
}

const CURES: Readonly<Record<string, Cure>> = {
  'target-models-lost': {
    header: MODEL_REWRITE_HEADER,
    wanted: targetsOf,
    finding: (value, model) => {
      const others = targetsOf(model).filter((target) => target !== value);
      return {
        id: 'target-models-by-header',
        severity: others.length === 0 ? 'info' : 'warning',
        message: `Its route sets ${MODEL_REWRITE_HEADER} to "${value}", which the v1 endpoint picker goes by in place of targetModels.${others.length === 0 ? '' : ` The other targets (${others.join(', ')}) get no requests any more.`}`,
      };
    },
  },
  'objective-header': {
    header: OBJECTIVE_HEADER,
    wanted: (model) => [model.metadata.name],
    finding: (value) => ({
      id: 'objective-by-header',
      severity: 'info',
      message: `Its route sets ${OBJECTIVE_HEADER} to "${value}", by which v1 finds its priority.`,
    }),
  },
};

function targetsOf(model: KubeObject): string[] {
  return ((model['spec']?.targetModels ?? []) as { name: string }[]).map(({ name }) => name);
}

function headerValues(entry: PoolEntry, routes: readonly KubeObject[], header: string): string[] {
  const key = refKey(entry.ref);
  const theirs = routes.filter((route) => referencesOf(route).some(({ pool }) => refKey(pool) === key));
  return [...new Set(theirs.flatMap((route) => [...headerTowards(route, entry.ref, header)]))];
}
