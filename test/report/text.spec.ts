import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { table } from '../../src/report/table.ts';
import { count, paint, percentText, PLAIN, safe, shellWord, wrap } from '../../src/report/text.ts';
import { textWidth } from '../../src/report/width.ts';

describe('text from a cluster', () => {
  it('loses everything that could move a cursor, hide or turn text around', () => {
    for (const bad of [
      '\u0000',
      '\u001b',
      '\u0007',
      '\r',
      '\u007f',
      '\u009b',
      '\u00ad',
      '\u061c',
      '\u200b',
      '\u202e',
      '\u2066',
      '\u2060',
      '\ufeff',
      '\u{e0041}',
    ])
      expect(safe(`a${bad}b`), JSON.stringify(bad)).to.equal('ab');
    expect(safe('\u001b[31mred\u001b[0m')).to.equal('[31mred[0m');
  });

  it('stays on one line', () => {
    expect(safe('a\nb\tc')).to.equal('a b c');
  });

  it('keeps what people write', () => {
    for (const fine of ['Grüße', '日本語', '🚀', 'a b', '«»', "it's"]) expect(safe(fine)).to.equal(fine);
  });
});

describe('a word for the shell', () => {
  for (const [word, quoted] of [
    ['llm-route', 'llm-route'],
    ['httproutes.gateway.networking.k8s.io/a', 'httproutes.gateway.networking.k8s.io/a'],
    ['a=b,c:d@e%f+g', 'a=b,c:d@e%f+g'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$(x)', "'$(x)'"],
    ['a\nb', "'a\nb'"],
    ['~', "'~'"],
    ['a[0]', "'a[0]'"],
  ] as const)
    it(`is ${JSON.stringify(quoted)} for ${JSON.stringify(word)}`, () =>
      expect(shellWord(word)).to.equal(quoted));

  it('comes out of a real shell as it went in', () => {
    const words = fc.sample(
      fc.string({ unit: 'binary' }).filter((word) => !word.includes('\u0000') && word.isWellFormed()),
      100,
    );
    const out = execFileSync('bash', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(out.split('\u0000').slice(0, -1)).to.deep.equal(words);
  });
});

describe('wrapping', () => {
  it('indents what follows, and keeps what stands before', () => {
    expect(wrap('  → one two three four', 13, '    ')).to.equal('  → one two\n    three\n    four');
    expect(wrap('  short', 80, '    ')).to.equal('  short');
    expect(wrap('one two', Infinity, '')).to.equal('one two');
  });

  it('leaves a long word whole, so that it can be copied', () => {
    expect(wrap(`a ${'x'.repeat(50)} b`, 20, '  ')).to.equal(`a\n  ${'x'.repeat(50)}\n  b`);
  });

  it('counts no colours', () => {
    const red = paint({ color: true, width: 10 }, 'red', 'error');
    expect(wrap(`${red}: abc`, 10, '')).to.equal(`${red}: abc`);
  });

  it('loses no word and makes no line longer than it must', () => {
    const text = fc
      .array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('', '  ', '      '),
        (words, width, lead) => {
          const lines = wrap(`${lead}${words}`, width, '    ').split('\n');
          expect(lines.map((line) => line.trim()).join(' ')).to.equal(words);
          expect(lines[0]!.startsWith(lead)).to.be.true;
          for (const line of lines) if (line.trim().includes(' ')) expect(line.length).to.be.at.most(width);
        },
      ),
    );
  });
});

describe('numbers in words', () => {
  it('are percents with two digits at most', () => {
    expect([null, 0, 50, 100 / 3, 99.999, 0.001].map(percentText)).to.deep.equal([
      '-',
      '0%',
      '50%',
      '33.33%',
      '100%',
      '0%',
    ]);
  });

  it('count one and many', () => {
    expect([0, 1, 2].map((number) => count(number, 'pool'))).to.deep.equal(['0 pools', '1 pool', '2 pools']);
  });

  it('are coloured only where colour is wanted', () => {
    expect(paint(PLAIN, 'red', 'x')).to.equal('x');
    expect(paint({ color: true, width: 1 }, 'red', 'x')).to.equal('\u001b[31mx\u001b[0m');
  });
});

describe('a table', () => {
  it('has upper case headings, three spaces between columns and none at the end', () => {
    expect(
      table(
        ['Name', 'On v1'],
        [
          ['a', '50%'],
          ['longer', ''],
        ],
      ),
    ).to.equal('NAME     ON V1\na        50%\nlonger\n');
    expect(table(['A', 'B'], [])).to.equal('A   B\n');
  });

  it('lines up whatever is in its cells', () => {
    const lines = table(
      ['x', 'y'],
      [
        ['日本', '1'],
        ['🚀', '2'],
        ['é', '3'],
        ['a\nb\u001b', '4'],
      ],
    )
      .trimEnd()
      .split('\n');
    const columns = lines.map((line) => textWidth(line.slice(0, line.lastIndexOf(line.trimEnd().at(-1)!))));
    expect(new Set(columns).size, lines.join('|')).to.equal(1);
    expect(lines).to.have.length(5);
  });

  it('is drawn for thousands of rows in no time', function () {
    this.timeout(5000);
    const rows = Array.from({ length: 5000 }, (_, index) => [`pool-${index}`, 'x', 'y', 'z']);
    expect(table(['a', 'b', 'c', 'd'], rows).split('\n')).to.have.length(5002);
  });
});
