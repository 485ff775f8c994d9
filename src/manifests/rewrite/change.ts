import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import { describeRef, refOf, type Ref } from '../../api/ref.ts';
import type { Edit } from './edits.ts';

/** What is to become of one object of a file. */
export interface Change {
  /** To be made in its text; paths are within the object. */
  readonly edits: readonly Edit[];
  /** What the text has to say afterwards, decided without looking at the edits; null where the object goes. */
  readonly intended: KubeObject | null;
  /** Objects that come behind it. */
  readonly added: readonly KubeObject[];
  readonly findings: readonly Finding[];
}

export function unchanged(object: KubeObject, findings: readonly Finding[] = []): Change {
  return { edits: [], intended: object, added: [], findings };
}

/** The object goes, because what it would become is in Git already: twice the same makes kustomize and others fail. */
export function gone(object: KubeObject, there: KubeObject, added: readonly KubeObject[] = []): Change {
  const finding: Finding = {
    id: 'already-in-git',
    severity: 'info',
    ref: refOf(object),
    field: '',
    message: `It was taken out: Git holds ${describeRef(refOf(there))} already, which takes over from it.`,
    hint: 'Look at both in git diff.',
  };
  return { edits: [], intended: null, added, findings: [finding] };
}

/** A text with its changes made. */
export interface Rewritten {
  readonly text: string;
  /** The objects that were changed, as they were called before; those that were taken out, too. */
  readonly changed: readonly Ref[];
  readonly findings: readonly Finding[];
}
