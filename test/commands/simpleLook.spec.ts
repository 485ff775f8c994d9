import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import { backupFileName, backupHeader } from '../../src/cleanup/backup.ts';
import { lookWhole } from '../../src/commands/simpleLook.ts';
import { ATTEMPTS } from '../../src/commands/shift.ts';
import { toYamlStream } from '../../src/report/yaml.ts';
import { alphaPool, model, route } from '../support/objects.ts';
import { played } from './played.ts';

const NOW = new Date('2026-11-23T17:14:00Z');
const ARGS = { positionals: [], namespace: 'llm', release: 'v1.0.1', epp: 'none' };

describe('what a migration with downtime goes on from', () => {
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'infpool-look-'))));
  afterEach(() => rmSync(cwd, { recursive: true }));

  /** A cluster that something deletes from: `after` so many reads of it. */
  function vanishing(objects: readonly KubeObject[], ...gone: [object: KubeObject, after: number][]) {
    const { cluster, of, context } = played(objects, { cwd });
    const read = cluster.snapshot.bind(cluster);
    let reads = 0;
    cluster.snapshot = async (wanted) => {
      const seen = await read(wanted);
      reads++;
      for (const [object, after] of gone) if (reads === after) cluster.objects.delete(refKey(refOf(object)));
      return seen;
    };
    return { of, context, reads: () => reads };
  }

  it('has the pool that a helm, left behind by a run that was killed, deletes while it is read', async () => {
    const all = [alphaPool(), model('a')];
    writeFileSync(
      join(cwd, backupFileName(NOW)),
      backupHeader(NOW, 'https://fake', 2, true) + toYamlStream(all),
    );
    const { of, context } = vanishing([alphaPool(), route()], [alphaPool(), 1]);
    const { prepared, recalled } = await lookWhole(of, ARGS, context);
    expect(prepared.pools.map(({ ref }) => ref.name)).to.deep.equal(['food']);
    expect(recalled.objects.map(({ kind }) => kind)).to.deep.equal(['InferencePool', 'InferenceModel']);
  });

  it('is read once where nothing goes away', async () => {
    const { of, context, reads } = vanishing([alphaPool(), model('a'), route()]);
    expect((await lookWhole(of, ARGS, context)).prepared.pools).to.have.length(1);
    expect(reads()).to.equal(2);
  });

  it('is refused where something goes away each time that it is read', async () => {
    const models = Array.from({ length: ATTEMPTS }, (_, index) => model(`m${index}`));
    const gone = models.map((one, index): [KubeObject, number] => [one, 2 * index + 1]);
    const { of, context } = vanishing([alphaPool(), route(), ...models], ...gone);
    const error = await lookWhole(of, ARGS, context).catch((caught: unknown) => caught as UserError);
    expect(error).to.have.property('exitCode', 3);
    expect((error as UserError).message).to.match(/inferencemodels\S+\/m\d .*went away while it was read/);
  });
});
