// Archives whose bytes depend on nothing but what is in them and the time that they are given: no user, no clock, no
// umask. Compressed in JavaScript, because zlib's output differs from processor to processor.
import { gzipSync, zipSync, type Zippable } from 'fflate';

export interface Entry {
  /** A plain file name; there are no folders. */
  name: string;
  mode: 0o644 | 0o755;
  data: Uint8Array;
}

interface Options {
  /** Of every entry, to the second. */
  time: Date;
  /** 0 (none, fast) to 9. */
  level?: 0 | 1 | 6 | 9;
}

const BLOCK = 512;

/** A .tar.gz in the ustar format, entries in the order given, owned by 0:0. */
export function tarGz(entries: Entry[], { time, level = 9 }: Options): Uint8Array {
  const blocks = entries.flatMap(({ name, mode, data }) => [
    tarHeader(name, mode, data.length, time),
    data,
    Buffer.alloc(-data.length & (BLOCK - 1)),
  ]);
  const tar = Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
  return gzipSync(tar, { level, mem: 12, mtime: 0 });
}

function tarHeader(name: string, mode: number, size: number, time: Date): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`too long a name for an archive: ${name}`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    header.write(value.toString(8).padStart(digits, '0'), at);
  header.write(name, 0);
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(Math.floor(time.getTime() / 1000), 136, 11);
  header.write(' '.repeat(8), 148); // the checksum is made with blanks in its own place
  header.write('0', 156); // a regular file
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** A .zip, entries in the order given, with Unix modes. */
export function zip(entries: Entry[], { time, level = 9 }: Options): Uint8Array {
  // A zip has local times without a zone. Ours are UTC whatever the machine's zone is.
  const mtime = new Date(
    time.getUTCFullYear(),
    time.getUTCMonth(),
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
  );
  const files: Zippable = {};
  for (const { name, mode, data } of entries)
    files[name] = [data, { level, mem: 12, mtime, os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }];
  return zipSync(files);
}
