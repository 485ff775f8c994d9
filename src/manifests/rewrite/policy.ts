import type { KubeObject } from '../../api/object.ts';
import type { Change } from './change.ts';
import { listAt, References, type Target } from './references.ts';
import type { Targets } from './targets.ts';

/** Any policy that is attached to pools, by the pattern that Gateway API has for it: `targetRef` or `targetRefs`. */
export function policyChange(policy: KubeObject, targets: Targets): Change {
  const references = new References(policy, targets);
  const spec = policy['spec'] as { targetRef?: Target; targetRefs?: unknown } | null | undefined;
  references.point(spec?.targetRef, ['spec', 'targetRef']);
  for (const [index, target] of listAt(spec?.targetRefs).entries())
    references.point(target, ['spec', 'targetRefs', index]);
  return references.change();
}
