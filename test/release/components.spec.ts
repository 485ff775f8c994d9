import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Metafile } from 'esbuild';
import { components, packageFolders } from '../../scripts/release/components.ts';
import { thirdPartyLicenses } from '../../scripts/release/licenses.ts';
import { sbom } from '../../scripts/release/sbom.ts';

const metafile = (inputs: Record<string, number>): Metafile =>
  ({
    inputs: {},
    outputs: {
      'out.cjs': {
        bytes: 1,
        imports: [],
        exports: [],
        inputs: Object.fromEntries(
          Object.entries(inputs).map(([file, bytes]) => [file, { bytesInOutput: bytes }]),
        ),
      },
    },
  }) as Metafile;

const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

describe('what a bundle is made of', () => {
  let root: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const install = (
    folder: string,
    { license = 'MIT', file = true }: { license?: string; file?: boolean } = {},
  ) => {
    const name = folder.replace(/.*node_modules\//, '');
    write(
      `${folder}/package.json`,
      JSON.stringify({ name, version: '1.0.0', ...(license ? { license } : {}) }),
    );
    if (file) write(`${folder}/LICENSE.md`, `the license of ${name}\r\n`);
  };
  const lock = (...folders: string[]) =>
    write(
      'package-lock.json',
      JSON.stringify({ packages: Object.fromEntries(folders.map((folder) => [folder, { integrity }])) }),
    );
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'infpool-components-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('are the packages of which something is in it, nested and scoped ones, too', () => {
    const inputs = {
      'src/cli.ts': 5,
      'node_modules/a/lib/x.js': 1,
      'node_modules/a/lib/y.js': 1,
      'node_modules/a/node_modules/@b/c/z.js': 1,
      'lazy:node_modules/d/index': 1,
      'node_modules/unused/index.js': 0,
      'left-out:undici': 3,
    };
    expect(packageFolders(metafile(inputs))).to.deep.equal([
      'node_modules/a',
      'node_modules/a/node_modules/@b/c',
      'node_modules/d',
    ]);
  });

  it('are told once, in order, with the text of their licenses', () => {
    for (const folder of ['node_modules/z', 'node_modules/@s/a', 'node_modules/z/node_modules/@s/a'])
      install(folder);
    lock('node_modules/z', 'node_modules/@s/a', 'node_modules/z/node_modules/@s/a');
    const inputs = {
      'node_modules/z/i.js': 1,
      'node_modules/@s/a/i.js': 1,
      'node_modules/z/node_modules/@s/a/i.js': 1,
    };
    const found = components(root, metafile(inputs));
    expect(found.map(({ name }) => name)).to.deep.equal(['@s/a', 'z']);
    const text = thirdPartyLicenses(found, { version: '22.0.0', license: "Node's license" });
    expect(text).to.match(
      /@s\/a 1\.0\.0 \(MIT\)[^]*the license of @s\/a\n[^]*the license of z\n[^]*Node's license\n/,
    );
    expect(text).not.to.include('\r');
  });

  it('may not be without a license', () => {
    install('node_modules/a', { license: '' });
    lock('node_modules/a');
    expect(() => components(root, metafile({ 'node_modules/a/i.js': 1 }))).to.throw(/a is in the bundle/);
  });

  it('may not be missing in the lockfile', () => {
    install('node_modules/a');
    lock();
    expect(() => components(root, metafile({ 'node_modules/a/i.js': 1 }))).to.throw(
      /does not know node_modules\/a/,
    );
  });

  it('without a file for the license are told by its name', () => {
    install('node_modules/a', { file: false });
    lock('node_modules/a');
    const [only] = components(root, metafile({ 'node_modules/a/i.js': 1 }));
    expect(only!.licenseText).to.include('MIT');
  });
});

describe('the bill of materials', () => {
  const product = {
    version: 'v1.2.3',
    commit: 'c0ffee',
    date: '2026-11-23T21:47:12Z',
    homepage: 'https://x.example',
  };
  const library = { version: '1.0.0', license: 'MIT', licenseText: '', integrity };
  const all = [
    { ...library, name: '@s/a' },
    { ...library, name: 'b', license: '(MIT OR Apache-2.0)' },
  ];
  const runtime = {
    version: '22.23.2',
    versions: { node: '22.23.2', openssl: '3.0.1', v8: '12.4', modules: '127' },
  };
  interface Entry {
    'bom-ref': string;
    name: string;
    purl?: string;
    licenses?: unknown;
    hashes?: { content: string }[];
    components?: Entry[];
  }
  const read = () =>
    JSON.parse(sbom(product, all, runtime)) as { components: Entry[]; dependencies: { ref: string }[] };

  it('names libraries by address, sum and license, and Node with what is in it', () => {
    const [a, b, node] = read().components;
    expect(a).to.include({ name: 'a', group: '@s', purl: 'pkg:npm/%40s/a@1.0.0' });
    expect(a!.hashes![0]!.content).to.equal('07'.repeat(64));
    expect([a!.licenses, b!.licenses]).to.deep.equal([
      [{ license: { id: 'MIT' } }],
      [{ expression: '(MIT OR Apache-2.0)' }],
    ]);
    expect(node!.components!.map(({ name }) => name)).to.deep.equal(['openssl', 'v8']);
  });

  it('refers to nothing that is not in it', () => {
    const { components: entries, dependencies } = read();
    const refs = new Set([...entries.map((entry) => entry['bom-ref']), 'pkg:generic/kubectl-infpool@v1.2.3']);
    expect(new Set(dependencies.map(({ ref }) => ref))).to.deep.equal(refs);
  });

  it('holds neither chance nor clock', () => {
    expect(sbom(product, all, runtime)).to.equal(sbom(product, all, runtime));
    expect(sbom(product, all, runtime)).not.to.match(/serialNumber|urn:uuid/);
  });
});
