// Reads a Mach-O executable's code signature and makes every hash in it anew, as macOS does before it runs a page.
// Written from Apple's headers (xnu: cs_blobs.h, loader.h) without a look at scripts/build, whose work it judges; and
// judged itself on the signature that Apple's codesign made for Node.
import { createHash } from 'node:crypto';

export interface Signature {
  identifier: string;
  adHoc: boolean;
  pages: number;
  /** What does not hold; nothing when macOS would accept it. */
  faults: string[];
}

interface Segment {
  name: string;
  vmsize: number;
  fileoff: number;
  filesize: number;
}

const CSSLOT_NAMES: Record<number, string> = {
  1: 'Info.plist',
  2: 'requirements',
  5: 'entitlements',
  7: 'DER entitlements',
};

export function checkSignature(file: Buffer): Signature {
  const { segments, signature } = loadCommands(file);
  if (!signature) return { identifier: '', adHoc: false, pages: 0, faults: ['there is no signature'] };
  const faults: string[] = [];
  const linkedit = segments.find(({ name }) => name === '__LINKEDIT')!;
  if (signature.offset + signature.size !== file.length)
    faults.push('the signature is not at the end of the file');
  if (linkedit.fileoff + linkedit.filesize !== file.length)
    faults.push('__LINKEDIT does not reach to the end of the file');
  if (linkedit.vmsize < linkedit.filesize) faults.push('__LINKEDIT is larger in the file than in memory');
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next && segment.fileoff + segment.filesize > next.fileoff)
      faults.push(`${segment.name} overlaps ${next.name}`);
  }

  const blobs = superBlob(file.subarray(signature.offset, signature.offset + signature.size));
  const directory = blobs.get(0);
  if (!directory || directory.readUInt32BE(0) !== 0xfade0c02)
    return { identifier: '', adHoc: false, pages: 0, faults: [...faults, 'there is no CodeDirectory'] };
  const text = segments.find(({ name }) => name === '__TEXT')!;
  return { ...checkDirectory(file, signature.offset, text, directory, blobs, faults), faults };
}

function checkDirectory(
  file: Buffer,
  signatureAt: number,
  text: Segment,
  directory: Buffer,
  blobs: Map<number, Buffer>,
  faults: string[],
): Omit<Signature, 'faults'> {
  const u32 = (at: number) => directory.readUInt32BE(at);
  const [version, flags, hashesAt, identifierAt] = [u32(8), u32(12), u32(16), u32(20)] as const;
  const [special, pages, codeLimit] = [u32(24), u32(28), u32(32)] as const;
  const [hashSize, hashType, , pageBits] = directory.subarray(36, 40);
  if (hashType !== 2 || hashSize !== 32) faults.push('not hashed by SHA-256');
  if (codeLimit !== signatureAt) faults.push('something between the code and the signature is not signed');
  if (version >= 0x20400) faults.push(...executableSegment(directory, text));

  const page = 2 ** pageBits!;
  if (pages !== Math.ceil(codeLimit / page))
    faults.push(`${pages} hashes for ${Math.ceil(codeLimit / page)} pages`);
  const hashAt = (slot: number) => directory.subarray(hashesAt + slot * 32, hashesAt + (slot + 1) * 32);
  for (let slot = 0; slot < pages; slot++) {
    const code = file.subarray(slot * page, Math.min((slot + 1) * page, codeLimit));
    if (!sha256(code).equals(hashAt(slot))) faults.push(`page ${slot} is not the one that was signed`);
  }
  for (let slot = 1; slot <= special; slot++) {
    const wanted = hashAt(-slot);
    const blob = blobs.get(slot);
    const name = CSSLOT_NAMES[slot] ?? `slot ${slot}`;
    if (blob && !sha256(blob).equals(wanted)) faults.push(`${name}: not what was signed`);
    if (!blob && wanted.some((byte) => byte !== 0)) faults.push(`${name}: signed, but not there`);
  }
  const identifier = directory.toString('latin1', identifierAt, directory.indexOf(0, identifierAt));
  return { identifier, adHoc: (flags & 2) !== 0, pages };
}

function executableSegment(directory: Buffer, text: Segment): string[] {
  const is = (at: number) => directory.readBigUInt64BE(at);
  return [
    ...(is(64) === BigInt(text.fileoff) ? [] : ['the executable segment begins elsewhere']),
    ...(is(72) === BigInt(text.filesize) ? [] : ['the executable segment has another size']),
    ...((is(80) & 1n) === 1n ? [] : ['not marked as a main binary']),
  ];
}

/** Blobs by slot. */
function superBlob(data: Buffer): Map<number, Buffer> {
  if (data.readUInt32BE(0) !== 0xfade0cc0) return new Map();
  const entries = Array.from({ length: data.readUInt32BE(8) }, (_, index): [number, Buffer] => {
    const at = data.readUInt32BE(16 + index * 8);
    return [data.readUInt32BE(12 + index * 8), data.subarray(at, at + data.readUInt32BE(at + 4))];
  });
  return new Map(entries);
}

function loadCommands(file: Buffer): { segments: Segment[]; signature?: { offset: number; size: number } } {
  if (file.readUInt32LE(0) !== 0xfeedfacf) throw new Error('not a Mach-O file');
  const segments: Segment[] = [];
  let signature: { offset: number; size: number } | undefined;
  let at = 32;
  const end = at + file.readUInt32LE(20);
  for (let count = file.readUInt32LE(16); count > 0; count--) {
    const command = file.readUInt32LE(at);
    if (command === 0x19)
      segments.push({
        name: file.toString('latin1', at + 8, at + 24).split('\0')[0]!,
        vmsize: Number(file.readBigUInt64LE(at + 32)),
        fileoff: Number(file.readBigUInt64LE(at + 40)),
        filesize: Number(file.readBigUInt64LE(at + 48)),
      });
    if (command === 0x1d) signature = { offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
    at += file.readUInt32LE(at + 4);
  }
  if (at !== end) throw new Error('the load commands have another size than the header says');
  return signature ? { segments, signature } : { segments };
}

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
