import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for all that is built or prepared once. */
export function cacheRoot(): string {
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'kubectl-infpool', 'lab');
}
