import { expect } from 'chai';
import { blocksOf, rewrite } from './document.ts';
import { difference } from './same.ts';

describe('what a document says is printed', () => {
  const same: [name: string, documented: string[], printed: string[]][] = [
    ['is the same', ['a', 'b'], ['a', 'b']],
    ['may differ in times', ['took 3.2 s at 20261124T000319Z'], ['took 11 s at 20270101T000000Z']],
    [
      'may differ in ages, and so in the width of columns',
      ['NAME   AGE', 'a      5s'],
      ['NAME AGE', 'a 2m5s'],
    ],
    ['may leave lines out in the middle', ['a', '…', 'd'], ['a', 'b', 'c', 'd']],
    ['may leave lines out at the end', ['a', '…'], ['a', 'b']],
    ['may leave lines out at the beginning', ['…', 'd'], ['a', 'd']],
    ['may leave nothing out', ['a', '…', 'b'], ['a', 'b']],
  ];
  for (const [name, documented, printed] of same)
    it(name, () => expect(difference(documented, printed)).to.equal(undefined));

  const different: [name: string, documented: string[], printed: string[]][] = [
    ['a line that is not printed', ['a', 'b'], ['a']],
    ['a line that is not documented', ['a'], ['a', 'b']],
    ['another line', ['a', 'b'], ['a', 'c']],
    ['a share', ['10 percent'], ['50 percent']],
    ['another order', ['a', '…', 'b', 'c'], ['a', 'c', 'b']],
    ['a line before the end', ['a', '…', 'c'], ['a', 'c', 'd']],
    ['a failed request', ['8 requests, 0 failed'], ['8 requests, 1 failed']],
    ['output where there was none', [], ['a']],
  ];
  for (const [name, documented, printed] of different)
    it(`must not miss ${name}`, () => expect(difference(documented, printed)).to.be.a('string'));
});

describe('a document with commands', () => {
  const document = [
    'text',
    '```sh',
    '# a comment',
    'make it',
    '```',
    '<!-- not run -->',
    '```sh',
    'git clone',
    '```',
    '```console',
    '$ one \\',
    '  two',
    'printed',
    '$ three',
    '```',
    'end',
  ].join('\n');

  it('has blocks of commands and what each prints', () => {
    const [sh, shown, ...others] = blocksOf(document);
    expect(others).to.deep.equal([]);
    expect(sh!.commands).to.deep.equal([{ text: 'make it', prints: undefined, line: 4 }]);
    expect(shown!.commands).to.deep.equal([
      { text: 'one \\\n  two', prints: ['printed'], line: 11 },
      { text: 'three', prints: [], line: 14 },
    ]);
  });

  it('is the same after a rewrite with the same output, and has the new output else', () => {
    const [, block] = blocksOf(document);
    expect(rewrite(document, [{ block: block!, outputs: [['printed'], []] }])).to.equal(document);
    const other = rewrite(document, [{ block: block!, outputs: [['other', 'lines'], []] }]);
    expect(blocksOf(other)[1]!.commands[0]!.prints).to.deep.equal(['other', 'lines']);
  });
});
