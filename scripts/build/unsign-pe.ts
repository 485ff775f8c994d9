// Putting the program into Node removes the signature that Node's Windows executable came with, but leaves the entry
// that says where it was, now amid other data. Windows calls that tampered with, which is worse than unsigned.
// Format: Microsoft's PE Format, "Optional Header" and "The Attribute Certificate Table".
import { BuildError } from './error.ts';

const PE32_PLUS = 0x20b;
const CERTIFICATES = 4;
const CHECKSUM = 64;

/**
 * @returns the executable without an entry for certificates, its checksum made anew
 * @throws BuildError when there is something behind its sections, such as a signature that is really there
 */
export function unsignPe(file: Buffer): Buffer {
  const header = file.length > 64 ? file.readUInt32LE(0x3c) : file.length;
  if (header + 264 > file.length || file.toString('latin1', header, header + 4) !== 'PE\0\0')
    throw new BuildError('not a PE file.');
  const optional = header + 24;
  if (file.readUInt16LE(optional) !== PE32_PLUS) throw new BuildError('not a 64-bit PE file.');
  const table = optional + file.readUInt16LE(header + 20);
  const ends = Array.from({ length: file.readUInt16LE(header + 6) }, (_, index) => {
    const section = table + index * 40;
    return file.readUInt32LE(section + 16) + file.readUInt32LE(section + 20);
  });
  if (Math.max(...ends) !== file.length)
    throw new BuildError('this PE file has something behind its sections, or ends before them.');
  const result = Buffer.from(file);
  result.writeBigUInt64LE(0n, optional + 112 + CERTIFICATES * 8);
  result.writeUInt32LE(0, optional + CHECKSUM);
  result.writeUInt32LE(checksum(result), optional + CHECKSUM);
  return result;
}

/** As ImageHlp's CheckSumMappedFile: the sum of all 16-bit words with carry, and the length. */
function checksum(file: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < file.length; at += 2) {
    sum += file.readUInt16LE(at);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  if (file.length % 2 === 1) sum += file.at(-1)!;
  sum = (sum & 0xffff) + (sum >>> 16);
  return ((sum & 0xffff) + file.length) >>> 0;
}
