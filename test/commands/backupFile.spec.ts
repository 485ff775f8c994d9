import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { backupPath } from '../../src/commands/backupFile.ts';
import type { Args } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';

describe('where a backup goes', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'infpool-backup-'))));
  afterEach(() => rmSync(cwd, { recursive: true }));

  const path = (more: object = {}) =>
    backupPath(
      { positionals: [], ...more } as Args,
      {
        cwd,
        now: () => new Date('2026-11-23T17:14:00Z'),
      } as Context,
    ).slice(cwd.length + 1);

  it('is a new file with the time in its name, a second time within that second, too', () => {
    const names = [1, 2, 3].map(() => {
      const name = path();
      writeFileSync(join(cwd, name), '');
      return name;
    });
    expect(names).to.deep.equal([
      'infpool-backup-20261123T171400Z.yaml',
      'infpool-backup-20261123T171400Z-2.yaml',
      'infpool-backup-20261123T171400Z-3.yaml',
    ]);
  });

  it('is where the user says, whatever is there', () => {
    writeFileSync(join(cwd, 'mine.yaml'), '');
    expect(path({ backup: 'mine.yaml' })).to.equal('mine.yaml');
  });
});
