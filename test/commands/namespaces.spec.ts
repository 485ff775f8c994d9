import { expect } from 'chai';
import type { UserError } from '../../src/api/errors.ts';
import { requireNamespace } from '../../src/commands/namespaces.ts';
import { FakeCluster } from '../support/fakes.ts';

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const NONE = { pools: [], models: [] };

async function refused(name: string, cluster: FakeCluster): Promise<string> {
  return requireNamespace(name, NONE, cluster).then(
    () => '',
    ({ message, hint }: UserError) => `${message} ${hint}`,
  );
}

describe('a namespace in which nothing was found', () => {
  it('has to be there, or the nearest are named', async () => {
    const cluster = new FakeCluster(['default', 'llm'].map(namespace));
    expect(await refused('default', cluster)).to.equal('');
    expect(await refused('defalt', cluster)).to.equal(
      'There is no namespace "defalt" in this cluster. Did you mean: -n default?',
    );
    expect(await refused('qqqqqq', cluster)).to.contain('kubectl get namespaces');
  });

  it('is believed in by who may not look at namespaces', async () => {
    const cluster = new FakeCluster();
    cluster.reads = () => ({ state: 'forbidden', message: 'no' });
    expect(await refused('llm', cluster)).to.equal('');
  });

  it('is not asked for where all are meant', async () => {
    expect(await refused('', new FakeCluster())).to.equal('');
  });
});
