import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { backupFileName, backupHeader, backupOf, readBackupHeader } from '../../src/cleanup/backup.ts';
import { planRestore } from '../../src/cleanup/restore.ts';
import { loadManifests } from '../../src/manifests/load.ts';
import { toYamlStream } from '../../src/report/yaml.ts';
import { service } from '../support/healthy.ts';
import { alphaPool, byHelm, crd, model, object } from '../support/objects.ts';

const NOW = new Date('2026-11-23T17:14:00.123Z');

describe('the backup of an object', () => {
  it('keeps spec, labels and annotations as they were, and nothing that the server sets', () => {
    const meta = byHelm('food', {
      uid: '1',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: 't',
      deletionTimestamp: 't',
      managedFields: [{}],
      finalizers: ['f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: '2' }],
      labels: { a: 'b' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    });
    const live: KubeObject = { ...alphaPool('food', {}, meta), status: { parent: [] } };
    expect(backupOf(live)).to.deep.equal({
      apiVersion: live.apiVersion,
      kind: live.kind,
      metadata: { name: 'food', namespace: 'llm', labels: meta.labels, annotations: meta.annotations },
      spec: live['spec'],
    });
    expect(live.metadata.uid, 'the live object').to.equal('1');
  });

  it('never holds a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'llm' }, data: {} };
    expect(backupOf(secret)).to.equal(null);
    expect(planRestore([secret, model()]).steps).to.have.length(1);
  });

  it("gives up a Service's address, which may be someone else's by then, unless it has none", () => {
    const live = service({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' });
    expect(backupOf(live)!['spec']).to.deep.equal({ ...service()['spec'], type: 'ClusterIP' });
    const headless = service({ clusterIP: 'None', clusterIPs: ['None'] });
    expect(backupOf(headless)!['spec']).to.deep.equal({ ...service()['spec'], clusterIP: 'None' });
  });

  it('keeps fields that are not under spec', () => {
    const config = object(r.CONFIG_MAP, 'c', { data: { a: 'b' } });
    expect(backupOf(config)).to.deep.equal(config);
  });

  it('comes back from a file as it went in', () => {
    const objects = [crd(r.ALPHA_POOL), alphaPool(), model('m', { modelName: '007' }), service()];
    const file =
      backupHeader(NOW, 'https://server', objects.length) +
      toYamlStream(objects.map((one) => backupOf(one)!));
    const { objects: loaded, errors } = loadManifests('backup.yaml', file);
    expect(errors).to.be.empty;
    const { steps, findings } = planRestore(loaded.map((one) => one.object));
    expect(findings).to.be.empty;
    expect(steps.map((step) => step.action === 'create' && step.manifest)).to.deep.equal(objects);
    expect(steps.every(({ action, reason }) => action === 'create' && reason !== '')).to.be.true;
    expect(steps.map(({ ref }) => ref.name)).to.deep.equal(objects.map(({ metadata }) => metadata.name));
  });
});

describe('the file of a backup', () => {
  it('is called by its time, as any file system takes it', () => {
    expect(backupFileName(NOW)).to.equal('infpool-backup-20261123T171400Z.yaml');
  });

  it('says what it is, of which server, and how to use it', () => {
    expect(backupHeader(NOW, 'https://server', 3)).to.equal(
      [
        '# kubectl infpool backup, 2026-11-23T17:14:00.123Z, https://server, 3 objects.',
        '# Put back what is not there any more: kubectl infpool restore -f THIS_FILE',
        '# It holds no Secrets and no Helm release data.',
        '',
      ].join('\n'),
    );
  });

  it('says of whom it is, for who goes on by it', () => {
    const header = (server: string, underWay: boolean) => backupHeader(NOW, server, 3, underWay);
    for (const underWay of [true, false])
      expect(readBackupHeader(`${header('https://server:6443/x', underWay)}a: b\n`)).to.deep.equal({
        server: 'https://server:6443/x',
        underWay,
      });
    for (const text of ['', 'a: b\n', ` ${header('https://server', true)}`, '# kubectl infpool backup\n'])
      expect(readBackupHeader(text), text).to.equal(null);
  });
});
