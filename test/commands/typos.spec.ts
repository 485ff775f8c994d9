import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { Context } from '../../src/commands/context.ts';
import { parsePriorities } from '../../src/commands/conversion.ts';
import { restore } from '../../src/commands/restore.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function hintOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as UserError).hint;
  }
  return '';
}

describe('--priority', () => {
  it('names what was meant', () => {
    expect(hintOf(() => parsePriorities('Critcal=3'))).to.match(/^Did you mean Critical=3\? As in: /);
    expect(hintOf(() => parsePriorities('Critical=2,sheddable=-1'))).to.match(/^Did you mean Sheddable=-1\?/);
  });

  it('guesses nothing where nothing is near, or where it is the number that is wrong', () => {
    for (const text of ['zzz=1', 'Critical=high', 'toString=1', 'Critical'])
      expect(
        hintOf(() => parsePriorities(text)),
        text,
      ).to.match(/^As in: --priority Critical=2/);
    expect(parsePriorities('Critical=3, Sheddable=-5')).to.include({ Critical: 3, Sheddable: -5 });
  });
});

describe('restore of a file that is not there', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'infpool-restore-'))));
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const refusal = async (filename: string) => {
    const args = { positionals: [], filename };
    return restore.run(args, { cwd } as Context).catch((error: unknown) => error) as Promise<UserError>;
  };

  it('names the backup that was meant', async () => {
    for (const name of [
      'infpool-backup-20261101T000000Z.yaml',
      'infpool-backup-20261123T171400Z.yaml',
      'x.yaml',
    ])
      writeFileSync(join(cwd, name), '');
    const typo = await refusal('infpool-backup-20261101T00000Z.yaml');
    expect(typo).to.be.instanceOf(UserError);
    expect(typo.message).to.equal(
      'There is no file infpool-backup-20261101T00000Z.yaml. Nothing was restored.',
    );
    expect(typo.hint).to.contain('restore -f infpool-backup-20261101T000000Z.yaml');
    expect((await refusal('b')).hint, 'the newest').to.contain('-f infpool-backup-20261123T171400Z.yaml');
    expect((await refusal('elsewhere/b')).hint).to.contain(
      `-f ${join(cwd, 'infpool-backup-20261123T171400Z.yaml')}`,
    );
  });

  it('says where to look where there is none', async () => {
    expect((await refusal('b.yaml')).hint).to.match(/ls infpool-backup-\*\.yaml$/);
  });
});
