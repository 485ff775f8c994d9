import type { KubeObject } from '../../api/object.ts';
import { V1_GROUP } from '../../api/resource.ts';
import type { Change } from './change.ts';
import { isAlpha, isV1, listAt, References } from './references.ts';
import type { Targets } from './targets.ts';

/** `spec.to` of a ReferenceGrant. An entry without a name is for every pool of the grant's namespace. */
export function grantChange(grant: KubeObject, targets: Targets): Change {
  const references = new References(grant, targets);
  const namespace = grant.metadata.namespace ?? '';
  const entries = listAt(grant['spec']?.to);
  const granted = new Set(entries.filter(isV1).map(({ name }) => name));
  for (const [index, entry] of entries.entries()) {
    if (!isAlpha(entry)) continue;
    const path = ['spec', 'to', index];
    if (entry.name === undefined && !targets.anyPool(namespace)) {
      references.left(namespace, '', path);
      continue;
    }
    const name = entry.name === undefined ? undefined : references.nameFor({ ...entry, namespace }, path);
    if (entry.name !== undefined && name === undefined) continue;
    if (granted.has(name)) references.edits.push({ op: 'remove', path });
    else if (name === undefined)
      references.edits.push({ op: 'set', path: [...path, 'group'], value: V1_GROUP });
    else references.set(entry, path, name);
    granted.add(name);
  }
  return references.change();
}
