// Node carries ICU's data for 800 locales: names of languages, currencies and units, formats, sorting. What the program
// says is English, and of Intl it uses nothing but the breaks between characters, so these take 6 MB of every
// download for nothing. Left is what Node's own build with small ICU has and more: English, the root, all breaks, time
// zones, encodings. Any other locale falls back to the root, as ICU does for one that it doesn't know.
// Format: ICU's data/ICU common data (udatamem, ucmndata.h): a header, then a table of names and offsets.
import { BuildError } from './error.ts';

/** The header of common data, little-endian: its magic, then (12 bytes in) the kind. */
const MAGIC = Buffer.from([0xda, 0x27]);
const KIND = Buffer.from('CmnD');

/** Folders with a file for each locale; the first is the one without a folder, formats and names of months. */
const perLocale = new Set(['', 'coll', 'curr', 'lang', 'rbnf', 'region', 'unit', 'zone']);

/** `icudt78l/curr/de_AT.res`, and nothing like `root.res`, `res_index.res`, `zoneinfo64.res`. */
const localeFile = /^icudt\d+l\/(?:(\w+)\/)?([a-z]{2,3}(?:_+[A-Z\d]\w*|_)?)\.res$/;

/** Whether an item of ICU's data is for a locale that we do without. */
export function isLocaleData(name: string): boolean {
  const [, folder = '', locale] = localeFile.exec(name) ?? [];
  return locale !== undefined && perLocale.has(folder) && !/^en(_|$)/.test(locale);
}

interface Item {
  name: string;
  /** Both relative to the table. */
  nameAt: number;
  dataAt: number;
}

/**
 * Blanks them, in place: nothing moves, so all that points into the file stays right.
 * @returns how many bytes are zero now
 * @throws BuildError when the file has no ICU data, or twice
 */
export function trimIcu(executable: Buffer): number {
  const table = findTable(executable);
  const items = readTable(executable, table);
  let blanked = 0;
  for (const [index, { name, dataAt }] of items.entries()) {
    const next = items[index + 1];
    // The last one's end is not written anywhere.
    if (!isLocaleData(name) || !next) continue;
    executable.fill(0, table + dataAt, table + next.dataAt);
    blanked += next.dataAt - dataAt;
  }
  // Looked up by halving, so they stay sorted. What the shorter table leaves free is never read.
  const kept = items.filter(({ name }, index) => !isLocaleData(name) || index === items.length - 1);
  executable.writeUInt32LE(kept.length, table);
  for (const [index, { nameAt, dataAt }] of kept.entries()) {
    executable.writeUInt32LE(nameAt, table + 4 + index * 8);
    executable.writeUInt32LE(dataAt, table + 8 + index * 8);
  }
  return blanked;
}

function findTable(executable: Buffer): number {
  const found: number[] = [];
  for (let at = executable.indexOf(KIND); at >= 0; at = executable.indexOf(KIND, at + 1)) {
    const header = at - 12;
    if (header < 0 || !executable.subarray(header + 2, header + 4).equals(MAGIC)) continue;
    found.push(header + executable.readUInt16LE(header));
  }
  if (found.length !== 1)
    throw new BuildError(
      `this Node has ICU's data ${found.length} times, not once; see scripts/build/trim-icu.ts.`,
    );
  return found[0]!;
}

/** The names in Node's ICU data, in its order. */
export function icuItems(executable: Buffer): string[] {
  return readTable(executable, findTable(executable)).map(({ name }) => name);
}

function readTable(executable: Buffer, table: number): Item[] {
  return Array.from({ length: executable.readUInt32LE(table) }, (_, index) => {
    const nameAt = executable.readUInt32LE(table + 4 + index * 8);
    const dataAt = executable.readUInt32LE(table + 8 + index * 8);
    const name = executable.toString('latin1', table + nameAt, executable.indexOf(0, table + nameAt));
    return { name, nameAt, dataAt };
  });
}
