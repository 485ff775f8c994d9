import { expect } from 'chai';
import { allCommands } from '../../src/commands/catalogue.ts';
import { readLine } from '../../src/completion/line.ts';
import { sourceOfFlag, sourcesOfArgument } from '../../src/completion/sources.ts';
import { takesValue } from '../../src/completion/spec.ts';

const COMMANDS = await allCommands();

/** What the user alone can know. A flag that is neither here nor completed has been forgotten. */
const FREE_TEXT = [
  'address',
  'as',
  'as-group',
  'as-uid',
  'field-manager',
  'interval',
  'max-error-rate',
  'priority',
  'probe-timeout',
  'probes',
  'prompt',
  'request-timeout',
  'selector',
  'server',
  'set',
  'steps',
  'timeout',
  'tls-server-name',
  'token',
];

describe('what completes', () => {
  for (const { name, flags } of COMMANDS)
    it(`the flags of ${name}: each is free text or has a source`, () => {
      const nothing = Object.entries(flags)
        .filter(([flag, spec]) => takesValue(spec) && sourceOfFlag(flag, flags) === 'nothing')
        .map(([flag]) => flag);
      expect(nothing.filter((flag) => !FREE_TEXT.includes(flag))).to.deep.equal([]);
    });

  it('the arguments of every command: each is known', () => {
    for (const { positionals, flags } of COMMANDS) {
      const sources = sourcesOfArgument(positionals, readLine([''], flags));
      expect(sources.includes('nothing'), positionals).to.equal(false);
      expect(sources.length > 0, positionals).to.equal(positionals !== '');
    }
  });

  const flags = { weight: {}, filename: { alias: 'f' } };
  const rows: [usage: string, words: string, sources: unknown[]][] = [
    ['[POOL...]', '', ['pools']],
    ['[POOL...]', 'a b ', ['pools']],
    ['[POOL] [ROUTE]', 'a ', ['routes']],
    ['[POOL] [ROUTE]', 'a b ', []],
    ['[FILE]', '', ['nothing']],
    ['[POOL...]', '-f x ', []],
    ['[ROUTE...] [N]', '', ['routes', 'percents']],
    ['[ROUTE...] [N]', 'a b ', ['routes', 'percents']],
    ['[ROUTE...] [N]', 'a 50 ', []],
    ['[ROUTE...] [N]', '--weight 50 ', ['routes']],
    ['[install]', '', [{ words: ['install'] }]],
    ['[install]', 'install ', []],
    ['bash|zsh', '', [{ words: ['bash', 'zsh'] }]],
    ['', '', []],
  ];
  for (const [usage, words, sources] of rows)
    it(`the argument at the end of "${words}" for ${usage || 'no arguments'}`, () => {
      expect(sourcesOfArgument(usage, readLine(words.split(' '), flags))).to.deep.equal(sources);
    });
});
