import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserError } from '../../src/api/errors.ts';
import { EXIT } from '../../src/api/errors.ts';
import { toJson } from '../../src/api/json.ts';
import * as r from '../../src/api/resource.ts';
import { cleanUp } from '../../src/commands/cleanup.ts';
import { restore } from '../../src/commands/restore.ts';
import { alphaPool, grant, route, toV1, v1Pool } from '../support/objects.ts';
import { played } from './played.ts';

const alpha = { group: r.ALPHA_GROUP, kind: 'InferencePool' };
const v1 = { group: r.V1_GROUP, kind: 'InferencePool' };
const theirs = { group: '', kind: 'Service', name: 'theirs' };

describe('an object that somebody changes between read and write', () => {
  let folder = '';
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'conflicts-'))));
  after(() => rmSync(folder, { recursive: true }));

  const stage = (...objects: Parameters<typeof played>[0]) => {
    const stand = played(objects, { cwd: folder });
    let once = true;
    stand.cluster.before = (verb) => {
      if (verb === 'patch' && once) stand.cluster.put(grant([alpha, v1, theirs]));
      once = false;
    };
    return stand;
  };
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it said that all was done'),
      (error: unknown) => error as UserError,
    );

  it('ends a cleanup before it deletes anything: the pool is how it finds the rest when it is run again', async () => {
    const { cluster, of, context } = stage(alphaPool(), v1Pool(), grant([alpha, v1]), route([[toV1()]]));
    const args = {
      positionals: ['food'],
      yes: true,
      force: true,
      probe: false,
      probes: '1',
      output: 'table',
    };
    const { message, exitCode, hint } = await failure(cleanUp(of, args, context));
    expect(message).to.contain('referencegrants.gateway.networking.k8s.io/grant').and.contain('changed it');
    expect(exitCode).to.equal(EXIT.refused);
    expect(hint).to.contain('run this again');
    expect(cluster.live(alphaPool())).to.be.an('object');
    await cleanUp(of, args, context);
    expect(cluster.live(alphaPool())).to.equal(undefined);
    expect(cluster.live(grant([]))!['spec'].to).to.deep.equal([v1, theirs]);
  });

  it('is not said to be restored', async () => {
    const { cluster, context, said } = stage(alphaPool(), grant([v1]));
    const file = join(folder, 'backup.json');
    writeFileSync(file, toJson(grant([alpha, v1]), 0));
    cluster.before = (verb) => {
      if (verb === 'patch') cluster.put(grant([theirs]));
    };
    const args = { positionals: [], filename: file, yes: true, output: 'table' };
    const { exitCode } = await failure(Promise.resolve(restore.run(args, context)));
    expect(exitCode).to.equal(EXIT.refused);
    expect(said()).not.to.contain('Restored');
  });
});
