import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { ConnectionFlags } from '../../src/cluster/connect.ts';
import type { Glance } from '../../src/cluster/glance.ts';
import { CATALOGUE } from '../../src/commands/catalogue.ts';
import { complete } from '../../src/commands/complete.ts';
import type { Context } from '../../src/commands/context.ts';

const pool: KubeObject = { apiVersion: 'v1', kind: 'X', metadata: { namespace: 'team', name: 'chat' } };

interface Asked {
  text: string;
  flags: ConnectionFlags[];
  lists: string[];
}

/** Completes over a cluster whose every list is `list`. */
async function asked(line: string, list: () => Promise<KubeObject[]> = async () => [pool]): Promise<Asked> {
  const seen: Asked = { text: '', flags: [], lists: [] };
  const entries = new Map([['one', {}]]);
  const glance = async (flags: ConnectionFlags): Promise<Glance> => {
    seen.flags.push(flags);
    return {
      kubeconfig: { clusters: entries, users: entries, contexts: entries, currentContext: '', lookedFor: [] },
      namespace: 'current',
      list: ({ plural, group }, namespace) => {
        seen.lists.push(`${namespace}:${plural}.${group}`);
        return list();
      },
    };
  };
  const context = { stdout: { write: (text: string) => (seen.text += text) }, glance };
  await complete(line.split(' '), CATALOGUE, context as unknown as Context);
  return seen;
}
const text = async (line: string) => (await asked(line)).text;

describe('completion', () => {
  it('of the first word is the commands, in the order of use', async () => {
    expect(await text('')).to.match(/^detect\t.+\nconvert\t[^]*\n:36\n$/);
    expect(await text('spl')).to.match(/^split\t.+\n:36\n$/);
    expect(await text('help sta')).to.match(/^status\t.+\n:36\n$/);
    expect(await text('nonsense ')).to.equal(':4\n');
  });

  it('neither reads the kubeconfig nor asks the cluster for what it knows by itself', async () => {
    const lines = [
      '',
      'split --',
      'detect -o ',
      'convert --release v1.',
      'split --weight 5',
      'convert -f ',
      'version ',
    ];
    for (const line of lines) {
      const { flags, lists } = await asked(line);
      expect({ flags, lists }, line).to.deep.equal({ flags: [], lists: [] });
    }
  });

  const rows: [line: string, answer: string][] = [
    ['detect -o js', 'json\n:4\n'],
    ['detect --output=js', 'json\n:4\n'],
    ['split --strategy s', 'swap\n:4\n'],
    ['convert --release v1.5', 'v1.5.0\n:36\n'],
    ['convert --dry-run ', 'none\nclient\nserver\n:4\n'],
    ['convert --provider i', 'istio\n:4\n'],
    ['convert --epp ', 'chart\nnone\n:4\n'],
    ['convert -f ', ':0\n'],
    ['convert --output-dir ', ':16\n'],
    ['convert -f x ', ':4\n'],
    ['detect --token ', ':4\n'],
    ['completion f', 'fish\n:4\n'],
    ['detect --context ', 'one\n:4\n'],
    ['detect --cluster o', 'one\n:4\n'],
    ['detect --user ', 'one\n:4\n'],
    ['verify ', 'chat\tv1alpha2 pool, in team\n:4\n'],
    ['split --pool ', 'chat\tv1alpha2 pool, in team\n:4\n'],
    ['convert --name ', 'chat=\tv1alpha2 pool\n:6\n'],
    ['convert --name chat=', 'chat=chat-ga\n:4\n'],
    ['convert --pair chat=', 'chat=chat\n:4\n'],
    ['verify -n ', 'chat\n:4\n'],
    ['split --weight 2', '25\t25 percent to v1\n:36\n'],
  ];
  for (const [line, answer] of rows)
    it(`of "${line}"`, async () => expect(await text(line)).to.equal(answer));

  const scopes: [line: string, namespace: string][] = [
    ['cleanup ', 'current'],
    ['status ', ''],
    ['verify ', ''],
    ['cleanup -A ', ''],
    ['cleanup -n team ', 'team'],
    ['status --namespace=team ', 'team'],
    ['cleanup -n team other/', 'other'],
  ];
  for (const [line, namespace] of scopes)
    it(`of "${line}" looks where the command would`, async () => {
      const { lists } = await asked(line);
      expect(lists).to.deep.equal([
        `${namespace}:inferencepools.inference.networking.x-k8s.io`,
        `${namespace}:inferencepools.inference.networking.k8s.io`,
      ]);
    });

  it('connects as the line says', async () => {
    const { flags } = await asked(
      'cleanup --context lab --kubeconfig=k --as me --as-group a --as-group b -n x ',
    );
    expect(flags).to.deep.equal([
      { context: 'lab', kubeconfig: 'k', as: 'me', asGroup: ['a', 'b'], namespace: 'x' },
    ]);
  });

  it('is silent about errors', async () => {
    const { text } = await asked('cleanup ', () => Promise.reject(new Error('no')));
    expect(text).to.equal(':4\n');
  });

  it('keeps what it knows when the cluster does not answer in time', async () => {
    const began = Date.now();
    const { text } = await asked('split 1', () => new Promise(() => undefined));
    expect(text).to.equal('1\t1 percent to v1\n10\t10 percent to v1\n100\tAll of it to v1\n:36\n');
    expect(Date.now() - began).to.be.within(290, 600);
  });
});
