import type { CheckId } from './ids.ts';
import type { Ref } from './ref.ts';

export type CheckVerdict = 'pass' | 'fail' | 'unknown' | 'skip';

export interface Check {
  /** Stable, kebab-case; `explain` has a page on each. */
  readonly id: CheckId;
  /** The heading it is shown under: `Gateway`, `HTTPRoute`, `InferencePool`, `Endpoint picker`, … */
  readonly group: string;
  readonly subject: Ref;
  readonly verdict: CheckVerdict;
  /** What was seen. */
  readonly evidence: string;
  /** What to do; '' when it passed. */
  readonly hint: string;
}

export interface Verification {
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly checks: readonly Check[];
}
