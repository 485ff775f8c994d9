// docs/tutorial.md, typed from its first line to its last: each command ends well, and prints what the document says.
// UPDATE_GOLDEN=1 writes the outputs into the document; blocks that elide lines with … keep what they show only when it
// still holds.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { blocksOf, rewrite, type Block } from './document.ts';
import { difference } from './same.ts';
import { Session } from './session.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const path = join(root, 'docs', 'tutorial.md');
const LAB = 'tutorial';
const FOLDER = 'infpool-tutorial';
/** Somebody may be in the middle of it, with a lab of that name, and with backups in that folder. */
const OUR_FOLDER = `${FOLDER}-test`;

describe('docs/tutorial.md', function () {
  this.timeout(600_000);
  const document = readFileSync(path, 'utf8');
  const blocks = blocksOf(document);
  const written: { block: Block; outputs: string[][] }[] = [];
  let outside: Session;
  let inside: Session | undefined;
  let labs: string;
  let env: NodeJS.ProcessEnv;

  before(() => {
    labs = mkdtempSync(join(tmpdir(), 'infpool-tutorial-'));
    env = { ...process.env, INFPOOL_LABS: labs, SHELL: 'bash' };
    rmSync(join(root, OUR_FOLDER), { recursive: true, force: true });
    outside = new Session(['bash'], { cwd: root, env });
  });

  after(async () => {
    await inside?.end();
    await outside.type(`npm run -s lab -- down --name ${LAB}`);
    await outside.end();
    for (const folder of [join(root, OUR_FOLDER), labs]) rmSync(folder, { recursive: true, force: true });
    if (process.env['UPDATE_GOLDEN'] && written.length > 0)
      writeFileSync(path, rewrite(readFileSync(path, 'utf8'), written));
  });

  for (const block of blocks)
    it(`${block.where === 'sh' ? 'runs' : 'prints what it says at'} line ${block.from + 1}`, async function () {
      const outputs: string[][] = [];
      for (const { text, prints, line } of block.commands) {
        const answer = await session(block).type(text.replaceAll(FOLDER, OUR_FOLDER));
        const lines = answer.lines.map((each) =>
          each.replaceAll(root, '~/kubectl-infpool').replaceAll(OUR_FOLDER, FOLDER),
        );
        outputs.push(lines);
        expect(answer.code, `line ${line}: ${text}\n${lines.join('\n')}`).to.equal(0);
        if (prints === undefined) continue;
        const missing = difference(prints, lines);
        if (missing === undefined) outputs.splice(-1, 1, prints);
        else if (!process.env['UPDATE_GOLDEN'])
          expect.fail(`line ${line}: ${text}\n${missing}\n\nprinted:\n${lines.join('\n')}`);
      }
      if (block.where === 'console') written.push({ block, outputs });
    });

  function session({ where }: Block): Session {
    if (where === 'sh') return outside;
    inside ??= new Session(['npm', 'run', '-s', 'lab', '--', 'shell', '--name', LAB], {
      cwd: root,
      env,
    });
    return inside;
  }
});
