import { expect } from 'chai';
import { CATALOGUE } from '../../src/commands/catalogue.ts';
import { helpOf } from '../../src/commands/helpText.ts';
import { helpAskedFor, helpWidth } from '../../src/commands/usage.ts';

const lines = (text: string) => text.replace(/\n$/, '').split('\n');
/** What is to be pasted, and names that can't be broken, may be longer than the terminal is wide. */
const breakable = (line: string) => !line.startsWith('  kubectl infpool ') && line.trim().includes(' ');

describe('help', () => {
  for (const entry of CATALOGUE)
    describe(entry.name, () => {
      for (const width of [80, 100, 120, 200])
        it(`-h is under 25 lines in ${width} columns`, async () => {
          const text = helpOf(await entry.load(), 'short', helpWidth(width));
          expect(lines(text).length, text).to.be.below(25);
        });

      for (const width of [40, 60, 72, 80, 120, 200])
        it(`no line is longer than a terminal of ${width} columns`, async () => {
          const command = await entry.load();
          for (const kind of ['short', 'whole'] as const)
            for (const line of lines(helpOf(command, kind, helpWidth(width))).filter(breakable))
              expect(line.length, line).to.be.at.most(Math.max(40, width));
        });

      it('--help has every flag that is not hidden, once, and every example', async () => {
        const command = await entry.load();
        const text = helpOf(command, 'whole', 100);
        for (const [name, { hidden }] of Object.entries(command.flags)) {
          const rows = lines(text).filter((line) => / {2}(?:-\w,| {3}) --([\w-]+)/.exec(line)?.[1] === name);
          expect(rows, name).to.have.length(hidden === true ? 0 : 1);
        }
        for (const [example] of command.examples) expect(text).to.include(`  kubectl infpool ${example}\n`);
      });

      it('has at least one example', async () => {
        expect((await entry.load()).examples).to.not.deep.equal([]);
      });
    });

  it('is asked for by -h and --help, not after --', () => {
    expect(helpAskedFor(['x', '-h'])).to.equal('short');
    expect(helpAskedFor(['x', '--help', '-h'])).to.equal('whole');
    expect(helpAskedFor(['--', '-h'])).to.equal(undefined);
    expect(helpAskedFor(['-n', 'help'])).to.equal(undefined);
  });
});
