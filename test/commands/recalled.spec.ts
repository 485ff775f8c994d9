import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Cluster } from '../../src/api/cluster.ts';
import { MIGRATED_FROM_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { leaseFor } from '../../src/claim/lease.ts';
import { backupFileName, backupHeader } from '../../src/cleanup/backup.ts';
import type { Args } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';
import { danglingRoutes, recall, withRecalled } from '../../src/commands/recalled.ts';
import { requireNoneStranded } from '../../src/commands/stranded.ts';
import { toYamlStream } from '../../src/report/yaml.ts';
import { FakeCluster } from '../support/fakes.ts';
import { alphaPool, model, object, policy, route, toAlpha, toV1, v1Pool } from '../support/objects.ts';
import { inventory, snapshot } from '../support/snapshot.ts';

const NOW = new Date('2026-11-23T17:14:00Z');
const SERVER = 'https://fake';
const mark = { annotations: { [MIGRATED_FROM_ANNOTATION]: 'food' } };
const health = policy(r.HEALTH_CHECK_POLICY, toAlpha());
const account = object(r.SERVICE_ACCOUNT, 'food-epp');
const gone = [alphaPool(), model('a'), model('b'), health, account];

describe('what an interrupted migration with downtime had taken away', () => {
  let cwd: string;
  let said: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'infpool-recalled-'));
    said = '';
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  function backup(
    objects: readonly KubeObject[],
    { name = backupFileName(NOW), server = SERVER, simple = true } = {},
  ) {
    const path = join(cwd, name);
    writeFileSync(path, backupHeader(NOW, server, objects.length, simple) + toYamlStream([...objects]));
    return path;
  }

  async function recalled(
    live: readonly KubeObject[],
    more: object = {},
    options: Parameters<typeof inventory>[1] = {},
  ) {
    const context = { cwd, stderr: { write: (text: string) => void (said += text) } } as unknown as Context;
    const cluster = new FakeCluster(live) as unknown as Cluster;
    const args = { positionals: [], ...more } as Args;
    const { objects, files } = await recall(cluster, inventory(live, options), args, context);
    return { names: objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`), files };
  }

  const ALL = ['InferencePool food', 'InferenceModel a', 'InferenceModel b', 'HealthCheckPolicy food'];

  it('is in its backup: pool, models and policies, but nothing that is still there', async () => {
    const path = backup(gone);
    expect(await recalled([route()])).to.deep.equal({ names: ALL, files: [path] });
    expect((await recalled([route(), alphaPool(), model('a')])).names).to.deep.equal(ALL.slice(2));
    expect(await recalled([route(), ...gone])).to.deep.equal({ names: [], files: [] });
  });

  it('is in the file that is named, too, wherever that lies', async () => {
    const path = backup(gone, { name: 'mine.yaml' });
    expect((await recalled([route()])).files).to.deep.equal([]);
    expect(await recalled([route()], { backup: 'mine.yaml' })).to.deep.equal({ names: ALL, files: [path] });
  });

  it('is in several files where it was interrupted several times; the last one has it as it was', async () => {
    const older = backup([alphaPool('food', { targetPortNumber: 1 }), model('a')], {
      name: 'infpool-backup-20261123T171300Z.yaml',
    });
    const newer = backup([alphaPool(), model('b')]);
    const { names, files } = await recalled([route()]);
    expect(names).to.have.members(ALL.slice(0, 3));
    expect(files).to.deep.equal([older, newer]);
  });

  it('is nothing in the backup of a cleanup, of another cluster, or in a file that is no backup', async () => {
    backup(gone, { simple: false });
    backup(gone, { name: 'infpool-backup-2.yaml', server: 'https://other' });
    writeFileSync(join(cwd, 'infpool-backup-3.yaml'), toYamlStream(gone));
    expect(await recalled([route()])).to.deep.equal({ names: [], files: [] });
  });

  it('is nothing once v1 has taken over and nobody sends to alpha', async () => {
    backup(gone);
    const v1 = v1Pool('food-ga', {}, mark);
    expect((await recalled([v1, route([[toV1()]])])).names).to.deep.equal([]);
    expect((await recalled([v1, route()])).names, 'a route to follow').to.deep.equal(ALL);
    expect((await recalled([route([[toV1()]])])).names, 'a pool to make').to.deep.equal(ALL);
    const holder = { user: 'me', host: 'here', pid: 1, origin: 'x' };
    const claim = leaseFor(refOf(alphaPool()), holder, NOW);
    expect((await recalled([v1, route([[toV1()]]), claim])).names, 'a claim').to.deep.equal(ALL);
  });

  it('is not guessed where pools could not be read', async () => {
    backup(gone);
    expect((await recalled([route()], {}, { forbidden: [r.ALPHA_POOL] })).names).to.deep.equal([]);
  });

  it('is told where a backup can not be read', async () => {
    writeFileSync(join(cwd, 'infpool-backup-1.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x00]));
    await recalled([route()]);
    expect(said).to.match(/infpool-backup-1\.yaml could not be read: .* It is passed over\.\n$/);
  });

  it('is seen as if it were there, in its namespace, and where its kind is gone', async () => {
    const read = { snapshot: async () => snapshot([route()], { notInstalled: [r.ALPHA_POOL] }) };
    const cluster = withRecalled(read as unknown as Cluster, gone);
    const wanted = { resources: [], crds: [], namespace: '' };
    const pools = async (namespace: string) =>
      (await cluster.snapshot({ ...wanted, namespace })).lists.get(r.qualifiedName(r.ALPHA_POOL));
    expect(await pools('')).to.deep.equal({ state: 'ok', items: [alphaPool()] });
    expect(await pools('llm')).to.deep.equal({ state: 'ok', items: [alphaPool()] });
    expect(await pools('other')).to.deep.equal({ state: 'notInstalled' });
  });
});

describe('routes that lead to alpha pools that are gone', () => {
  it('are an error with the way on and the way back, for pools of this namespace', () => {
    const stranded = inventory([route()]);
    expect(danglingRoutes(stranded)).to.have.length(1);
    for (const namespace of ['', 'llm'])
      expect(() => requireNoneStranded(stranded, namespace)).to.throw(
        /httproutes.*llm-route in namespace llm still sends to .*food in namespace llm, which is not there/,
      );
    expect(() => requireNoneStranded(stranded, 'other')).not.to.throw();
  });

  it('are none where the pool is there, or may be', () => {
    for (const built of [
      inventory([route(), alphaPool()]),
      inventory([route([[toV1()]])]),
      inventory([route()], { forbidden: [r.ALPHA_POOL] }),
    ])
      expect(danglingRoutes(built)).to.deep.equal([]);
  });
});
