import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The shells that people paste into, of those that this machine has, each once. */
export function shells(): string[] {
  const found = new Map<string, string>();
  for (const name of ['sh', 'bash', 'zsh', 'ksh', 'mksh', 'dash']) {
    const program = programOf(name);
    if (program !== null && !found.has(program)) found.set(program, name);
  }
  return [...found.values()];
}

function programOf(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return realpathSync(join(folder, name));
    } catch {
      // the next folder may have it
    }
  }
  return null;
}
