// What `convert` prints is what a real API server, kubectl, helm and bash take.
import { expect } from 'chai';
import { chartDir } from '../lab/parts/modules.ts';
import { complete, ready } from '../lab/scenarios/building-blocks.ts';
import { helm, kubectl } from '../lab/scenarios/commands.ts';
import { until } from '../lab/scenarios/wait.ts';
import { alphaPool, model } from './samples.ts';
import { ALPHA, ALPHA_POOLS, Bench, crdFolder, MODELS, offline, run, V1, versionsOf } from './support.ts';

describe('convert', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await bench.preview('stack');
    await bench.lab.installCrds(['gie-v1.0.0']);
  });
  after(() => bench?.end());

  const namespace = (name: string) =>
    bench.lab.admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const v1 = async (name: string) =>
    [
      await bench.lab.admin.list(V1, 'inferencepools', name),
      await bench.lab.admin.list(ALPHA, 'inferenceobjectives', name),
    ].flat();

  it('| kubectl apply -f - is accepted, and twice changes nothing', async () => {
    await namespace('yaml');
    await bench.lab.admin.apply(
      alphaPool('yaml', 'food', { extensionRef: { name: 'e', failureMode: 'FailOpen' } }),
    );
    for (const [name, criticality] of Object.entries({
      a: 'Critical',
      b: 'Standard',
      c: 'Sheddable',
      d: undefined,
    }))
      await bench.lab.admin.apply(model('yaml', name, 'food', criticality ? { criticality } : {}));
    const { stdout } = await bench.done(['convert', '-n', 'yaml']);
    await kubectl(bench.lab, ['apply', '-f', '-'], stdout);
    const before = versionsOf(await v1('yaml'));
    expect(Object.keys(before)).to.have.length(5);
    expect(await kubectl(bench.lab, ['apply', '-f', '-'], stdout)).not.to.match(/configured|created/);
    expect(versionsOf(await v1('yaml'))).to.deep.equal(before);

    const [pool, ...objectives] = await v1('yaml');
    expect(pool!['spec'].endpointPickerRef).to.deep.include({
      port: { number: 9002 },
      failureMode: 'FailOpen',
    });
    expect(
      Object.fromEntries(objectives.map(({ metadata, spec }) => [metadata.name, spec.priority])),
    ).to.deep.equal({ a: 2, b: 0, c: -1, d: 0 });

    // Converted again, now that they are there: the same text.
    expect((await bench.done(['convert', '-n', 'yaml'])).stdout).to.equal(stdout);
  });

  it('| kubectl apply -f - brings no endpoint picker: --apply then lets helm take the pool over and brings it', async () => {
    await bench.preview('adopted');
    const flags = ['-n', 'adopted', ...(await offline())];
    const { stdout } = await bench.done(['convert', ...flags]);
    await kubectl(bench.lab, ['apply', '-f', '-'], stdout);
    expect((await bench.done(['convert', '-o', 'helm', ...flags])).stdout).to.match(
      /^kubectl label .*\nkubectl annotate .*\nhelm install adopted-ga /,
    );
    await bench.done(['convert', '--apply', '--yes', ...flags]);
    await bench.get({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'adopted',
      name: 'adopted-ga-epp',
    });
    const again = await bench.done(['convert', '--apply', '--yes', ...flags]);
    expect(again.stderr).to.contain('Nothing to do');
  });

  it('-f of a file, and of stdin, gives what the cluster gives', async () => {
    const { stdout } = await bench.done(['convert', '-n', 'yaml']);
    const kinds = `${ALPHA_POOLS},${MODELS}`;
    const live = await kubectl(bench.lab, ['get', kinds, '-n', 'yaml', '-o', 'yaml']);
    expect((await bench.done(['convert', '-f', '-'], { input: live })).stdout).to.equal(stdout);
  });

  it('an empty selector is an error that names the object; the rest is printed', async () => {
    await namespace('empty');
    await bench.lab.admin.apply(alphaPool('empty', 'all', { selector: {} }));
    await bench.lab.admin.apply(alphaPool('empty', 'some'));
    const { code, stdout, stderr } = await bench.infpool(['convert', '-n', 'empty']);
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /error: inferencepools\.inference\.networking\.x-k8s\.io\/all in namespace empty, spec\.selector: /,
    );
    expect(stdout).to.include('name: some-ga').and.not.include('name: all-ga');
    const applied = await bench.infpool([
      'convert',
      '--apply',
      '--yes',
      '-n',
      'empty',
      '--crds-from',
      await crdFolder('v1.0.0'),
    ]);
    expect(applied.code).to.equal(3);
    expect(await v1('empty')).to.deep.equal([]);
  });

  it("a name over Helm's 53 characters, or one whose first 40 are taken: refused, with one that works", async () => {
    await namespace('names');
    const long = 'a'.repeat(51);
    const twin = `${'b'.repeat(40)}-other`;
    await bench.lab.admin.apply(alphaPool('names', long, { extensionRef: { name: 'e' } }));
    await bench.lab.admin.apply(alphaPool('names', twin));
    const { code, stdout, stderr } = await bench.infpool(['convert', '-n', 'names']);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.include('[name-too-long]').and.include('[name-collides]');
    const flags = [...stderr.matchAll(/Use (--name) (\S+)/g)].flatMap(([, flag, pair]) => [flag!, pair!]);
    expect(flags).to.have.length(4);
    const again = await bench.done(['convert', '-n', 'names', ...flags]);
    const names = [...again.stdout.matchAll(/^ {2}name: (\S+)$/gm)].map(([, name]) => name!);
    expect(names).to.have.length(2);
    // Real helm takes them, and the endpoint pickers' names differ.
    const line = await bench.done([
      'convert',
      '-n',
      'names',
      '-o',
      'helm',
      '--chart',
      await chartDir('v1.0.0'),
      ...flags,
    ]);
    await bash(line.stdout);
    const services = await bench.lab.admin.list('v1', 'services', 'names');
    expect(services.map(({ metadata }) => metadata.name).sort()).to.deep.equal(
      names.map((name) => `${name.slice(0, 40)}-epp`).sort(),
    );
  });

  it('-o helm: the line runs as it is, and brings labels with dots and the ports', async () => {
    await namespace('helm');
    const selector = { 'app.kubernetes.io/name': 'vllm.llama', x: 'true' };
    await bench.lab.admin.apply(alphaPool('helm', 'dots-preview', { selector, targetPortNumber: 8123 }));
    const line = await bench.done([
      'convert',
      '-n',
      'helm',
      '-o',
      'helm',
      '--chart',
      await chartDir('v1.0.0'),
    ]);
    expect(line.stdout).to.match(/^helm install dots-ga .*\n$/);
    await bash(line.stdout);
    const [pool] = await bench.lab.admin.list(V1, 'inferencepools', 'helm');
    expect(pool!['spec'].selector.matchLabels).to.deep.equal(selector);
    expect(pool!['spec'].targetPorts).to.deep.equal([{ number: 8123 }]);
    expect(await helm(bench.lab, ['list', '-n', 'helm', '-q'])).to.equal('dots-ga\n');
  });

  it('-o script: a runbook that bash carries out from the first phase to the last', async () => {
    const chart = await chartDir('v1.0.0');
    const { stdout } = await bench.done(['convert', '-n', 'stack', '-o', 'script', '--chart', chart]);
    // No internet here, and no terminal to press Enter on.
    const script = stdout
      .replace(/-f https:\S+\/manifests\.yaml/, `-f ${await crdFolder('v1.0.0')}`)
      .replace(/^pause\(\).*$/m, 'pause() { echo "PAUSE $1"; }');
    expect(script)
      .to.include('PAUSE')
      .and.not.match(/https:/);
    const outcome = await bash(script);
    // The CRDs stay while other namespaces of this lab use them.
    expect(outcome.stdout).to.include(`${ALPHA_POOLS} stays, others use it`);
    expect(outcome.stdout.match(/^PAUSE/gm)).to.have.length(3);
    expect(await bench.lab.admin.list(ALPHA, 'inferencepools', 'stack')).to.deep.equal([]);
    expect(await bench.lab.admin.list(ALPHA, 'inferencemodels', 'stack')).to.deep.equal([]);
    expect(await bench.crd(ALPHA_POOLS)).to.be.an('object');
    await ready(bench.lab, 'stack', { deployments: ['stack-ga-epp'], route: 'llm-route' });
    const url = bench.players.gateway.url('stack', 'inference-gateway')!;
    await until('v1 to serve', async () => {
      const { status, pool } = await complete(url, 'meta-llama/Llama-3.1-8B-Instruct');
      return status === 200 && pool === 'inference.networking.k8s.io/stack/stack-ga';
    });
    await bench.done(['verify', '-n', 'stack', '--model', 'food-review']);
  });

  it('-o script of a half-finished migration leaves out what is done', async () => {
    await bench.preview('half');
    await bench.side('half');
    const { stdout } = await bench.done(['convert', '-n', 'half', '-o', 'script']);
    expect(stdout).not.to.include('helm install');
    expect(stdout).to.include(`kubectl patch -n half httproutes`);
  });

  it('-o json is a Plan with everything that is lost or in doubt', async () => {
    const { objects, findings } = JSON.parse(
      (await bench.done(['convert', '-n', 'yaml', '-o', 'json'])).stdout,
    );
    expect(objects).to.have.length(5);
    for (const finding of findings)
      expect(finding).to.include.keys('id', 'severity', 'ref', 'field', 'message', 'hint');
    expect(objects.map(({ kind }: { kind: string }) => kind)).to.include('InferenceObjective');
  });

  async function bash(script: string) {
    const env = { ...process.env, ...bench.lab.env };
    const outcome = await run('bash', ['-c', script], { cwd: bench.cwd, env });
    expect(outcome.code, `${outcome.stderr}\n${outcome.stdout}`).to.equal(0);
    return outcome;
  }
});
