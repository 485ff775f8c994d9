// Manifests as a source, by the built binary: many, hostile, written back.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { asUser, deployment, measured, POOL, ROUTE } from './manifests.ts';
import { expectOneLine, infpool, run, type Outcome } from './support.ts';

describe('manifests', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'infpool-files-')));
  });
  afterEach(() => {
    execFileSync('chmod', ['-R', 'u+rwx', folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (files: Record<string, string | Buffer>) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  };
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  /** Without HOME and kubeconfig: no cluster is needed. */
  const env = { PATH: process.env['PATH'] };
  const files = (line: string, input = ''): Promise<Outcome> =>
    infpool(line.split(' '), { cwd: folder, env, input });
  const inEnglish = ({ code, stderr }: Outcome) => `exit ${code}\n${stderr}`;

  it('2,000 files with 10,000 documents take less than 10 s and 300 MB, read and written', async () => {
    for (let file = 0; file < 2000; file++) {
      const namespace = `team-${file % 50}`;
      const named = (text: string) =>
        text.replaceAll('chat', `chat-${file}`).replace(/(metadata:\n)/, `$1  namespace: ${namespace}\n`);
      const route = ROUTE.replaceAll('chat', `chat-${file}`).replace(
        '{name:',
        `{namespace: ${namespace}, name:`,
      );
      const other = Array.from({ length: file % 10 === 0 ? 3 : 5 }, (_, index) =>
        deployment(`d-${file}-${index}`, namespace),
      );
      write({
        [`${namespace}/f${file}.yaml`]: [...(file % 10 === 0 ? [named(POOL), route] : []), ...other].join(
          '---\n',
        ),
      });
    }
    for (const line of ['detect -f . -R -o json', 'convert -f . -R', 'convert -f . -R --output-dir ../out']) {
      const started = performance.now();
      const { code, bytes, stdout } = await measured(
        line.replace('../out', `${folder}-out`).split(' '),
        folder,
      );
      const seconds = (performance.now() - started) / 1000;
      expect(code, line).to.equal(0);
      expect(seconds, line).to.be.lessThan(10);
      expect(bytes / 1e6, line).to.be.lessThan(300);
      if (line.startsWith('detect'))
        expect((JSON.parse(stdout) as { pools: unknown[] }).pools).to.have.length(200);
    }
    rmSync(`${folder}-out`, { recursive: true });
  });

  it('a broken document is named with file and line, and the rest is converted: exit 1', async () => {
    write({ 'a.yaml': `${POOL}---\nfoo: [\n`, 'b.yaml': ROUTE, 'notes.yaml': 'x: 1\n' });
    const detected = await files('detect -f . -o json');
    expect(detected.code).to.equal(1);
    expect(detected.stderr).to.match(/^error: a\.yaml:\d+: Not valid YAML/m);
    expect(JSON.parse(detected.stdout)).to.have.nested.property('pools[0].ref.name', 'chat');
    // "None" is only said of what could be read.
    write({ 'alone/a.yaml': 'foo: [\n' });
    const alone = await files('detect -f alone');
    expect([alone.code, alone.stdout]).to.deep.equal([1, '']);
    expect(alone.stderr).to.match(/^ {2}inferencepools\S+: none in what could be read of alone$/m);
    rmSync(join(folder, 'alone'), { recursive: true });
    const converted = await files('convert -f .');
    expect(converted.code).to.equal(1);
    expect(converted.stdout).to.include('name: chat-ga');
    const written = await files('convert -f . --output-dir out');
    expect(written.code, inEnglish(written)).to.equal(1);
    expect(read('out/a.yaml')).to.include('name: chat-ga').and.include('---\nfoo: [\n');
    expect(read('out/notes.yaml')).to.equal('x: 1\n');
  });

  it('nothing found where something is broken is not "none"', async () => {
    write({ 'a.yaml': 'foo: [\n' });
    const { code, stderr, stdout } = await files('detect -f . -o json');
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.include({ verdict: 'Unknown' });
    expect(stderr).to.not.include('No migration needed');
  });

  it('hostile files are refused by name, each in bounded time, and never hang', async () => {
    write({
      'deep.yaml': '['.repeat(100_000),
      'utf16.yaml': Buffer.from(POOL, 'utf16le'),
      'zero.yaml': Buffer.alloc(1000),
      'huge.yaml': Buffer.alloc(100_000_000, '# x\n'),
      'many.yaml': '---\na: 1\n'.repeat(100_000),
      'keys.yaml': `${POOL}  more:\n${Array.from({ length: 300_000 }, (_, key) => `    k${key}: v\n`).join('')}`,
    });
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
    for (const name of ['deep', 'utf16', 'zero', 'huge', 'many', 'keys', 'pipe']) {
      const { code, stderr } = await files(`detect -f ${name}.yaml`);
      expect(code, name).to.equal(1);
      expect(stderr, name)
        .to.match(new RegExp(`^error: ${name}\\.yaml`, 'm'))
        .and.not.match(/bug of ours|^\s+at /m);
    }
    write({ 'good.yaml': POOL });
    const all = await files('convert -f .');
    expect(all.code).to.equal(1);
    expect(all.stdout).to.include('name: chat-ga');
    expectOneLine(await files('detect -f /dev/zero'), /\/dev\/zero could not be read: it is a device/);
    expectOneLine(await files('detect -f https://example.com/x.yaml'), /takes files and folders\.\n.*curl/);
  });

  it('stdin is converted; it can not be written back', async () => {
    const { code, stdout } = await files('convert -f -', `${POOL}---\n${ROUTE}`);
    expect(code).to.equal(0);
    expect(stdout).to.include('name: chat-ga');
    expectOneLine(await files('convert -f - --in-place', POOL), /stdin can't be written back/);
    expectOneLine(await files('convert --in-place'), /-f is missing/);
  });

  it('in place: shown first, then written only where it has to be, then nothing is left to do', async () => {
    write({
      'base/pool.yaml': POOL,
      'base/route.yaml': ROUTE,
      'base/svc.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: s}\n',
      'base/kustomization.yaml': 'resources: [pool.yaml, route.yaml, svc.yaml]\n',
    });
    chmodSync(join(folder, 'base/pool.yaml'), 0o640);
    const before = [read('base/pool.yaml'), read('base/route.yaml')];
    const diff = await files('convert -f base --in-place -o diff --exit-code');
    expect(diff.code, inEnglish(diff)).to.equal(2);
    expect(diff.stdout).to.match(/^--- a\/base\/pool\.yaml\n\+\+\+ b\/base\/pool\.yaml\n/m);
    const refused = await files('convert -f base --in-place');
    expect(refused.code).to.equal(3);
    expect((await files('convert -f base --in-place --dry-run=client')).stdout).to.equal(diff.stdout);
    expect([read('base/pool.yaml'), read('base/route.yaml')]).to.deep.equal(before);

    const done = await files('convert -f base --in-place --yes');
    expect(done.code, inEnglish(done)).to.equal(0);
    expect(done.stderr)
      .to.match(/4 files read, 4 documents; 2 to change\./)
      .and.match(/before the traffic has moved/);
    expect(read('base/pool.yaml'))
      .to.include('# The pool of our chat.')
      .and.include('name: chat-ga   # its name')
      .and.include('apiVersion: inference.networking.k8s.io/v1\n');
    expect(read('base/route.yaml'))
      .to.include('- backendRefs:   # all of it')
      .and.include('name: chat-ga')
      .and.not.include('x-k8s.io');
    expect(execFileSync('stat', ['-c', '%a', join(folder, 'base/pool.yaml')], { encoding: 'utf8' })).to.equal(
      '640\n',
    );
    const written = [read('base/pool.yaml'), read('base/route.yaml')];
    const again = await files('convert -f base --in-place --yes');
    expect(again.code, inEnglish(again)).to.equal(0);
    expect(again.stderr).to.include('Nothing had to change.');
    expect([read('base/pool.yaml'), read('base/route.yaml')]).to.deep.equal(written);
    // git apply takes the diff.
    write({ 'copy/base/pool.yaml': before[0]!, 'copy/base/route.yaml': before[1]! });
    await run('git', ['apply', '-'], { cwd: join(folder, 'copy'), env, input: diff.stdout });
    expect([read('copy/base/pool.yaml'), read('copy/base/route.yaml')]).to.deep.equal(written);
  });

  it('--name is for files, too', async () => {
    write({ 'pool.yaml': POOL, 'route.yaml': ROUTE });
    expect((await files('convert -f . --in-place --yes --name chat=talk')).code).to.equal(0);
    expect(read('pool.yaml')).to.include('name: talk ');
    expect(read('route.yaml')).to.include('name: talk');
  });

  it('-n is for what names no namespace, as kubectl apply has it; other namespaces stay as they are', async () => {
    const other = POOL.replace('name: chat ', 'namespace: web\n  name: chat ');
    write({ 'pool.yaml': POOL, 'web.yaml': other });
    const printed = await files('convert -f . -n llm');
    expect(printed.code, inEnglish(printed)).to.equal(0);
    expect(printed.stdout).to.include('namespace: llm').and.not.include('namespace: web');
    expect((await files('convert -f . -n llm --in-place --yes')).code).to.equal(0);
    expect(read('pool.yaml')).to.include('name: chat-ga').and.not.include('namespace');
    expect(read('web.yaml')).to.equal(other);
  });

  it('a chart is not looked into, and so is not said to have nothing', async () => {
    write({
      'Chart.yaml': 'name: x\n',
      'templates/pool.yaml': POOL.replace('name: chat ', 'name: {{ .Release.Name }} '),
    });
    for (const line of ['detect -f .', 'detect -f . -R', 'convert -f .']) {
      const { code, stderr } = await files(line);
      expect(code, line).to.equal(4);
      expect(stderr, line).to.match(/warning: \.: It is a Helm chart.* v1alpha2 is in templates\/pool\.yaml/);
      expect(stderr, line).to.not.match(/nothing to convert|No migration needed/);
    }
  });

  it('folders of different clusters lend each other nothing', async () => {
    const v1 = POOL.replace('inference.networking.x-k8s.io/v1alpha2', 'inference.networking.k8s.io/v1')
      .replace('chat ', 'chat-ga ')
      .replace('targetPortNumber: 8000', 'targetPorts: [{number: 1111}]')
      .replace('app: "vllm"', 'matchLabels: {app: other}')
      .replace('extensionRef: {name: chat-epp}', 'endpointPickerRef: {name: x, port: {number: 1}}');
    write({
      'staging/pool.yaml': v1,
      'prod/pool.yaml': POOL,
      'third/pool.yaml': POOL.replace('8000', '9000'),
    });
    const { code, stderr } = await files('convert -f . -R --in-place --yes');
    expect(code, stderr).to.equal(0);
    expect(read('staging/pool.yaml')).to.equal(v1);
    expect(read('prod/pool.yaml')).to.include('name: chat-ga').and.include('8000').and.include('vllm');
    expect(read('third/pool.yaml')).to.include('name: chat-ga').and.include('9000');
  });

  it('links and .. lead neither in nor out', async () => {
    write({ 'in/pool.yaml': POOL, 'outside/secret.yaml': POOL.replaceAll('chat', 'secret'), 'out/keep': '' });
    symlinkSync('../outside/secret.yaml', join(folder, 'in/link.yaml'));
    symlinkSync('../outside', join(folder, 'out/sub'));
    write({ 'in/sub/pool.yaml': POOL.replaceAll('chat', 'sub') });
    const refused = await files('convert -f in -R --output-dir out --force');
    expect(refused.code).to.equal(3);
    expect(refused.stderr)
      .to.match(/out\/sub is a symbolic link/)
      .and.match(/link-not-followed/);
    expect(execFileSync('ls', [join(folder, 'outside')], { encoding: 'utf8' })).to.equal('secret.yaml\n');
    for (const out of ['in', 'in/x', 'in/../in/x', '../' + folder.split('/').at(-1) + '/in/y'])
      expect((await files(`convert -f in -R --output-dir ${out} --force`)).code, out).to.equal(3);
    expect((await files('convert -f in/../in -R --output-dir fresh')).code).to.equal(0);
    expect(
      execFileSync('find', ['fresh', '-type', 'f'], { cwd: folder, encoding: 'utf8' })
        .split('\n')
        .sort()
        .filter(Boolean),
    ).to.deep.equal(['fresh/pool.yaml', 'fresh/sub/pool.yaml']);
  });

  it('a folder that may not be written leaves all as it was; one that may not be read is named', async function () {
    write({ 'in/pool.yaml': POOL, 'in/closed/pool.yaml': POOL, 'in/shut.yaml': POOL });
    for (const name of ['in/closed', 'in/shut.yaml']) chmodSync(join(folder, name), 0);
    chmodSync(join(folder, 'in'), 0o555);
    chmodSync(folder, 0o555);
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const read = await asUser(['detect', '-f', 'in', '-R'], uid, folder);
    expect(read.code, inEnglish(read)).to.equal(1);
    expect(read.stderr)
      .to.match(/^error: in\/shut\.yaml: permission was denied\.$/m)
      .and.match(/^error: in\/closed: permission was denied\.$/m);
    for (const how of [
      ['--in-place', '--yes'],
      ['--output-dir', 'out'],
    ]) {
      const outcome = await asUser(['convert', '-f', 'in/pool.yaml', ...how], uid, folder);
      expect(outcome.code, inEnglish(outcome)).to.equal(1);
      expect(outcome.stderr).to.match(/error: .* could not be written: permission was denied\./);
    }
    expect(readFileSync(join(folder, 'in/pool.yaml'), 'utf8')).to.equal(POOL);
  });
});
