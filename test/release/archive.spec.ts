import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { tarGz, zip, type Entry } from '../../scripts/release/archive.ts';

const time = new Date('2026-11-23T21:47:12Z');
const entries: Entry[] = [
  { name: 'kubectl-infpool', mode: 0o755, data: Buffer.from('\x7fELF'.repeat(5000)) },
  { name: 'LICENSE', mode: 0o644, data: Buffer.from('Apache') },
  { name: 'EMPTY', mode: 0o644, data: Buffer.alloc(0) },
  { name: 'BLOCK', mode: 0o644, data: Buffer.alloc(512, 1) },
];

describe('an archive', () => {
  let folder: string;
  let zone: string | undefined;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'infpool-archive-'));
    zone = process.env['TZ'];
  });
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });
  after(() => rmSync(folder, { recursive: true }));

  it('of tar holds names, modes, times and contents, owned by nobody in particular', function () {
    if (process.platform === 'win32') this.skip();
    const path = join(folder, 'a.tar.gz');
    writeFileSync(path, tarGz(entries, { time }));
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
    const listed = execFileSync('tar', ['-tvzf', path], { env, encoding: 'utf8' }).trim().split('\n');
    expect(listed).to.have.length(entries.length);
    expect(listed[0]).to.match(/^-rwxr-xr-x\s.*\b0\b.*20000 .*kubectl-infpool$/);
    expect(listed[1]).to.match(/^-rw-r--r--\s.* LICENSE$/);
    execFileSync('tar', ['-xzf', path, '-C', folder], { env });
    for (const { name, mode, data } of entries) {
      const stat = statSync(join(folder, name));
      expect([stat.mode & 0o777, stat.mtime.toISOString()]).to.deep.equal([mode, time.toISOString()]);
      expect(readFileSync(join(folder, name)).equals(data)).to.be.true;
    }
  });

  it('of zip holds names, modes and contents', () => {
    const data = zip(entries, { time });
    const unpacked = unzipSync(data);
    expect(Object.keys(unpacked)).to.deep.equal(entries.map(({ name }) => name));
    for (const { name, data: wanted } of entries)
      expect(Buffer.from(unpacked[name]!).equals(wanted)).to.be.true;
    // The central directory: made on Unix; the mode is in the upper half of the attributes.
    const bytes = Buffer.from(data);
    const central = bytes.indexOf('PK\x01\x02', 0, 'latin1');
    expect(bytes[central + 5]).to.equal(3);
    expect(bytes.readUInt32LE(central + 38) >>> 16).to.equal(0o100755);
  });

  for (const [kind, make] of [
    ['tar', tarGz],
    ['zip', zip],
  ] as const)
    it(`of ${kind} has the same bytes in every time zone, and others for other contents or times`, () => {
      const made = (some: Entry[], at: { time: Date }) => Buffer.from(make(some, at)).toString('base64');
      process.env['TZ'] = 'America/New_York';
      const first = made(entries, { time });
      process.env['TZ'] = 'Asia/Kolkata';
      expect(made(entries, { time })).to.equal(first);
      expect(made(entries.slice(1), { time })).not.to.equal(first);
      expect(made(entries, { time: new Date('2026-11-23T21:47:20Z') })).not.to.equal(first);
    });

  it('of gzip tells neither when nor from which file it was made', () => {
    const header = Buffer.from(tarGz(entries, { time })).subarray(0, 10);
    expect([...header.subarray(0, 8)]).to.deep.equal([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
  });

  it('refuses a name that its header has no room for', () =>
    expect(() => tarGz([{ name: 'x'.repeat(101), mode: 0o644, data: Buffer.alloc(0) }], { time })).to.throw(
      /too long a name/,
    ));
});
