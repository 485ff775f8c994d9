// What the binary prints on real terminals of several widths: no line is longer but for what is there to be copied, and
// what a wide terminal shows is on a narrow one, too.
import { expect } from 'chai';
import { withCommands } from '../../src/report/commands.ts';
import { binary, Bench, offline } from './support.ts';
import { inTerminal } from './terminal.ts';

/** All for those with tables, two for what is folded only. */
const NARROW = [60, 80, 100, 120];
const TWO = [60, 100];
const WIDE = 200;

/** Names of ordinary length: kubectl's own tables of them are as wide. */
const NAMES = { release: 'vllm-llama3-8b-instruct-preview' };

/** Those whose whole output is for people; YAML is nobody's to fold. */
const COMMANDS: readonly (readonly [words: string, keys?: string])[] = [
  ['detect'],
  ['detect -o wide'],
  ['status'],
  ['status -o wide'],
  ['crds'],
  ['verify --no-probe'],
  ['verify --no-probe -o wide'],
  ['auth split --check'],
  ['split 10'],
  ['cleanup'],
  ['convert --apply OFFLINE', 'n\n'],
  ['rollback'],
  ['explain no-counterpart'],
  ['status no-such-pool'],
  ['split 10 --context no-such-context'],
  ['--help'],
];

describe('a terminal', function () {
  this.timeout(60_000);
  let bench: Bench;
  let files: string[];

  before(async () => {
    bench = await Bench.start();
    await bench.preview('team-a', NAMES);
    files = await offline();
  });
  after(() => bench?.end());

  function shown(
    words: string,
    columns: number,
    keys = '',
  ): Promise<{ code: number | null; screen: string }> {
    const args = words
      .split(' ')
      .flatMap((word) => (word === 'OFFLINE' ? [...files, '-n', 'team-a'] : [word]));
    const env = { ...process.env, ...bench.lab.env, KUBECONFIG: bench.lab.kubeconfig('admin') };
    return inTerminal(binary, args, { columns, env, cwd: bench.cwd, keys });
  }

  for (const [words, keys] of COMMANDS)
    it(`of 60 to 120 columns holds what a wide one shows: ${words}`, async () => {
      const widths = /^(?:detect|status|crds|verify)/.test(words) ? NARROW : TWO;
      const [wide, ...narrow] = await Promise.all(
        [WIDE, ...widths].map((columns) => shown(words, columns, keys)),
      );
      expect(wide!.screen.length).to.be.above(40);
      for (const [index, { code, screen }] of narrow.entries()) {
        expect(tooLong(screen, widths[index]!), screen).to.deep.equal([]);
        expect(code).to.equal(wide!.code);
        expect(missing(wide!.screen, screen), `${widths[index]} columns\n${screen}`).to.deep.equal([]);
      }
    });

  it('of 100 columns has a status in rows, and the next command whole below', async () => {
    const { screen } = await shown('status', 100);
    expect(screen).to.match(/^team-a +vllm-llama3-8b-instruct-preview +- +Preview +0%$/m);
    expect(screen).to.match(
      /^Next:\n {2}kubectl infpool convert vllm-llama3-8b-instruct-preview --apply -n team-a$/m,
    );
  });

  it('that does not know its width gets lines as they are', async () => {
    const [unknown, wide] = await Promise.all([shown('detect', 0), shown('detect', 1000)]);
    expect(unknown).to.deep.equal(wide);
  });

  it('is none where output is piped: each row is one line, for grep', async () => {
    const { stdout } = await bench.done(['detect', '-o', 'wide']);
    const { screen } = await shown('detect -o wide', 1000);
    expect(screen.startsWith(stdout.trimEnd())).to.be.true;
  });
});

/** Lines over the width that have a place to be broken at. */
function tooLong(screen: string, columns: number): string[] {
  return screen.split('\n').filter((line) => {
    if (line.length <= columns) return false;
    const whole = withCommands(line).flatMap((part, index) => (index % 2 === 1 ? [part] : part.split(' ')));
    const longest = Math.max(...whole.map((word) => word.length));
    // Its indent, the sign of a list and a full stop stand with it.
    const indent = /^[ →√×…=!\d.]*/.exec(line)![0].length;
    return indent + longest + 2 < line.length;
  });
}

/** Words of the wide screen that the narrow one lacks. Headings of columns that stand below a row have a colon there. */
function missing(wide: string, narrow: string): string[] {
  const words = new Set(narrow.split(/\s+/).map((word) => word.replace(/:$/, '')));
  return wide.split(/\s+/).filter((word) => !words.has(word.replace(/:$/, '')));
}
