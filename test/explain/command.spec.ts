import { expect } from 'chai';
import { run } from '../../src/cli.ts';
import { allCommands } from '../../src/commands/catalogue.ts';
import type { Command } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';
import { CHAPTERS, PAGE_IDS } from '../../src/explain/pages.ts';
import { faults, lacking, schemaOf } from '../support/schemas.ts';

const STYLE = { color: false, width: 80 };

interface Said {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line without a cluster; whoever asks for one fails the test. */
async function say(...argv: string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const context = {
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (err += text) },
    style: STYLE,
    outStyle: STYLE,
    interactive: false,
    cwd: '/',
    version: { version: '0', commit: '', date: '' },
  } as unknown as Context;
  const exitCode = await run(argv, context);
  return { exitCode, out, err };
}

describe('explain', () => {
  it('prints a page for the terminal, no line of it wider', async () => {
    const { exitCode, out } = await say('explain', 'target-models-lost');
    expect(exitCode).to.equal(0);
    expect(out).to.match(/^target-models-lost \(error\): /);
    for (const heading of ['What it means', 'How we know', 'Why it matters', 'What to do', 'Sources'])
      expect(out).to.contain(`\n${heading}\n`);
    expect(out).to.contain('\n    kubectl infpool convert POOL -n NAMESPACE --release v1.3.1\n');
    const prose = out.split('\n').filter((line) => !/^ {4}/.test(line));
    expect(Math.max(...prose.map((line) => line.length))).to.be.at.most(80);
  });

  it('takes an id as it stands in a message', async () => {
    const plain = await say('explain', 'epp-group');
    expect(await say('explain', '[epp-group]')).to.deep.equal(plain);
    expect(await say('explain', 'epp-group:')).to.deep.equal(plain);
  });

  it('lists all ids with their titles where none is given', async () => {
    const { exitCode, out, err } = await say('explain');
    expect(exitCode).to.equal(0);
    for (const id of PAGE_IDS) expect(out).to.match(new RegExp(`^ {2}${id} `, 'm'));
    for (const { heading } of CHAPTERS) expect(out).to.contain(heading);
    expect(err).to.contain('kubectl infpool explain ID');
  });

  it('says what is nearest to an id that there is not', async () => {
    const { exitCode, out, err } = await say('explain', 'epp-grup');
    expect([exitCode, out]).to.deep.equal([1, '']);
    expect(err).to.contain('There is no finding or check "epp-grup".').and.to.contain('explain epp-group');
    expect((await say('explain', '0123456789')).err).to.contain('All of them: kubectl infpool explain');
  });

  it('prints Markdown and JSON that say the same', async () => {
    const markdown = (await say('explain', 'epp-group', '-o', 'markdown')).out;
    expect(markdown)
      .to.match(/^# epp-group\n/)
      .and.to.match(/```sh\nkubectl edit .*\n/);
    expect(markdown.match(/^```/gm)!.length % 2).to.equal(0);
    const page = JSON.parse((await say('explain', 'epp-group', '-o', 'json')).out) as Record<string, unknown>;
    expect(page).to.include({ apiVersion: 'kubectl-infpool/v1', kind: 'Explanation', id: 'epp-group' });
    const list = JSON.parse((await say('explain', '-o', 'json')).out) as { items: { id: string }[] };
    expect(list.items.map(({ id }) => id)).to.deep.equal(PAGE_IDS);
  });

  it('prints a list that its schema takes, and none that lacks a field', async () => {
    const validate = schemaOf('explanationList');
    const list = JSON.parse((await say('explain', '-o', 'json')).out) as { items: object[] };
    expect(faults(validate, list)).to.equal('');
    for (const [path, without] of lacking(list)) expect(validate(without), path).to.equal(false);
    const other = { ...list, items: [{ ...list.items[0], kind: 'great' }] };
    expect(validate(other)).to.equal(false);
  });

  it('prints JSON of every page that its schema takes, and none that lacks a field', async () => {
    const validate = schemaOf('explanation');
    const pages = JSON.parse((await say('explain', ...PAGE_IDS, '-o', 'json')).out) as object[];
    expect(pages).to.have.length(PAGE_IDS.length);
    for (const page of pages) expect(validate(page), JSON.stringify(validate.errors)).to.equal(true);
    for (const field of ['kind', 'id', 'means', 'cure', 'sources'])
      expect(validate({ ...pages[0], [field]: undefined }), field).to.equal(false);
  });

  it('is completed with the ids that are not there yet', async () => {
    const { out } = await say('__complete', 'explain', 'epp-pool', 'epp-');
    expect(out)
      .to.match(/^epp-group\tThe endpoint picker looks/m)
      .and.not.match(/^epp-pool\t/m);
  });
});

/** Our own commands in a step: of a command with pipes the parts that are ours. */
function ours(step: string): string[] {
  if (!step.startsWith('$ ')) return [];
  return step
    .slice(2)
    .split(' | ')
    .filter((part) => part.startsWith('kubectl infpool '));
}

describe('the commands in pages', () => {
  const reached: string[] = [];
  let undo: (() => void)[] = [];

  // The parser is the program's own; what a command would do is left out.
  before(async () => {
    for (const command of (await allCommands()) as { -readonly [Key in keyof Command]: Command[Key] }[]) {
      const { run: itsOwn } = command;
      command.run = () => Promise.resolve((reached.push(command.name), 0));
      undo.push(() => (command.run = itsOwn));
    }
  });
  after(() => {
    for (const back of undo) back();
    undo = [];
  });

  for (const { id, page } of CHAPTERS.flatMap(({ pages }) => pages))
    for (const line of page.cure.flatMap(ours))
      it(`${id}: ${line}`, async () => {
        const words = line.split(' ').slice(2);
        const { exitCode, err } = await say(...words);
        expect(err).to.equal('');
        expect([exitCode, reached.at(-1)]).to.deep.equal([0, words[0]]);
      });

  it('would be told apart from ones that do not parse', async () => {
    expect((await say('verify', '--no-such-flag')).exitCode).to.equal(1);
  });
});
