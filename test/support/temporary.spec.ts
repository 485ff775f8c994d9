// What `npm test` does with the temporary files of the tests that it runs.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RUN = `
  import { forwardSignals } from './scripts/test/children.ts';
  import { runMocha } from './scripts/test/mocha.ts';
  forwardSignals();
  const { passed, failed } = await runMocha('.', { files: [process.env.SPEC], grep: undefined, complete: true, minutes: 1 });
  console.log('results', passed.length, failed.length);`;

describe('a run of tests', function () {
  this.timeout(30_000);
  let folder: string;

  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'infpool-temporary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs a spec that leaves a folder behind and then does this; SIGTERM comes when it says `ready`. */
  async function run(then: string): Promise<{ left: string; said: string }> {
    const spec = join(folder, 'leaves.spec.mjs');
    writeFileSync(
      spec,
      `import { mkdtempSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      it('leaves a folder', () => {
        console.log('left', mkdtempSync(tmpdir() + '/left-'));
        ${then}
      });`,
    );
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', RUN];
    const env = { ...process.env, SPEC: spec, TMPDIR: folder, TEMP: folder, TMP: folder };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        const before = said;
        said += chunk;
        if (!before.includes('ready') && said.includes('ready')) child.kill('SIGTERM');
      });
    await once(child, 'close');
    return { left: /^left (.+)$/m.exec(said)?.[1] ?? '', said };
  }

  it('removes what a test that failed has left', async () => {
    const { left, said } = await run(`throw new Error('failed');`);
    expect(said).to.contain('results 0 1');
    expect(left).to.match(/left-/);
    expect(left.startsWith(folder), left).to.be.true;
    expect(existsSync(left)).to.be.false;
  });

  it('removes what a test that was ended has left', async () => {
    const { left, said } = await run(
      `console.log('ready'); setInterval(() => {}, 1000); return new Promise(() => {});`,
    );
    expect(said).not.to.contain('passing');
    expect(left).to.match(/left-/);
    expect(existsSync(left)).to.be.false;
  });
});
