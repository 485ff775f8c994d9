// Programs that the keeper runs for others: nothing of them is left, however their end comes about.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { isRunning, waitUntilGone, type ProcessId } from '../control-plane/processes.ts';
import { hold } from '../control-plane/protocol.ts';
import { startLab, type Lab } from '../lab.ts';

describe('a program that the keeper holds', function () {
  this.timeout(60_000);
  let lab: Lab;
  before(async () => {
    lab = await startLab({ quiet: true, controllerManager: false });
  });
  after(() => lab?.down());
  const sleeper = (args = ['-e', 'setInterval(() => {}, 1000)']) => ({
    name: 'sleeper',
    program: process.execPath,
    args,
  });

  it('runs with its own environment only, and ends when it is stopped', async () => {
    const held = await hold(lab.dir, { ...sleeper(), env: { A: '1' } });
    expect(isRunning(held.id)).to.equal(true);
    await held.stop();
    expect(isRunning(held.id)).to.equal(false);
    const shown = await hold(lab.dir, {
      ...sleeper(['-e', 'console.log(JSON.stringify(process.env))']),
      name: 'shown',
      env: { A: '1' },
    });
    await shown.exited;
    expect(JSON.parse(lab.log('shown'))).to.deep.equal({ A: '1' });
  });

  it('tells when it has ended by itself', async () => {
    const held = await hold(lab.dir, sleeper());
    process.kill(held.id.pid, 'SIGKILL');
    await held.exited;
    expect(isRunning(held.id)).to.equal(false);
  });

  it('says why it could not be started', async () => {
    const error = await hold(lab.dir, { name: 'none', program: '/no/such/program', args: [] }).catch(String);
    expect(error).to.match(/none did not start/);
  });

  it('ends when the one who asked is killed', async () => {
    const script = join(lab.dir, 'asker.ts');
    const protocol = new URL('../control-plane/protocol.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { hold } from '${protocol}';
const { id } = await hold('${lab.dir}', ${JSON.stringify(sleeper())});
process.send!(id);
setInterval(() => undefined, 1000);`,
    );
    const asker = fork(script, { silent: true });
    const [id] = (await once(asker, 'message')) as [ProcessId];
    expect(isRunning(id)).to.equal(true);
    asker.kill('SIGKILL');
    expect(await waitUntilGone(id, 5)).to.equal(true);
  });

  it('ends with the lab', async () => {
    const held = await hold(lab.dir, sleeper());
    await lab.down();
    expect(isRunning(held.id)).to.equal(false);
    await held.exited;
  });
});
