import { expect } from 'chai';
import { existsSync, globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { CHAPTERS, PAGE_IDS, pageOf } from '../../src/explain/pages.ts';

const PAGES = CHAPTERS.flatMap(({ pages }) => pages);
const PAGE_FILES = globSync('src/**/*.page.ts').sort();
const CODE = globSync('src/**/*.ts').filter(
  (file) => !file.endsWith('.page.ts') && !file.endsWith('/ids.ts'),
);

/** String literals of a file, but for those in types. */
function literalsOf(file: string): Set<string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const literals = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node)) literals.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return literals;
}

/** What object literals of a file say of an id and its severity, where both are plain words. */
function severitiesIn(file: string): [id: string, severity: string][] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found: [string, string][] = [];
  const wordsOf = (node: ts.Node): string[] => {
    if (ts.isStringLiteral(node)) return [node.text];
    if (ts.isAsExpression(node) || ts.isParenthesizedExpression(node)) return wordsOf(node.expression);
    if (ts.isConditionalExpression(node)) return [...wordsOf(node.whenTrue), ...wordsOf(node.whenFalse)];
    return [];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const value = (name: string) =>
        node.properties.flatMap((property) =>
          ts.isPropertyAssignment(property) && ts.isIdentifier(property.name) && property.name.text === name
            ? wordsOf(property.initializer)
            : [],
        );
      const [ids, severities] = [value('id'), value('severity')];
      // Of an id that is one of two the severity belongs to one of them: which, is not looked at.
      if (ids.length === 1)
        found.push(...severities.map((severity): [string, string] => [ids[0]!, severity]));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The ids that a page file has, as keys with a `title`. */
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
      const folder = file.replace(/[^/]+$/, '');
      expect(existsSync(beside), `${beside} is there`).to.equal(true);
      const literals = new Set(
        CODE.filter((code) => code.startsWith(folder)).flatMap((code) => [...literalsOf(code)]),
      );
      for (const id of await idsIn(file)) expect(literals.has(id), `${folder} raises ${id}`).to.equal(true);
    }
  });

  it('say how bad it is as the code does', () => {
    const seen = CODE.flatMap(severitiesIn);
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
