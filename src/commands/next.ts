import type { Inventory, PoolEntry } from '../api/inventory.ts';
import { refKey, refOf } from '../api/ref.ts';
import { ALPHA_GROUP, HTTP_ROUTE } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { shellWord } from '../report/text.ts';
import { decideStrategy } from '../traffic/strategy.ts';
import { gatewaysOf } from '../verify/verify.ts';

/**
 * What to run next for a pool, ready to paste; '' when nothing is left to do. `repeat` are the connection flags used. Only
 * where the Inventory is of the `whole` cluster can it say that the CRDs may go.
 */
export function nextCommand(entry: PoolEntry, inventory: Inventory, repeat: string, whole = true): string {
  const flags = `-n ${shellWord(entry.ref.namespace)}${repeat}`;
  const pool = shellWord(entry.ref.name);
  switch (entry.phase) {
    case 'Preview':
      return `kubectl infpool convert ${pool} --apply ${flags}`;
    case 'Parallel':
      return isRouted(entry)
        ? splitTo(isAllOrNothing(entry, inventory) ? 100 : 10, entry, repeat)
        : `kubectl infpool cleanup ${pool} ${ownerFlag(entry)}${flags}`;
    case 'Splitting':
      return splitTo(nextShare(entry.trafficPercentV1 ?? 0), entry, repeat);
    case 'Switched':
      return `kubectl infpool cleanup ${pool} ${ownerFlag(entry)}${whole && isLast(entry, inventory) ? '--crds ' : ''}${flags}`;
    case 'Done':
      return whole && crdsLeft(inventory) ? `kubectl infpool cleanup --crds${repeat}` : '';
  }
}

function isRouted(entry: PoolEntry): boolean {
  return entry.references.some(({ relation }) => relation === 'backendRef' || relation === 'mirror');
}

// A controller that serves one group only, or one pool a rule, takes no share between 0 and 100 percent.
function isAllOrNothing({ references }: PoolEntry, inventory: Inventory): boolean {
  const mine = new Set(references.map(({ from }) => refKey(from)));
  const routes = objectsOf(inventory, HTTP_ROUTE).filter((route) => mine.has(refKey(refOf(route))));
  const named = new Set(routes.flatMap(gatewaysOf).map(refKey));
  const gateways = inventory.gateways.filter((gateway) => named.has(refKey(gateway.ref)));
  return decideStrategy('auto', 100, gateways).strategy === 'swap';
}

function ownerFlag(entry: PoolEntry): string {
  return entry.owner?.kind === 'Helm' ? '--helm-uninstall ' : '';
}

// With the last alpha pool and its models the two alpha CRDs can go, too.
function isLast(entry: PoolEntry, { pools, models, crds }: Inventory): boolean {
  const others = pools.filter((pool) => pool.phase !== 'Done' && refKey(pool.ref) !== refKey(entry.ref));
  return others.length === 0 && models.length === entry.models.length && crds.length > 0;
}

function nextShare(percent: number): number {
  return percent < 50 ? 50 : 100;
}

// Routes of other namespaces are reached by -A only; the pool then needs its namespace in its name.
function splitTo(percent: number, { ref, references, referencesV1 }: PoolEntry, repeat: string): string {
  const elsewhere = [...references, ...referencesV1].some(
    ({ from, relation }) =>
      (relation === 'backendRef' || relation === 'mirror') && from.namespace !== ref.namespace,
  );
  const pool = elsewhere ? `${ref.namespace}/${ref.name}` : ref.name;
  const scope = elsewhere ? '-A' : `-n ${shellWord(ref.namespace)}`;
  return `kubectl infpool split --pool ${shellWord(pool)} ${percent} ${scope}${repeat}`;
}

function crdsLeft({ crds, pools, models }: Inventory): boolean {
  const busy = models.length > 0 || pools.some((pool) => pool.phase !== 'Done');
  const alpha = [`inferencepools.${ALPHA_GROUP}`, `inferencemodels.${ALPHA_GROUP}`];
  return !busy && crds.some((crd) => alpha.includes(crd.name) && crd.state === 'installed');
}
