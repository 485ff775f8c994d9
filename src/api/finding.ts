import type { FindingId } from './ids.ts';
import type { Ref } from './ref.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A loss, a doubt or a thing to know. Collected on the way, rendered once. */
export interface Finding {
  /** Stable, kebab-case; `explain` has a page on each. */
  readonly id: FindingId;
  readonly severity: Severity;
  /** The object that the finding is about; null when it is about the cluster or the input as a whole. */
  readonly ref: Ref | null;
  /** The field's path (`spec.extensionRef.portNumber`), or ''. */
  readonly field: string;
  /** What is, and why it matters. */
  readonly message: string;
  /** What to do: the exact next command where there is one. */
  readonly hint: string;
}
