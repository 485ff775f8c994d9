// What goes over the wire for a command: a cluster may be far away, and its API server has others to serve.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { certificate, startGate, type Gate, type Seen } from '../lab/connect/gate.ts';
import { Bench } from './support.ts';

/**
 * Kinds, CRDs, /apis and /version, where nothing is known of what is installed; kinds of groups that are not may be less. Who
 * writes asks for each right beforehand, too, all at once.
 */
const MOST: Record<string, number> = { detect: 37, status: 27, split: 35, 'first split': 45, version: 1 };

describe('on the wire', function () {
  this.timeout(180_000);
  let bench: Bench;
  let gate: Gate;
  let kubeconfig: string;

  before(async () => {
    bench = await Bench.start();
    await bench.preview('wire');
    await bench.side('wire');
    gate = await startGate(bench.lab);
    const { token } = bench.lab.admin.options;
    const whole = {
      clusters: [
        { name: 'c', cluster: { server: gate.url, 'certificate-authority': certificate('ca.crt') } },
      ],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    kubeconfig = join(bench.cwd, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(whole));
  });
  after(async () => {
    gate?.stop();
    await bench?.end();
  });

  async function requests(...args: string[]): Promise<Seen[]> {
    gate.take();
    gate.connections = 0;
    await bench.done(args, { env: { KUBECONFIG: kubeconfig } });
    expect(gate.connections, 'connections').to.equal(1);
    return gate.take();
  }

  /** Reads that were made more than once; watches and the list that begins one are about one object, by its name. */
  function repeated(seen: Seen[]): string[] {
    const reads = seen
      .filter(({ method, path }) => method === 'GET' && !path.includes('watch=true'))
      .map(({ path }) => (path.includes('fieldSelector=') ? path : path.split('?')[0]!));
    return [...new Set(reads.filter((path, index) => reads.indexOf(path) !== index))];
  }

  const rows: [name: string, args: string[]][] = [
    ['version', ['version']],
    ['detect', ['detect']],
    ['status', ['status']],
    ['first split', ['split', 'llm-route', '10', '-n', 'wire', '--yes']],
    ['split', ['split', 'llm-route', '20', '-n', 'wire', '--yes']],
  ];
  for (const [name, args] of rows)
    it(`${name} has one connection, one list a kind, and reads no object twice`, async () => {
      const seen = await requests(...args);
      expect(repeated(seen)).to.deep.equal([]);
      const paths = seen.map(({ method, path }) => `${method} ${path}`);
      expect(seen.length, paths.join('\n')).to.be.at.most(MOST[name]!);
    });

  it('what reads only reads, and a split writes its route alone', async () => {
    for (const command of ['detect', 'status'])
      expect((await requests(command)).filter(({ method }) => method !== 'GET')).to.deep.equal([]);
    const written = (await requests('split', 'llm-route', '30', '-n', 'wire', '--yes')).filter(
      // Asking what one may do is a POST, and leaves nothing.
      ({ method, path }) => method !== 'GET' && !path.endsWith('/selfsubjectaccessreviews'),
    );
    const route = '/apis/gateway.networking.k8s.io/v1/namespaces/wire/httproutes/llm-route';
    expect(written.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).to.deep.equal([
      `PATCH ${route}`,
    ]);
  });

  it('of CRDs only the metadata is read: their schemas are large', async () => {
    const seen = await requests('detect');
    const crds = seen.filter(({ path }) => path.includes('/customresourcedefinitions/'));
    expect(crds).to.have.length(6);
    for (const { accept } of crds) expect(accept).to.include('PartialObjectMetadata');
  });

  it('completion asks for names alone, of one page', async () => {
    gate.take();
    await bench.done(['__complete', 'cleanup', '-n', 'wire', ''], { env: { KUBECONFIG: kubeconfig } });
    const seen = gate.take();
    expect(seen).to.have.length(2);
    for (const { accept, path } of seen) {
      expect(accept).to.include('PartialObjectMetadataList');
      expect(path).to.match(/\/namespaces\/wire\/inferencepools\?limit=500$/);
    }
  });
});
