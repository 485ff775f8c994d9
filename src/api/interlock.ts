import type { Finding } from './finding.ts';

/**
 * A reason not to write. Those that are the user's to judge are passed with `--force`, by name; the others (data would
 * be lost, something could not be read, someone's change would be overwritten) are never passed.
 */
export interface Interlock {
  readonly finding: Finding;
  readonly forceable: boolean;
  /** What to change elsewhere instead, as a unified diff that is safe to print: shown below the finding. */
  readonly patch?: string;
}
