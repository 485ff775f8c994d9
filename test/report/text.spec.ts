import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { table } from '../../src/report/table.ts';
import { count, folded, paint, percentText, PLAIN, safe, shellWord, wrap } from '../../src/report/text.ts';
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

describe('lines for a terminal', () => {
  it('are folded each, further in than they begin', () => {
    expect(folded('one two three\n  √ four five six\n  12. seven eight', 10)).to.equal(
      'one two\n  three\n  √ four\n    five\n    six\n  12. seven\n      eight',
    );
    expect(folded('one two three\n', Infinity)).to.equal('one two three\n');
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

  it('leaves a command whole, and begins it on a line of its own where it does not fit', () => {
    const hint =
      '  → Make one: kubectl infpool convert my-pool -n team --apply; or name the pools with --pool.';
    expect(wrap(hint, 44, '    ').split('\n')).to.deep.equal([
      '  → Make one:',
      '    kubectl infpool convert my-pool -n team --apply;',
      '    or name the pools with --pool.',
    ]);
    // The sign stays with it.
    expect(wrap('  → kubectl get pods -n llm; then wait.', 20, '    ')).to.equal(
      '  → kubectl get pods -n llm;\n    then wait.',
    );
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

  const head = ['Namespace', 'Pool', 'Phase', 'Because'];
  const rows = [
    ['team-a', 'a-pool-with-a-long-name', 'Splitting', 'it was so before, and is so now, and will be'],
    ['team-b', 'other', 'Preview', '-'],
  ];

  it('folds its last column where a terminal is narrow', () => {
    expect(table(head, rows, 80).trimEnd().split('\n')).to.deep.equal([
      'NAMESPACE   POOL                      PHASE       BECAUSE',
      'team-a      a-pool-with-a-long-name   Splitting   it was so before, and is so',
      '                                                  now, and will be',
      'team-b      other                     Preview     -',
    ]);
    expect(table(head, rows, 200)).to.equal(table(head, rows));
  });

  it('breaks no command to fold it', () => {
    const next = 'kubectl infpool split --pool a-pool-with-a-long-name 10 -n team-a';
    expect(table(['Phase', 'Next'], [['Splitting', next]], 60)).to.equal(
      `PHASE\nSplitting\n    NEXT:\n      ${next}\n`,
    );
  });

  it('has what finds no room below its row, where a terminal is narrower', () => {
    expect(table(head, rows, 42).trimEnd().split('\n')).to.deep.equal([
      'NAMESPACE   POOL',
      'team-a      a-pool-with-a-long-name',
      '    PHASE: Splitting',
      '    BECAUSE: it was so before, and is so',
      '      now, and will be',
      'team-b      other',
      '    PHASE: Preview   BECAUSE: -',
    ]);
  });

  it('is no wider than the terminal but for a name, and loses no cell', () => {
    const cell = fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,8}){0,3}$/);
    const any = fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(any, fc.integer({ min: 30, max: 120 }), (cells, width) => {
        const text = table(head, cells, width);
        const first = Math.max(...cells.map(([name]) => name.length));
        for (const line of text.split('\n')) expect(line.length, line).to.be.at.most(Math.max(width, first));
        const words = (of: string) => of.split(/\s+/).sort().join(' ');
        for (const word of words(cells.flat().join(' ')).split(' ')) expect(text).to.include(word);
      }),
    );
  });

  it('is drawn for thousands of rows in no time', function () {
    this.timeout(5000);
    const rows = Array.from({ length: 5000 }, (_, index) => [`pool-${index}`, 'x', 'y', 'z']);
    expect(table(['a', 'b', 'c', 'd'], rows).split('\n')).to.have.length(5002);
  });
});
