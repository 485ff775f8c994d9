import { expect } from 'chai';
import { dirname, join, normalize } from 'node:path';
import { allCommands, CATALOGUE } from '../../src/commands/catalogue.ts';
import { PAGE_IDS } from '../../src/explain/pages.ts';
import { allDocuments } from '../../scripts/docs/all.ts';

const DOCUMENTS = await allDocuments();
const textOf = new Map(DOCUMENTS.map(({ path, text }) => [path, text]));

/** The headings of a text as GitHub makes anchors of them. */
function anchorsOf(text: string): Set<string> {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('the documents that are made from the code', () => {
  it('have every finding and every check, once', () => {
    const all = DOCUMENTS.filter(
      ({ path }) => path.startsWith('docs/findings/') && !path.endsWith('README.md'),
    );
    const headings = all.flatMap(({ text }) => [...text.matchAll(/^## (.+)$/gm)].map(([, id]) => id!));
    expect(headings.sort()).to.deep.equal([...PAGE_IDS].sort());
  });

  it('have every command and every flag that help shows', async () => {
    const text = textOf.get('docs/reference/commands.md')!;
    for (const { name } of CATALOGUE) expect(text).to.contain(`\n## ${name}\n`);
    for (const { flags } of await allCommands())
      for (const [name, flag] of Object.entries(flags))
        expect(text).to.match(new RegExp(`--${flag.default === true ? `no-${name}` : name}[ \`]`));
  });

  it('have links that lead somewhere', () => {
    for (const { path, text } of DOCUMENTS)
      for (const [, link] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (link!.startsWith('https://') || link!.includes('src/report/schema/')) continue;
        const [file, anchor] = link!.split('#');
        const target = file === '' ? path : normalize(join(dirname(path), file!)).replaceAll('\\', '/');
        expect(textOf.has(target), `${path}: ${link}`).to.equal(true);
        if (anchor) expect(anchorsOf(textOf.get(target)!), `${path}: ${link}`).to.include(anchor);
      }
  });

  it('have tables whose rows are as long as their heads, and closed blocks', () => {
    const cells = (line: string) => line.replaceAll('\\|', '').split('|').length;
    for (const { path, text } of DOCUMENTS) {
      for (const [table] of text.matchAll(/(?:^\|.*\n)+/gm)) {
        const [head, ...rows] = table.trimEnd().split('\n');
        for (const line of rows) expect(cells(line), `${path}: ${line}`).to.equal(cells(head!));
      }
      expect(text.match(/^```/gm)?.length ?? 0, path).to.satisfy((fences: number) => fences % 2 === 0);
      expect(text, path).to.match(/[^\n]\n$/);
    }
  });
});
