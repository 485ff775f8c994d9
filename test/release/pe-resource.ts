// Finds a resource in a Windows executable, as FindResource does: by Microsoft's PE Format, "The .rsrc Section".

interface Section {
  address: number;
  size: number;
  offset: number;
}

export interface Executable {
  machine: number;
  /** Whether it claims to be signed. */
  certificates: boolean;
  /** The data of a resource of type RT_RCDATA by this name, in whichever language. */
  resource(name: string): Buffer | undefined;
}

const RT_RCDATA = 10;

export function readPe(file: Buffer): Executable {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', header, header + 4) !== 'PE\0\0') throw new Error('not a PE file');
  const optional = header + 24;
  if (file.readUInt16LE(optional) !== 0x20b) throw new Error('not a 64-bit PE file');
  const directory = (index: number): [address: number, size: number] => [
    file.readUInt32LE(optional + 112 + index * 8),
    file.readUInt32LE(optional + 116 + index * 8),
  ];
  const table = optional + file.readUInt16LE(header + 20);
  const sections = Array.from({ length: file.readUInt16LE(header + 6) }, (_, index): Section => {
    const at = table + index * 40;
    const [address, size, offset] = [12, 16, 20].map((field) => file.readUInt32LE(at + field));
    return { address: address!, size: size!, offset: offset! };
  });
  for (const { offset, size } of sections)
    if (offset + size > file.length) throw new Error('a section ends behind the end of the file');
  const offsetOf = (address: number): number => {
    const section = sections.find((one) => address >= one.address && address < one.address + one.size);
    if (!section) throw new Error(`no section has the address ${address}`);
    return section.offset + address - section.address;
  };
  return {
    machine: file.readUInt16LE(header + 4),
    certificates: directory(4).some((value) => value !== 0),
    resource: (name) => findResource(file, offsetOf(directory(2)[0]), offsetOf, name),
  };
}

function findResource(
  file: Buffer,
  root: number,
  offsetOf: (address: number) => number,
  name: string,
): Buffer | undefined {
  const types = entries(file, root, root);
  const names = types.find(({ id }) => id === RT_RCDATA);
  const languages = names && entries(file, root, root + names.at).find(({ id }) => id === name);
  const [entry] = languages ? entries(file, root, root + languages.at) : [];
  if (!entry) return undefined;
  const data = root + entry.at;
  const start = offsetOf(file.readUInt32LE(data));
  return file.subarray(start, start + file.readUInt32LE(data + 4));
}

/** One level of the tree; `at` is relative to the root. */
function entries(file: Buffer, root: number, at: number): { id: number | string; at: number }[] {
  const count = file.readUInt16LE(at + 12) + file.readUInt16LE(at + 14);
  return Array.from({ length: count }, (_, index) => {
    const id = file.readUInt32LE(at + 16 + index * 8);
    const offset = file.readUInt32LE(at + 20 + index * 8) & 0x7fffffff;
    const named = id >= 0x80000000;
    return { id: named ? text(file, root + (id & 0x7fffffff)) : id, at: offset };
  });
}

const text = (file: Buffer, at: number): string =>
  file.toString('utf16le', at + 2, at + 2 + file.readUInt16LE(at) * 2);
