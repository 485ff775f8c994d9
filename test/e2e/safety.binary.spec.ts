// Nothing is written by accident: not without a yes, not by a dry run; and what is printed for programs has its shape.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { Json } from '../lab/kube.ts';
import { comparable, differences, everything } from './everything.ts';
import { alphaPool, model } from './samples.ts';
import { ALPHA, Bench, binary, crdFolder, CRDS, OBJECTIVES, offline, run, V1 } from './support.ts';

const NS = 'safe';
const schemas = join(import.meta.dirname, '..', '..', 'src', 'report', 'schema');

describe('safety', function () {
  this.timeout(120_000);
  let bench: Bench;
  /** Every command that writes, in a state in which it has something to write. */
  let writing: Record<string, string[]>;

  before(async () => {
    bench = await Bench.start();
    for (const namespace of [NS, 'fresh', 'done']) await bench.preview(namespace);
    for (const namespace of [NS, 'done']) await bench.side(namespace);
    await bench.done(['split', '50', '-n', NS, '--yes']);
    await bench.done(['split', '100', '-n', 'done', '--yes']);
    await bench.done(['verify', '-n', 'done', '--wait', '--timeout', '30s']);
    const backup = join(bench.cwd, 'backup.yaml');
    const manifests = [alphaPool('fresh', 'gone'), model('fresh', 'gone', 'gone')];
    writeFileSync(backup, manifests.map((object) => `---\n${JSON.stringify(object)}\n`).join(''));
    const release = ['--release', 'v1.0.1', '--from', await crdFolder('v1.0.1')];
    writing = {
      convert: ['convert', '--apply', '-n', 'fresh', ...(await offline())],
      split: ['split', '80', '-n', NS],
      rollback: ['rollback', '-n', NS],
      cleanup: ['cleanup', '-n', 'done', '--helm-uninstall'],
      restore: ['restore', '-f', backup],
      'crds install': ['crds', 'install', ...release],
    };
  });
  after(() => bench?.end());

  const all = async () => comparable(await everything(bench.lab.admin));
  const names = ['convert', 'split', 'rollback', 'cleanup', 'restore', 'crds install'];

  for (const name of names)
    it(`${name}: no terminal and no --yes, so exit 3 and nothing is written; nor by a dry run`, async () => {
      const before = await all();
      const args = writing[name]!;
      const refused = await bench.infpool(args, { input: 'y\n' });
      expect(refused.stderr).to.match(/^Plan:$/m);
      expect(refused.stderr).to.match(/^error: Refused: nothing was written, because there is no terminal/m);
      expect(refused.stderr).to.include('--yes');
      expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 3, stdout: '' });

      const client = await bench.done([...args, '--dry-run=client']);
      // convert's default output is YAML: then the plan itself is printed.
      expect(client.stderr + client.stdout).to.match(/^Dry run: nothing was written\.$|^kind: Plan$/m);
      const server = await bench.done([...args, '--dry-run=server']);
      expect(server.stderr)
        .to.match(/^Dry run: .*nothing was written/m)
        .and.match(/the API server accepted/i);
      expect((await bench.done([...args, '-o', 'diff'])).stdout).to.match(/^[-+]/m);
      expect((await bench.infpool([...args, '-o', 'diff', '--exit-code'])).code).to.equal(2);
      expect(differences(await all(), before)).to.deep.equal([]);
    });

  it("--dry-run=server reaches the API server's own validation, and writes nothing", async () => {
    const bad = alphaPool('fresh', 'unseen', { targetPortNumber: 70_000 });
    const path = join(bench.cwd, 'invalid.yaml');
    writeFileSync(path, JSON.stringify(bad));
    const before = await all();
    const client = await bench.infpool(['restore', '-f', path, '--dry-run=client']);
    expect(client.code).to.equal(0);
    const { code, stderr } = await bench.infpool(['restore', '-f', path, '--dry-run=server']);
    expect(stderr).to.match(/error: The API server refused .*unseen.*targetPortNumber.*65535/);
    expect(code).to.equal(1);
    expect(differences(await all(), before)).to.deep.equal([]);
  });

  it('a yes is asked for on a terminal, and anything else is a no', async () => {
    const before = await all();
    const [program, ...args] = ['script', '-qec', `${binary} split 80 -n ${NS}`, '/dev/null'];
    const { code, stdout } = await run(program!, args, {
      cwd: bench.cwd,
      env: { ...process.env, ...bench.lab.env },
      input: 'n\n',
    });
    expect(stdout).to.include('[y/N]').and.include('Stopped: nothing was written');
    expect(code).to.equal(3);
    expect(differences(await all(), before)).to.deep.equal([]);
  });

  it('an interlock is passed by --force only, and named', async () => {
    const before = await all();
    const args = ['cleanup', `${NS}-preview`, '-n', NS, '--helm-uninstall', '--dry-run=client'];
    expect((await bench.infpool(args)).code).to.equal(3);
    const { stderr } = await bench.done([...args, '--force']);
    expect(stderr).to.match(/--force goes past still-referenced: /);
    expect(differences(await all(), before)).to.deep.equal([]);
  });

  it('what a writer leaves is its own: the manager of the fields is ours', async () => {
    const pool = { apiVersion: V1, kind: 'InferencePool', namespace: NS, name: `${NS}-ga` };
    const managers = ((await bench.get(pool)).metadata['managedFields'] as Json[]).map(
      ({ manager }) => manager,
    );
    expect(managers).to.include('kubectl-infpool').and.include('helm');
    const objective = { apiVersion: ALPHA, kind: 'InferenceObjective', namespace: NS, name: 'base-model' };
    expect((await bench.get(objective)).metadata['managedFields'][0]).to.include({
      manager: 'kubectl-infpool',
      operation: 'Apply',
    });
  });

  it('--dry-run=server of phase 1 where the CRDs are not there yet: what needs them is said to be unchecked', async () => {
    const crd = { apiVersion: CRDS, kind: 'CustomResourceDefinition', name: OBJECTIVES };
    await bench.lab.admin.delete(crd);
    const { stderr } = await bench.done([...writing['convert']!, '--dry-run=server']);
    expect(stderr).to.match(/create inferenceobjectives.*not checked/);
    expect(await bench.crd(OBJECTIVES)).to.equal(undefined);
    await bench.lab.installCrds(['gie-v1.0.0']);
  });

  describe('reports as JSON, by the schemas of this repository', () => {
    function validator(kind: string): ValidateFunction {
      const file = readdirSync(schemas).find(
        (name) => name.toLowerCase() === `${kind.toLowerCase()}.schema.json`,
      );
      expect(file, `a schema of ${kind} in ${schemas}`).to.be.a('string');
      const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
      for (const name of readdirSync(schemas))
        if (name !== file)
          ajv.addSchema(JSON.parse(readFileSync(join(schemas, name), 'utf8')) as object, name);
      return ajv.compile(JSON.parse(readFileSync(join(schemas, file!), 'utf8')) as object);
    }
    const reports: Record<string, string[]> = {
      detect: ['detect'],
      'detect of files': ['detect', '-f', 'backup.yaml'],
      status: ['status'],
      verify: ['verify'],
      'verify of one': ['verify', '-n', NS, '--no-probe'],
      convert: ['convert', '-A'],
      'convert of files': ['convert', '-f', 'backup.yaml'],
    };
    const kinds: Record<string, string> = { detect: 'Inventory', status: 'Status', verify: 'Verification' };

    // The objectives went with their CRD above.
    before(() => bench.side('done'));

    function expectValid(stdout: string, kind: string): void {
      const report = JSON.parse(stdout) as Json;
      expect(report).to.include({ apiVersion: 'kubectl-infpool/v1', kind });
      const validate = validator(kind);
      expect(validate(report), JSON.stringify(validate.errors, null, 1)).to.equal(true);
    }

    for (const [name, args] of Object.entries(reports))
      it(name, async () => {
        const { stdout } = await bench.infpool([...args, '-o', 'json']);
        expectValid(stdout, kinds[args[0]!] ?? 'Plan');
      });
    for (const name of names)
      it(`${name} --dry-run=client`, async () => {
        expectValid((await bench.done([...writing[name]!, '--dry-run=client', '-o', 'json'])).stdout, 'Plan');
      });
  });
});
