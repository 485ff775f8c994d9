import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fsyncSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Writes a new file next to `path` and returns its name; never through a link, never over anything. */
export function writeBeside(path: string, bytes: Buffer, mode: number): string {
  const name = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(name, flags, 0o600);
  try {
    writeFileSync(file, bytes);
    fchmodSync(file, mode & 0o777);
    fsyncSync(file);
  } catch (cause) {
    rmSync(name, { force: true });
    throw cause;
  } finally {
    closeSync(file);
  }
  return name;
}
