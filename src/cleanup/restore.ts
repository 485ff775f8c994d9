import type { CreateStep } from '../api/plan.ts';
import type { KubeObject } from '../api/object.ts';
import { refOf } from '../api/ref.ts';
import { backupOf } from './backup.ts';

/** A step for each object of a backup, in the backup's order, which is the one that works. */
export function planRestore(objects: readonly KubeObject[]): CreateStep[] {
  return objects.flatMap((object) => {
    const manifest = backupOf(object);
    return manifest
      ? [{ action: 'create' as const, ref: refOf(object), reason: 'from the backup', manifest }]
      : [];
  });
}
