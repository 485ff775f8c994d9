// An ad-hoc signature for a Mach-O executable, from any system: what `codesign --sign -` makes on macOS. Apple's
// processors run nothing without one, and putting the program into Node breaks Node's own. Who signed is not said
// by it; the hash of every page is.
// Format: Apple's xnu, osfmk/kern/cs_blobs.h; Mach-O's load commands: EXTERNAL_HEADERS/mach-o/loader.h.
import { createHash } from 'node:crypto';
import { BuildError } from './error.ts';

const MACHO_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const HEADER = { commands: 16, commandsSize: 20, size: 32 };
const COMMAND_SIZE = 16;

const SUPERBLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const REQUIREMENTS = 0xfade0c01;
const CMS_WRAPPER = 0xfade0b01;
const SLOT = { codeDirectory: 0, requirements: 2, cms: 0x10000 };

/** With execSegBase and its like, which is as much as an ad-hoc signature uses. */
const VERSION = 0x20400;
const ADHOC = 0x2;
const MAIN_BINARY = 1n;
const SHA256 = { type: 2, size: 32 };
const PAGE_BITS = 12;
/** Of the largest page that macOS runs on. */
const SEGMENT_ALIGNMENT = 0x4000;

interface Layout {
  /** Position of __LINKEDIT's load command. */
  linkedit: number;
  /** Where the load commands end. */
  commandsEnd: number;
  text: { offset: bigint; size: bigint };
}

/**
 * The executable with an ad-hoc signature.
 * @param file without a signature, which is how pkg (by LIEF) leaves it
 */
export function signMachO(file: Buffer, identifier: string): Buffer {
  const { linkedit, commandsEnd, text } = layoutOf(file);
  // The signature begins where all that it is about ends, on a multiple of 16.
  const codeLimit = round(file.length, 16);
  const code = Buffer.alloc(codeLimit);
  file.copy(code);
  const slots = Math.ceil(codeLimit / 2 ** PAGE_BITS);
  const placeholder = Buffer.alloc(slots * SHA256.size);
  const size = round(blobs(identifier, codeLimit, text, placeholder).length, 16);

  // Before the pages are hashed, since this is on the first one.
  code.writeUInt32LE(file.readUInt32LE(HEADER.commands) + 1, HEADER.commands);
  code.writeUInt32LE(file.readUInt32LE(HEADER.commandsSize) + COMMAND_SIZE, HEADER.commandsSize);
  for (const [index, value] of [LC_CODE_SIGNATURE, COMMAND_SIZE, codeLimit, size].entries())
    code.writeUInt32LE(value, commandsEnd + index * 4);
  const linkeditSize = codeLimit + size - Number(file.readBigUInt64LE(linkedit + 40));
  code.writeBigUInt64LE(BigInt(round(linkeditSize, SEGMENT_ALIGNMENT)), linkedit + 32);
  code.writeBigUInt64LE(BigInt(linkeditSize), linkedit + 48);

  const signature = Buffer.alloc(size);
  blobs(identifier, codeLimit, text, hashPages(code)).copy(signature);
  return Buffer.concat([code, signature]);
}

function layoutOf(file: Buffer): Layout {
  if (file.length < HEADER.size || file.readUInt32LE(0) !== MACHO_64)
    throw new BuildError('not a 64-bit Mach-O file.');
  let linkedit: number | undefined;
  let text: Layout['text'] | undefined;
  let at = HEADER.size;
  for (let count = file.readUInt32LE(HEADER.commands); count > 0; count--) {
    const command = file.readUInt32LE(at);
    if (command === LC_CODE_SIGNATURE) throw new BuildError('this Mach-O file has a signature already.');
    if (command === LC_SEGMENT_64) {
      const name = file.toString('latin1', at + 8, at + 24).replace(/\0.*$/, '');
      if (name === '__LINKEDIT') linkedit = at;
      if (name === '__TEXT')
        text = { offset: file.readBigUInt64LE(at + 40), size: file.readBigUInt64LE(at + 48) };
    }
    at += file.readUInt32LE(at + 4);
  }
  if (linkedit === undefined || text === undefined)
    throw new BuildError('this Mach-O file has no __TEXT or no __LINKEDIT.');
  const end = file.readBigUInt64LE(linkedit + 40) + file.readBigUInt64LE(linkedit + 48);
  if (end !== BigInt(file.length)) throw new BuildError("this Mach-O file's __LINKEDIT is not at its end.");
  // Linkers leave room behind the commands; it is zero as long as nothing is there.
  if (file.subarray(at, at + COMMAND_SIZE).some((byte) => byte !== 0))
    throw new BuildError('this Mach-O file has no room for one more load command.');
  return { linkedit, commandsEnd: at, text };
}

function hashPages(code: Buffer): Buffer {
  const hashes: Buffer[] = [];
  for (let at = 0; at < code.length; at += 2 ** PAGE_BITS)
    hashes.push(sha256(code.subarray(at, at + 2 ** PAGE_BITS)));
  return Buffer.concat(hashes);
}

/** The whole signature. Its numbers are big-endian, unlike the rest of the file. */
function blobs(identifier: string, codeLimit: number, text: Layout['text'], pages: Buffer): Buffer {
  const requirements = blob(REQUIREMENTS, u32(0));
  const parts: [slot: number, blob: Buffer][] = [
    [SLOT.codeDirectory, codeDirectory(identifier, codeLimit, text, pages, sha256(requirements))],
    [SLOT.requirements, requirements],
    [SLOT.cms, blob(CMS_WRAPPER, Buffer.alloc(0))],
  ];
  let offset = 12 + parts.length * 8;
  const index = parts.map(([slot, part]) => {
    const entry = u32(slot, offset);
    offset += part.length;
    return entry;
  });
  return blob(SUPERBLOB, Buffer.concat([u32(parts.length), ...index, ...parts.map(([, part]) => part)]));
}

function codeDirectory(
  identifier: string,
  codeLimit: number,
  text: Layout['text'],
  pages: Buffer,
  requirements: Buffer,
): Buffer {
  const name = Buffer.from(`${identifier}\0`);
  // Before the pages', counted backwards: slot 2, requirements; slot 1, Info.plist, which there is none of.
  const special = Buffer.concat([requirements, Buffer.alloc(SHA256.size)]);
  const nameAt = 88;
  const pagesAt = nameAt + name.length + special.length;
  const fields = Buffer.alloc(nameAt - 8);
  const head = u32(VERSION, ADHOC, pagesAt, nameAt, 2, pages.length / SHA256.size, codeLimit);
  head.copy(fields);
  fields.set([SHA256.size, SHA256.type, 0, PAGE_BITS], head.length);
  // Then, all zero: spare, scatter, team identifier, spare, codeLimit64 (for files over 4 GiB).
  fields.writeBigUInt64BE(text.offset, 56);
  fields.writeBigUInt64BE(text.size, 64);
  fields.writeBigUInt64BE(MAIN_BINARY, 72);
  return blob(CODE_DIRECTORY, Buffer.concat([fields, name, special, pages]));
}

function blob(magic: number, content: Buffer): Buffer {
  return Buffer.concat([u32(magic, content.length + 8), content]);
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
const round = (size: number, to: number): number => Math.ceil(size / to) * to;
