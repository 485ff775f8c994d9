import { expect } from 'chai';
import fc from 'fast-check';
import { answerText } from '../../src/completion/answer.ts';
import { flagCandidates } from '../../src/completion/candidates.ts';
import { readLine } from '../../src/completion/line.ts';
import type { FlagSpecs } from '../../src/completion/spec.ts';

describe('the answer to a shell', () => {
  it('is a candidate a line, a tab before its description, and the directive', () => {
    const candidates = [
      { value: 'split', about: 'Send traffic' },
      { value: 'status', about: '' },
      { value: 'verify', about: '' },
    ];
    expect(answerText(candidates, 's', 36)).to.equal('split\tSend traffic\nstatus\n:36\n');
    expect(answerText([], '', 4)).to.equal(':4\n');
  });

  it('has each candidate once, and none that could be a command to a terminal', () => {
    const values = ['a', 'a', 'a\u001b[31m', 'a\nb', 'a\u202eb', 'a\u009b1m'];
    expect(
      answerText(
        values.map((value) => ({ value, about: 'x\ty\u001b[2J\nz' })),
        '',
        0,
      ),
    ).to.equal('a\tx y [2J z\n:0\n');
  });

  it('always ends in the directive alone, whatever names a cluster has', () => {
    const candidate = fc.record({
      value: fc.string({ unit: 'binary', maxLength: 8 }),
      about: fc.string({ unit: 'binary', maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 5 }), fc.string({ maxLength: 1 }), (candidates, typed) => {
        const lines = answerText(candidates, typed, 4).split('\n');
        expect(lines.slice(-2)).to.deep.equal([':4', '']);
        for (const line of lines.slice(0, -2)) {
          const [value, ...about] = line.split('\t');
          expect(value!.startsWith(typed) && value !== '').to.equal(true);
          expect(about.length).to.be.at.most(1);
          expect(line.replace('\t', '')).not.to.match(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the flags that may still be given', () => {
  const flags: FlagSpecs = {
    namespace: { type: 'string', alias: 'n', describe: 'Namespace' },
    wait: { type: 'boolean', default: true, describe: 'Wait' },
    yes: { type: 'boolean', alias: 'y' },
    pool: { type: 'array' },
    filename: { type: 'string', describe: 'A file; repeatable' },
  };
  const offered = (words: string) =>
    flagCandidates(flags, readLine(words.split(' '), flags)).map(({ value }) => value);

  it('are all of them by their long names, what is on by default to be turned off', () => {
    expect(offered('--')).to.deep.equal(['--namespace', '--no-wait', '--yes', '--pool', '--filename']);
  });

  it('are not those given already, by whichever name, unless they can be repeated', () => {
    expect(offered('-n x --no-wait -y --pool a --filename f --')).to.deep.equal(['--pool', '--filename']);
  });

  it('are a short one for who typed it', () => {
    expect(offered('-n')[0]).to.equal('-n');
    expect(offered('-')).not.to.include('-n');
  });
});
