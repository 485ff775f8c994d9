import { expect } from 'chai';
import type { Cluster } from '../../src/api/cluster.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { GetRead } from '../../src/api/read.ts';
import { coolDown } from '../../src/commands/coolDown.ts';
import type { Context } from '../../src/commands/context.ts';
import type { RouteChange } from '../../src/traffic/split.ts';

const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace: 'llm', name: 'r' },
  spec: { rules: [] },
} as KubeObject;

async function said(read: GetRead, changed = true): Promise<{ text: string; asked: number }> {
  let [text, asked] = ['', 0];
  // Whoever may touch one route only can't list any: nothing else of the cluster is asked.
  const cluster = { get: () => (asked++, Promise.resolve(read)) } as unknown as Cluster;
  const context = { stderr: { write: (more: string) => (text += more) } } as unknown as Context;
  await coolDown(cluster, [{ route, changed } as unknown as RouteChange], context, []);
  return { text, asked };
}

describe('taking weight-0 refs back', () => {
  it('says so when it may not look at the route', async () => {
    const { text } = await said({ state: 'forbidden', message: 'routes "r" is forbidden' });
    expect(text).to.match(/could not be taken back.*forbidden.*kubectl infpool rollback/);
  });

  it('asks for the routes that were changed, one by one, and says nothing where there is nothing to do', async () => {
    expect(await said({ state: 'ok', object: route })).to.deep.equal({ text: '', asked: 1 });
    expect(await said({ state: 'absent' })).to.deep.equal({ text: '', asked: 1 });
    expect(await said({ state: 'ok', object: route }, false)).to.deep.equal({ text: '', asked: 0 });
  });
});
