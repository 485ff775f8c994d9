import type { Ref } from './ref.ts';

export type CheckVerdict = 'pass' | 'fail' | 'unknown' | 'skip';

export interface Check {
  /** Stable, kebab-case. */
  readonly id: string;
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
