import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { LIMITS, mebibytes } from './limits.ts';

/** Why a file was not read: a clause that follows its name, without a full stop. */
export class Unreadable extends Error {
  readonly hint: string;

  constructor(message: string, hint = '') {
    super(message);
    this.hint = hint;
  }
}

export interface FileContent {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** A regular file's bytes. It never waits: a pipe, a device or a socket is refused. Throws {@link Unreadable}. */
export function readRegularFile(path: string): FileContent {
  const file = open(path);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Unreadable(`it is ${whatIs(stats)}`, hintFor(stats));
    return { bytes: readUpTo(file, stats.size), stats };
  } catch (cause) {
    throw cause instanceof Unreadable ? cause : new Unreadable(systemMessage(cause));
  } finally {
    closeSync(file);
  }
}

// Opening a named pipe waits for who writes into it, unless told not to.
function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw new Unreadable(systemMessage(cause));
  }
}

/** What is no regular file, in words. */
export function whatIs(stats: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket'>): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function hintFor(stats: Stats): string {
  return stats.isDirectory() ? '' : 'Pipe it in instead: … | kubectl infpool convert -f -';
}

export function systemMessage(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission was denied',
    EPERM: 'permission was denied',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of its path is no directory',
    ELOOP: 'its symbolic links lead in a circle',
    ENXIO: 'it is a socket',
    ENAMETOOLONG: 'its name is too long',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return known[code ?? ''] ?? message;
}

// Not by its size alone: a file may grow meanwhile, and those of /proc say that they have none.
function readUpTo(file: number, size: number): Buffer {
  const tooLarge = () =>
    new Unreadable(`it is larger than ${mebibytes(LIMITS.fileBytes)}, the most that is read`);
  if (size > LIMITS.fileBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(Math.max(size + 1 - total, 65_536));
    const count = readSync(file, chunk, 0, chunk.length, null);
    if (count === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    total += count;
    if (total > LIMITS.fileBytes) throw tooLarge();
  }
}

/** Text of UTF-8, a byte order mark included, so that it can be written back byte for byte. Throws {@link Unreadable}. */
export function decodeText(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new Unreadable('it is UTF-16, and UTF-8 is needed', 'Convert it first: iconv -f UTF-16 -t UTF-8');
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new Unreadable(`it is no text: there is a NUL byte on line ${lineAt(bytes, zero)}`);
  if (!isUtf8(bytes)) throw new Unreadable(`it is not valid UTF-8 on line ${badLine(bytes)}`);
  return bytes.toString('utf8');
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

// No byte of a longer character is a line feed, so each line is valid or not by itself.
function badLine(bytes: Buffer): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    [line, start] = [line + 1, end + 1];
  }
  return line;
}
