import { expect } from 'chai';
import { parsable } from '../../src/commands/words.ts';

const FLAGS = {
  output: { type: 'string', alias: 'o' },
  namespace: { type: 'string', alias: 'n' },
  'all-namespaces': { type: 'boolean', alias: 'A' },
  yes: { type: 'boolean', alias: 'y' },
};

describe('the words of a command line', () => {
  const rows: [typed: string, read: string][] = [
    ['-ojson', '-o json'],
    ['-ny', '-n y'],
    ['-Aojson x', '-A -o json x'],
    ['-Ay', '-Ay'],
    ['-o=json', '-o=json'],
    ['-oa=b', '-o a=b'],
    ['-Ao=json', '-Ao=json'],
    ['-o json', '-o json'],
    ['-n -ojson', '-n -ojson'],
    ['--namespace -ojson', '--namespace -ojson'],
    ['--output=json -nx', '--output=json -n x'],
    ['-xojson', '-xojson'],
    ['-- -ojson', '-- -ojson'],
    ['- --frobnicate', '- --frobnicate'],
  ];
  for (const [typed, read] of rows)
    it(`${typed} is ${read}`, () => {
      expect(parsable(typed.split(' '), FLAGS)).to.deep.equal(read.split(' '));
    });

  it('keep an empty value', () => {
    expect(parsable(['-n', '', '--output='], FLAGS)).to.deep.equal(['-n', '', '--output=']);
  });

  it('end in no flag that wants a value', () => {
    for (const last of ['-n', '--namespace', '-An'])
      expect(() => parsable(['x', last], FLAGS)).to.throw(`${last} needs a value.`);
  });
});
