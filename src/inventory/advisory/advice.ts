import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import { kubectl } from '../../api/kubectl.ts';
import { describeOwner } from '../../api/owner.ts';
import type { JsonPatchOperation } from '../../api/plan.ts';
import { refOf, type Ref } from '../../api/ref.ts';
import { shellWord } from '../../api/shellWord.ts';
import { ownerOf } from '../owner.ts';
import type { PoolReference } from '../references.ts';

/** What one kind says: what points at which pool, and what a person has to do about it. */
export interface Advice {
  readonly references: readonly PoolReference[];
  readonly findings: readonly Finding[];
}

/**
 * A JSON patch as a command line. It begins with a test of what it replaces, so that it changes nothing where the object
 * is not any more what was read.
 */
export function patchCommand(ref: Ref, operations: readonly JsonPatchOperation[]): string {
  return `${kubectl('patch', ref)} --type=json -p ${shellWord(JSON.stringify(operations))}`;
}

/** A value replaced by another where it still is the first. */
export function replacing(path: string, from: unknown, to: unknown): JsonPatchOperation[] {
  return [
    { op: 'test', path, value: from },
    { op: 'replace', path, value: to },
  ];
}

/** ` It belongs to …`, where a change by hand would come back; else ''. */
export function whoseItIs(object: KubeObject): string {
  const owner = ownerOf(object);
  return owner ? ` It belongs to ${describeOwner(owner)}: make the change there, or it comes back.` : '';
}

/** Whether the same Helm release made both. What a chart makes for its pool the next chart makes for the next pool. */
export function ofOneRelease(a: KubeObject, b: KubeObject): boolean {
  const [one, other] = [ownerOf(a), ownerOf(b)];
  return (
    one?.kind === 'Helm' &&
    other?.kind === 'Helm' &&
    one.name === other.name &&
    one.namespace === other.namespace
  );
}

export function finding(
  object: KubeObject,
  rest: Omit<Finding, 'ref' | 'severity'> & Partial<Pick<Finding, 'severity'>>,
): Finding {
  return { severity: 'warning', ...rest, ref: refOf(object) };
}

/** Of a field that may be absent or of another type than it should be. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
