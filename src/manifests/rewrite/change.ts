import type { Finding } from '../../api/finding.ts';
import type { KubeObject } from '../../api/object.ts';
import type { Ref } from '../../api/ref.ts';
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

/** The object is in Git already as what it would become. */
export const GONE: Change = { edits: [], intended: null, added: [], findings: [] };

/** A text with its changes made. */
export interface Rewritten {
  readonly text: string;
  /** The objects that were changed, as they were called before; those that were taken out, too. */
  readonly changed: readonly Ref[];
  readonly findings: readonly Finding[];
}
