// A backup is whole or not there, at whatever step on the disk its writer dies; and the same command then goes on.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parseManifests } from '../lab/kube.ts';
import { alphaPool, model } from '../e2e/samples.ts';
import { expectWhole } from './crash.ts';
import { Folder } from './stage.ts';

const writer = fileURLToPath(new URL('backupWriter.main.ts', import.meta.url));
const OBJECTS = [alphaPool('mine', 'food'), model('mine', 'a', 'food'), model('mine', 'b', 'food')];

describe('a backup whose writer dies', function () {
  this.timeout(60_000);
  let folder: Folder;
  let path: string;

  beforeEach(() => {
    folder = new Folder();
    path = join(folder.path, 'backup.yaml');
  });
  afterEach(() => folder.remove());

  const write = (step = 0, moment = '', objects: object[] = OBJECTS) =>
    spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', writer, path, String(step), moment, JSON.stringify(objects)],
      { encoding: 'utf8' },
    );

  it('is whole or not there, and is written or kept when that is run again', () => {
    const steps = Number(write().stdout);
    expect(steps).to.be.above(6);
    for (let step = 1; step <= steps; step++)
      for (const moment of ['before', 'during', 'after']) {
        const where = `${moment} step ${step}`;
        folder.clear();
        const { signal } = write(step, moment);
        if (moment !== 'during') expect(signal, where).to.equal('SIGKILL');
        if (existsSync(path)) expectWhole('backup.yaml', readFileSync(path, 'utf8'), where);
        const again = write();
        expect(again.status, `${where}: ${again.stderr}`).to.equal(0);
        expectWhole('backup.yaml', readFileSync(path, 'utf8'), where);
      }
  });

  it('never goes over a file that has not all of it, or has it otherwise', () => {
    write();
    const before = readFileSync(path, 'utf8');
    const changed = [{ ...OBJECTS[0]!, spec: {} }];
    for (const objects of [[...OBJECTS, model('mine', 'c', 'food')], changed]) {
      const { status, stderr } = write(0, '', objects);
      expect({ status, stderr }).to.deep.include({ status: 1 });
      expect(stderr).to.match(/the file is there already\. Nothing was deleted\.$/);
    }
    expect(readFileSync(path, 'utf8')).to.equal(before);
    expect(folder.files().map(({ name }) => name)).to.deep.equal(['backup.yaml']);
  });

  it('has them already where what is left to delete is in the first one', () => {
    write();
    const { status, stderr } = write(0, '', OBJECTS.slice(1));
    expect({ status }).to.deep.equal({ status: 0 });
    expect(stderr).to.match(/^Backup of 2 objects: .* has them already$/m);
    expect(parseManifests(readFileSync(path, 'utf8'))).to.have.length(3);
  });
});
