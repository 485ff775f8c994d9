import { expect } from 'chai';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { CHAPTERS, PAGE_IDS, pageOf } from '../../src/explain/pages.ts';

const PAGES = CHAPTERS.flatMap(({ pages }) => pages);
const PAGE_FILES = globSync('src/**/*.page.ts').sort();
const CODE = new Map(
  globSync('src/**/*.ts')
    .filter((file) => !file.endsWith('.page.ts') && !file.endsWith('/ids.ts'))
    .map((file) => [file, readFileSync(file, 'utf8')]),
);

/** The ids that a page file has. */
async function idsIn(file: string): Promise<string[]> {
  const module = (await import(`../../${file}`)) as Record<string, Record<string, unknown>>;
  return Object.values(module).flatMap((set) => Object.keys(set));
}

describe('the pages of explain', () => {
  it('are each of one id', async () => {
    expect(new Set(PAGE_IDS).size).to.equal(PAGE_IDS.length);
    const inFiles = (await Promise.all(PAGE_FILES.map(idsIn))).flat();
    expect(inFiles.sort()).to.deep.equal([...PAGE_IDS].sort());
  });

  it('lie beside the code that raises the id', async () => {
    for (const file of PAGE_FILES) {
      const beside = file.replace(/\.page\.ts$/, '.ts');
      expect(existsSync(beside), `${beside} is there`).to.equal(true);
      const folder = file.replace(/[^/]+$/, '');
      const code = [...CODE].flatMap(([name, text]) => (name.startsWith(folder) ? [text] : [])).join('\n');
      for (const id of await idsIn(file))
        expect(code.includes(`'${id}'`), `${folder} raises ${id}`).to.equal(true);
    }
  });

  it('say how bad it is as the code does', () => {
    const said = /\bid: '([a-z0-9-]+)'(?: as const)?,\s*severity: ('[^,]*|[^,]*\? '[^,]*),/g;
    const seen = [...CODE.values()].flatMap((text) =>
      [...text.matchAll(said)].flatMap(([, id, severities]) =>
        [...severities!.matchAll(/'(error|warning|info)'/g)].map(([, severity]) => [id!, severity!] as const),
      ),
    );
    expect(seen.length).to.be.greaterThan(50);
    for (const [id, severity] of seen) {
      const page = pageOf(id)?.page;
      expect(page, `a page for ${id}`).to.not.equal(undefined);
      if (page && 'severity' in page) expect(page.severity, id).to.include(severity);
    }
  });

  for (const { id, page } of PAGES)
    it(`${id}: whole sentences, a cure and a source`, () => {
      expect(page.title)
        .to.match(/^[A-Za-z0-9]/)
        .and.not.match(/[.!]$/);
      for (const part of [page.means, page.known, page.matters]) expect(part).to.match(/\.\)?$/);
      expect(page.cure).to.not.be.empty;
      expect(page.sources).to.not.be.empty;
      for (const { url } of page.sources) expect(new URL(url).protocol).to.equal('https:');
      // Typographical quotes can't be pasted into a shell.
      expect(JSON.stringify(page)).to.not.match(/[‘’“”]/);
    });

  it('are found by their id, and not by a name that every object has', () => {
    expect(pageOf('epp-group')?.id).to.equal('epp-group');
    expect(pageOf('toString')).to.equal(null);
    expect(pageOf('')).to.equal(null);
  });
});
