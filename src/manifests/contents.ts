import { chmodSync, closeSync, constants, copyFileSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../api/errors.ts';
import { systemMessage } from './read.ts';
import { writeBeside } from './beside.ts';

/** What a file is to hold: bytes, or those of another file, however large. */
export interface Content {
  /** Null: those of `source`. */
  readonly bytes: Buffer | null;
  readonly source: string;
}

const CHUNK = 1024 * 1024;

/** True where the file holds just this. Throws a UserError where one of the two can't be read. */
export function holds(path: string, { bytes, source }: Content): boolean {
  try {
    const size = bytes ? bytes.length : statSync(source).size;
    if (statSync(path).size !== size) return false;
    for (const chunk of chunksOf(path, size)) {
      const other = bytes ? bytes.subarray(chunk.at, chunk.at + CHUNK) : chunkAt(source, chunk.at);
      if (!chunk.bytes.equals(other)) return false;
    }
    return true;
  } catch (cause) {
    throw new UserError(`${source} could not be compared with ${path}: ${systemMessage(cause)}.`, { cause });
  }
}

/** Writes it as a new file next to `path`, and returns that one's name. */
export function writeContentBeside(path: string, { bytes, source }: Content, mode: number): string {
  if (bytes) return writeBeside(path, bytes, mode);
  const name = join(dirname(path), `.${basename(path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    copyFileSync(source, name, constants.COPYFILE_EXCL);
    chmodSync(name, mode & 0o777);
  } catch (cause) {
    rmSync(name, { force: true });
    throw cause;
  }
  return name;
}

function* chunksOf(path: string, size: number): Generator<{ at: number; bytes: Buffer }> {
  for (let at = 0; at < size; at += CHUNK) yield { at, bytes: chunkAt(path, at) };
}

function chunkAt(path: string, at: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let count = 0;
    for (let more = -1; more !== 0 && count < CHUNK; count += more)
      more = readSync(file, buffer, count, CHUNK - count, at + count);
    return buffer.subarray(0, count);
  } finally {
    closeSync(file);
  }
}
