import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, type UserError } from '../../src/api/errors.ts';
import { toJson } from '../../src/api/json.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { restore } from '../../src/commands/restore.ts';
import * as r from '../../src/api/resource.ts';
import { grant, model } from '../support/objects.ts';
import { played } from './played.ts';

describe('restore', () => {
  let folder = '';
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'restore-'))));
  after(() => rmSync(folder, { recursive: true }));

  const stage = (backup: KubeObject, there: KubeObject[]) => {
    const filename = join(folder, 'backup.json');
    writeFileSync(filename, toJson(backup, 0));
    const stand = played(there, { cwd: folder });
    const args = { positionals: [], filename, yes: true, output: 'table' };
    return { ...stand, run: async () => restore.run(args, stand.context) };
  };

  it('puts back what a cleanup that was just killed is still deleting', async () => {
    const leaving = model();
    leaving.metadata['deletionTimestamp'] = '2026-11-23T17:14:00Z';
    const { cluster, run, said } = stage(model(), [leaving]);
    cluster.waitFor = async (_, settled) => {
      cluster.objects.clear();
      expect(settled(null)).to.be.true;
      return null;
    };
    expect(await run()).to.equal(EXIT.ok);
    expect(cluster.live(model())?.metadata).to.be.an('object').and.not.to.have.property('deletionTimestamp');
    expect(said()).to.contain('Restored');
  });

  it('does not take a grant that could not be read for one that is not there: its entries would be left out', async () => {
    const { cluster, run } = stage(grant([{ group: r.ALPHA_GROUP, kind: 'InferencePool' }]), [grant([])]);
    cluster.reads = () => ({ state: 'failed', message: 'the connection broke' });
    const { message, exitCode } = await run().then(
      () => expect.fail('it said that all was done'),
      (error: unknown) => error as UserError,
    );
    expect(message)
      .to.contain('referencegrants.gateway.networking.k8s.io/grant')
      .and.contain('the connection broke');
    expect(exitCode).to.equal(EXIT.incomplete);
    expect(cluster.writes).to.be.empty;
  });
});
