import { renameSync, rmSync } from 'node:fs';
import { writeBeside } from '../manifests/beside.ts';

/** The file as a whole or as it was before, whatever happens on the way. Readable by its owner only. */
export function replaceFile(path: string, content: string): void {
  const beside = writeBeside(path, Buffer.from(content, 'utf8'), 0o600);
  try {
    renameSync(beside, path);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw cause;
  }
}
