// What the documents say to type must exist: each command of ours in README.md and docs/ parses, and each link leads to a file.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { run } from '../../src/cli.ts';
import { CATALOGUE } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => join('docs', file));
const files = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...docs].filter((file) =>
  existsSync(join(root, file)),
);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Lines of fenced blocks that begin with our command, with or without a prompt; comments, pipes and redirections cut off. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|console)\n([\s\S]*?)^```$/gm)].flatMap(([, body]) =>
    body!.split('\n'),
  );
  return blocks
    .map((line) => /^(?:\$ )?kubectl infpool (.*)$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
    .map((line) =>
      line
        .replace(/ +#.*$/, '')
        .split(/ (?:\||&&|2?>) ?/)[0]!
        .trim(),
    );
}

const words = (line: string) =>
  (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));

describe('the documents', () => {
  const reached: string[] = [];
  const undo: (() => void)[] = [];

  before(async () => {
    for (const entry of CATALOGUE) {
      const command = (await entry.load()) as { -readonly [Key in keyof Command]: Command[Key] };
      const { run: itsOwn } = command;
      command.run = () => Promise.resolve((reached.push(command.name), 0));
      undo.push(() => (command.run = itsOwn));
    }
  });
  after(() => undo.forEach((back) => back()));

  for (const file of files) {
    const lines = [...new Set(commandsIn(textOf(file)))].filter((line) => !line.startsWith('…'));
    if (lines.length > 0)
      it(`${file}: its ${lines.length} commands parse`, async () => {
        for (const line of lines) {
          let said = '';
          const context = {
            stderr: { write: (piece: string) => void (said += piece) },
            style: { color: false },
          };
          const code = await run(words(line), context as unknown as Context);
          expect([code, reached.at(-1)], `${line}\n${said}`).to.deep.equal([0, words(line)[0]]);
        }
      });

    it(`${file}: reads well on GitHub: every block is closed and says its language, tables are Markdown`, () => {
      const text = textOf(file);
      const fences = [...text.matchAll(/^ *```(.*)$/gm)].map(([, language]) => language!);
      expect(fences.length % 2).to.equal(0);
      for (const [index, language] of fences.entries())
        expect(language, `block ${Math.floor(index / 2) + 1}`).to.match(index % 2 === 0 ? /^[a-z]+$/ : /^$/);
      const prose = text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`]*`/g, '');
      expect(prose.match(/<(?!!--)\/?[a-z][^>]*>/gi) ?? []).to.deep.equal([]);
    });

    it(`${file}: its links lead somewhere`, () => {
      const text = textOf(file);
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!);
      for (const link of links.filter((to) => !/^[a-z]+:/.test(to))) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? join(root, file) : join(root, dirname(file), path);
        expect(existsSync(target), `${file} → ${link} (${relative(root, target)})`).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(target), `${file} → ${link}`).to.include(anchor);
      }
    });
  }
});

/** As GitHub makes them of headings: the second of a name gets a number. What stands in a block is no heading. */
function anchorsOf(file: string): string[] {
  const seen = new Map<string, number>();
  const prose = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title]) => {
    const anchor = title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}
