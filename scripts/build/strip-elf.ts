// Node's ELF executables come with a symbol table and debug information: 17 of 125 MB that no user needs.
// Done here rather than by strip(1), which need not be installed, often knows this machine's processor only,
// and writes other bytes in other versions. Format: System V ABI, ELF-64, little-endian.
import { BuildError } from './error.ts';

const IDENT = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]); // \x7fELF, 64 bits, little-endian
const HEADER = { sectionsAt: 40, sectionSize: 58, sectionCount: 60, namesIndex: 62 };
const SECTION = { name: 0, type: 4, flags: 8, offset: 24, size: 32 };
const ALLOCATED = 2n;
const NO_BITS = 8;

export function isElf(file: Buffer): boolean {
  return file.length > 64 && file.subarray(0, IDENT.length).equals(IDENT);
}

/**
 * A copy without the sections that are not loaded when the program runs. All that is loaded stays where it is,
 * byte for byte.
 * @throws BuildError when something that is loaded lies behind something that is not, which linkers don't do
 */
export function stripElf(file: Buffer): Buffer {
  if (!isElf(file)) throw new BuildError('not a 64-bit little-endian ELF file.');
  const sections = sectionsOf(file);
  const names = sections[file.readUInt16LE(HEADER.namesIndex)]!;
  const dropped = sections.findIndex((section, index) => index > 0 && !isLoaded(section));
  const kept = dropped < 0 ? sections : sections.slice(0, dropped);
  // References between sections are by index, so only the end of the table may go.
  if (sections.slice(kept.length).some(isLoaded))
    throw new BuildError('this ELF file has a loaded section behind one that is not.');
  const end = Math.max(...kept.map(endOf));
  if (sections.slice(kept.length).some((section) => offsetOf(section) < end))
    throw new BuildError('this ELF file has data that is not loaded in between.');

  const text = [nameOf(file, names, names), ...kept.map((section) => nameOf(file, names, section))];
  const table = Buffer.from(`\0${text.join('\0')}\0`, 'latin1');
  for (const [index, section] of kept.entries())
    if (index > 0) section.writeUInt32LE(at(text, index + 1), SECTION.name);
  const own = Buffer.from(names);
  own.writeUInt32LE(1, SECTION.name);
  own.writeBigUInt64LE(BigInt(end), SECTION.offset);
  own.writeBigUInt64LE(BigInt(table.length), SECTION.size);

  const padding = Buffer.alloc(-(end + table.length) & 7);
  const result = Buffer.concat([file.subarray(0, end), table, padding, ...kept, own]);
  result.writeBigUInt64LE(BigInt(end + table.length + padding.length), HEADER.sectionsAt);
  result.writeUInt16LE(kept.length + 1, HEADER.sectionCount);
  result.writeUInt16LE(kept.length, HEADER.namesIndex);
  return result;
}

function sectionsOf(file: Buffer): Buffer[] {
  const start = Number(file.readBigUInt64LE(HEADER.sectionsAt));
  const size = file.readUInt16LE(HEADER.sectionSize);
  const count = file.readUInt16LE(HEADER.sectionCount);
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(file.subarray(start + index * size, start + (index + 1) * size)),
  );
}

/** Where the name at this index begins in the table of names. */
function at(names: string[], index: number): number {
  return names.slice(0, index).reduce((sum, name) => sum + name.length + 1, 1);
}

const isLoaded = (section: Buffer): boolean => (section.readBigUInt64LE(SECTION.flags) & ALLOCATED) !== 0n;
const offsetOf = (section: Buffer): number => Number(section.readBigUInt64LE(SECTION.offset));

function endOf(section: Buffer): number {
  const bytes = section.readUInt32LE(SECTION.type) === NO_BITS ? 0n : section.readBigUInt64LE(SECTION.size);
  return offsetOf(section) + Number(bytes);
}

function nameOf(file: Buffer, names: Buffer, section: Buffer): string {
  const start = offsetOf(names) + section.readUInt32LE(SECTION.name);
  return file.toString('latin1', start, file.indexOf(0, start));
}
