import type { Check } from '../../src/api/verification.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { verifyPools } from '../../src/verify/verify.ts';
import { condition } from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

/** All checks of all pools of a cluster that holds these objects. */
export function verify(objects: KubeObject[], options: Parameters<typeof snapshot>[1] = {}): Check[] {
  const read = snapshot(objects, options);
  const inventory = buildInventory(read);
  return verifyPools(inventory.pools, inventory, read);
}

/** Those that did not pass, as `verdict id`. */
export function bad(checks: readonly Check[]): string[] {
  return checks
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
    .map(({ verdict, id }) => `${verdict} ${id}`);
}

export function off(type: string, reason: string) {
  return condition(type, 'False', { reason, message: 'why' });
}
