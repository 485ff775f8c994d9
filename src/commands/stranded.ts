import { UserError } from '../api/errors.ts';
import type { Inventory } from '../api/inventory.ts';
import { inNamespace } from '../api/kubectl.ts';
import { describeRef } from '../api/ref.ts';
import { danglingRoutes } from './recalled.ts';

/**
 * That no alpha pool is left is no success while routes still name one.
 * @param namespace of the pools; '' for all
 * @throws UserError that says how to go on, and how to go back
 */
export function requireNoneStranded(inventory: Inventory, namespace: string): void {
  const stranded = danglingRoutes(inventory).filter(
    ({ pool }) => namespace === '' || pool.namespace === namespace,
  );
  const [first] = stranded;
  if (!first) return;
  const more = stranded.length > 1 ? ` So do ${stranded.length - 1} more.` : '';
  throw new UserError(
    `${describeRef(first.route)} still sends to ${describeRef(first.pool)}, which is not there: those requests fail.${more} If a migration was interrupted here, its backup (infpool-backup-….yaml) is what goes on from.`,
    {
      hint: `To go on: the same command with --simple, in the folder of the backup, or with --backup FILE. To go back: kubectl infpool restore -f FILE${inNamespace(namespace)}`,
    },
  );
}
