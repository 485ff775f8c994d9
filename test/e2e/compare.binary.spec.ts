// Manifests in Git against a real API server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { POOL } from './manifests.ts';
import { alphaPool, model, readerBut } from './samples.ts';
import { Bench, type Outcome } from './support.ts';

describe('detect -f --compare', function () {
  this.timeout(120_000);
  const inEnglish = ({ code, stderr }: Outcome) => `exit ${code}\n${stderr}`;
  let folder: string;
  let bench: Bench;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'infpool-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = (files: Record<string, string>) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  };

  before(async () => {
    bench = await Bench.start({
      crds: ['gateway-api', 'gie-v0.3.0', 'gie-v1.0.0'],
      controllerManager: false,
    });
    await bench.lab.admin.apply(alphaPool('default', 'chat', { selector: { app: 'vllm' } }));
    await bench.lab.admin.apply(model('default', 'forgotten', 'chat'));
    await bench.lab.addUser('half-blind', readerBut('inferencemodels.inference.networking.x-k8s.io'));
  });
  after(() => bench?.end());

  interface Compared {
    comparison: Record<
      'onlyInCluster' | 'onlyInFiles' | 'different' | 'same' | 'unknown',
      { name: string }[]
    >;
  }
  const compared = ({ stdout }: Outcome) =>
    Object.fromEntries(
      Object.entries((JSON.parse(stdout) as Compared).comparison).map(([list, refs]) => [
        list,
        refs.map(({ name }) => name),
      ]),
    );

  it('--compare tells what Git lacks, and what differs', async () => {
    write({ 'pool.yaml': POOL, 'other.yaml': POOL.replaceAll('chat', 'planned') });
    const line = ['detect', '-f', folder, '--compare', '-o', 'json'];
    const outcome = await bench.infpool([...line, '--exit-code']);
    expect(outcome.code, inEnglish(outcome)).to.equal(2);
    expect(compared(outcome)).to.deep.equal({
      onlyInCluster: ['forgotten'],
      onlyInFiles: ['planned'],
      different: [],
      same: ['chat'],
      unknown: [],
    });
    expect((await bench.infpool(line)).code).to.equal(0);
    write({ 'pool.yaml': POOL.replace('8000', '9000') });
    expect(compared(await bench.infpool(line))).to.deep.include({ different: ['chat'], same: [] });
    expect((await bench.infpool(['detect', '--compare'])).stderr).to.include('-f is missing');
  });

  it('--compare never says that nothing is missing where it could not look', async () => {
    write({ 'pool.yaml': POOL, 'model.yaml': JSON.stringify(model('default', 'forgotten', 'chat')) });
    const all = await bench.infpool(['detect', '-f', folder, '--compare']);
    expect(all.code, inEnglish(all)).to.equal(0);
    expect(all.stderr).to.include('The files have everything');
    const outcome = await bench.infpool(['detect', '-f', folder, '--compare', '-o', 'json'], {
      user: 'half-blind',
    });
    expect(outcome.code, inEnglish(outcome)).to.equal(4);
    expect(compared(outcome)).to.deep.include({ unknown: ['forgotten'], same: ['chat'] });
    expect(outcome.stderr).to.include('Not all could be read').and.not.include('have everything');
  });
});
