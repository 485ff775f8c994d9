import { expect } from 'chai';
import fc from 'fast-check';
import { readLine } from '../../src/completion/line.ts';
import type { FlagSpecs } from '../../src/completion/spec.ts';

const FLAGS: FlagSpecs = {
  namespace: { type: 'string', alias: 'n' },
  'all-namespaces': { type: 'boolean', alias: 'A' },
  recursive: { type: 'boolean', alias: 'R' },
  pool: { type: 'array' },
  wait: { type: 'boolean', default: true },
};

describe('the command line up to the cursor', () => {
  const rows: [words: string, at: unknown, typed: string, given?: object, positionals?: string[]][] = [
    ['', 'positional', ''],
    ['rou', 'positional', 'rou'],
    ['a b c', 'positional', 'c', {}, ['a', 'b']],
    ['-', 'flag', '-'],
    ['--na', 'flag', '--na'],
    ['-n ', { flag: 'namespace' }, ''],
    ['--namespace te', { flag: 'namespace' }, 'te'],
    ['--namespace=te', { flag: 'namespace' }, 'te'],
    ['-n=te', { flag: 'namespace' }, 'te'],
    ['--pool=a=b', { flag: 'pool' }, 'a=b'],
    ['-n team ', 'positional', '', { namespace: ['team'] }],
    ['--namespace=team x', 'positional', 'x', { namespace: ['team'] }],
    ['-AR x', 'positional', 'x', { 'all-namespaces': ['true'], recursive: ['true'] }],
    ['-An team x', 'positional', 'x', { 'all-namespaces': ['true'], namespace: ['team'] }],
    ['--no-wait ', 'positional', '', { wait: ['true'] }],
    ['--pool a --pool b ', 'positional', '', { pool: ['a', 'b'] }],
    ['--frobnicate x', 'positional', 'x', {}, []],
    ['--no-frobnicate x', 'positional', 'x', {}, []],
    ['-- -x --namespace y', 'positional', 'y', {}, ['-x', '--namespace']],
    // A value may look like a flag: the parser takes the next word whatever it is.
    ['-n -A ', 'positional', '', { namespace: ['-A'] }],
    ['--unknown=x', 'flag', '--unknown=x'],
    ['- x', 'positional', 'x', {}, ['-']],
  ];
  for (const [words, at, typed, given = {}, positionals = []] of rows)
    it(`is read from "${words}"`, () => {
      const line = readLine(words.split(' '), FLAGS);
      expect({ ...line, given: Object.fromEntries(line.given) }).to.deep.equal({
        at,
        typed,
        given,
        positionals,
      });
    });

  it('is read whatever it is, and every word before the cursor is accounted for at most once', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('-n', '-A', '--namespace', '--', '-', '--pool=x', '-AR', '--no-wait', '=', '-=', '--='),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const { given, positionals, typed } = readLine(words, FLAGS);
        expect((words.at(-1) ?? '').endsWith(typed)).to.equal(true);
        const values = [...given.values()].flat().filter((value) => value !== 'true');
        expect(values.length + positionals.length).to.be.at.most(Math.max(words.length - 1, 0));
      }),
    );
  });
});
