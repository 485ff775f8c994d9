import type { Finding } from '../api/finding.ts';
import { kubectl } from '../api/kubectl.ts';
import { canonicalJson } from '../api/json.ts';
import type { KubeObject } from '../api/object.ts';
import type { CreateStep, JsonPatchOperation, PatchStep, WaitStep } from '../api/plan.ts';
import { refKey, refOf } from '../api/ref.ts';
import { GCP_TRAFFIC_POLICY, REFERENCE_GRANT } from '../api/resource.ts';
import { covers } from '../api/covers.ts';
import { backupOf } from './backup.ts';

export interface RestorePlan {
  readonly steps: readonly (CreateStep | PatchStep | WaitStep)[];
  /** What is there with another content, and so stays. */
  readonly findings: readonly Finding[];
}

/**
 * A step for each object of a backup, in the backup's order, which is the one that works. `live` are those that are there:
 * they are never overwritten; of lists that a cleanup took entries from, the missing entries are added again. What is still
 * being deleted, as after a cleanup that was killed, is not there.
 */
export function planRestore(
  objects: readonly KubeObject[],
  live: ReadonlyMap<string, KubeObject> = new Map(),
): RestorePlan {
  const steps: (CreateStep | PatchStep | WaitStep)[] = [];
  const findings: Finding[] = [];
  for (const object of objects) {
    const manifest = backupOf(object);
    if (!manifest) continue;
    const found = live.get(refKey(refOf(object)));
    const there = found && !isLeaving(found) ? found : undefined;
    if (found && !there) steps.push(untilGone(found));
    const field = LISTS.get(object.kind);
    const entries = there && field ? missingEntries(there, manifest, field) : null;
    if (entries) steps.push(entries);
    else steps.push({ action: 'create', ref: refOf(object), reason: 'from the backup', manifest });
    if (there && !field && !covers(there, contentOf(manifest))) findings.push(differs(there));
  }
  return { steps, findings };
}

export function isLeaving({ metadata }: KubeObject): boolean {
  return metadata['deletionTimestamp'] !== undefined;
}

// To create it meanwhile is answered with "already exists".
function untilGone(object: KubeObject): WaitStep {
  return { action: 'wait', ref: refOf(object), reason: 'it is still being deleted', condition: 'gone' };
}

/** What cleanup may have taken entries from, instead of deleting it: the list of them, by kind. */
export const LISTS: ReadonlyMap<string, string> = new Map([
  [REFERENCE_GRANT.kind, 'to'],
  [GCP_TRAFFIC_POLICY.kind, 'targetRefs'],
]);

function missingEntries(live: KubeObject, backup: KubeObject, field: string): PatchStep | null {
  const entries = (object: KubeObject) => (object['spec']?.[field] ?? []) as unknown[];
  const there = new Set(entries(live).map(canonicalJson));
  const missing = entries(backup).filter((entry) => !there.has(canonicalJson(entry)));
  if (missing.length === 0) return null;
  const resourceVersion = live.metadata.resourceVersion ?? '';
  const additions = missing.map((value): JsonPatchOperation => ({
    op: 'add',
    path: `/spec/${field}/-`,
    value,
  }));
  return {
    action: 'patch',
    ref: refOf(live),
    reason: 'the entries that it had when the backup was made',
    resourceVersion,
    patch: [{ op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }, ...additions],
    before: live,
    after: { ...live, spec: { ...live['spec'], [field]: [...entries(live), ...missing] } },
  };
}

// Everything but metadata: labels and annotations are not what an object does.
function contentOf(manifest: KubeObject): Record<string, unknown> {
  const { metadata: _, ...content } = manifest;
  return content;
}

function differs(live: KubeObject): Finding {
  return {
    id: 'restore-differs',
    severity: 'warning',
    ref: refOf(live),
    field: '',
    message: 'It exists, with content that differs from the backup; it is kept as it is.',
    hint: `Compare it with the backup: ${kubectl('get', refOf(live))} -o yaml`,
  };
}
