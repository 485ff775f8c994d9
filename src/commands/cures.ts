import type { Finding } from '../api/finding.ts';
import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { MODEL_REWRITE_HEADER } from '../api/names.ts';
import { refKey, sameRef } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { objectOf, objectsOf } from '../inventory/build.ts';
import { referencesOf } from '../inventory/references.ts';
import { headerTowards } from '../traffic/headers.ts';

/**
 * A lost targetModels is cured where every way to the pool already sets the header that v1 goes by, to one of the
 * targets: the finding then says so instead of standing in the way.
 */
export function withCures(
  findings: readonly Finding[],
  pools: readonly PoolEntry[],
  inventory: Inventory,
): Finding[] {
  return findings.map((finding) => {
    if (finding.id !== 'target-models-lost' || !finding.ref) return finding;
    const model = finding.ref;
    const entry = pools.find((candidate) => candidate.models.some((other) => sameRef(other, model)));
    const targets = ((objectOf(inventory, model)?.['spec']?.targetModels ?? []) as { name: string }[]).map(
      ({ name }) => name,
    );
    const values = entry ? headerValues(entry, inventory) : [];
    if (values.length === 0 || !values.every((value) => targets.includes(value))) return finding;
    return {
      ...finding,
      id: 'target-models-by-header',
      severity: 'info',
      message: `Its route sets ${MODEL_REWRITE_HEADER} to "${values.join('", "')}", which the v1 endpoint picker goes by in place of targetModels.`,
      hint: '',
    };
  });
}

function headerValues(entry: PoolEntry, inventory: Inventory): string[] {
  const key = refKey(entry.ref);
  const routes = objectsOf(inventory, HTTP_ROUTE).filter((route) =>
    referencesOf(route).some(({ pool }) => refKey(pool) === key),
  );
  return [...new Set(routes.flatMap((route) => [...headerTowards(route, entry.ref, MODEL_REWRITE_HEADER)]))];
}
