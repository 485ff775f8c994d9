import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { expect } from 'chai';
import { loadTree } from '../../src/manifests/loadTree.ts';
import { Folder, POOL } from './folder.ts';

describe('a tree of manifests', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => folder.end());

  const load = (paths = [''], recursive = true) =>
    loadTree(
      paths.map((path) => (path === '-' ? path : folder.at(path))),
      { recursive, wanted: (_group, kind) => kind === 'InferencePool', stdin: POOL },
    );
  const found = (paths?: string[], recursive?: boolean) =>
    load(paths, recursive)
      .files.map(({ file }) => file.path.replace(`${folder.path}/`, ''))
      .sort();

  it('is the manifests of a folder; with -R of those below, but not of hidden ones and node_modules', () => {
    folder.write({
      'a.yaml': POOL,
      'b.yml': POOL,
      'c.json': '{}',
      'd.txt': POOL,
      'sub/e.yaml': POOL,
      '.git/f.yaml': POOL,
      'node_modules/g.yaml': POOL,
      '.h.yaml': POOL,
    });
    expect(found([''], false)).to.deep.equal(['.h.yaml', 'a.yaml', 'b.yml']);
    expect(found()).to.deep.equal(['.h.yaml', 'a.yaml', 'b.yml', 'sub/e.yaml']);
  });

  it('takes a file that is named whatever its name, and each file once', () => {
    folder.write({ 'd.txt': POOL, 'a.yaml': POOL });
    expect(found(['d.txt', '', 'a.yaml'])).to.deep.equal(['/a.yaml', '/d.txt'].map((name) => name.slice(1)));
    expect(load(['-']).files[0]!.objects[0]!.source).to.deep.equal({ file: 'stdin', line: 1 });
  });

  it('of stdin has no digest: there is no file that could have been changed', () => {
    expect(load(['-']).files.map(({ digest }) => digest)).to.deep.equal(['']);
  });

  it('says where kustomizations and templates speak of v1alpha2, and what was not looked into', () => {
    const alpha = 'inference.networking.x-k8s.io';
    folder.write({
      'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- target: {group: ${alpha}}\n`,
      'other/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n',
      'template.yaml': `apiVersion: ${alpha}/v1alpha2\nkind: InferencePool\nmetadata:\n  name: {{ .Values.name }}\n`,
    });
    const { findings, unseen } = load();
    const found = findings.map(({ id, field }) => [id, field.slice(folder.path.length)]);
    expect(found.filter(([id]) => id === 'mention-in-kustomization')).to.have.length(1);
    expect(found.map(([, field]) => field)).to.include('/kustomization.yaml:1');
    expect(unseen.map(({ where, message }) => [where.slice(folder.path.length), message])).to.deep.equal([
      ['/template.yaml:1', 'a template that mentions v1alpha2 and is not rendered'],
    ]);
  });

  it('follows links to what is inside once, and no link out', () => {
    const outside = new Folder().write({ 'x.yaml': POOL });
    folder.write({ 'root/sub/a.yaml': POOL, 'root/.hidden/b.yaml': POOL.replace('food', 'b') });
    const link = (to: string, name: string) => symlinkSync(to, folder.at(`root/${name}`));
    link('sub/a.yaml', 'again.yaml');
    link('.', 'loop');
    link('..', 'up');
    link('.hidden/b.yaml', 'b.yaml');
    link(outside.at('x.yaml'), 'out.yaml');
    link(outside.path, 'out');
    link('nowhere.yaml', 'dangling.yaml');
    const { files, findings, problems, tree } = load(['root']);
    expect(files.map(({ file }) => file.target)).to.have.members(['sub/a.yaml', 'b.yaml']);
    expect(findings.map(({ id, field }) => [id, field.slice(folder.path.length)])).to.have.deep.members([
      ['link-not-followed', '/root/out.yaml'],
      ['link-not-followed', '/root/out'],
      ['link-not-followed', '/root/up'],
    ]);
    expect(problems).to.deep.equal([
      `${folder.at('root/dangling.yaml')}: it is a symbolic link, and there is no such file.`,
    ]);
    expect(tree.links.map(({ target, to }) => [target, to])).to.have.deep.members([
      ['again.yaml', 'sub/a.yaml'],
      ['loop', '.'],
    ]);
    outside.end();
  });

  it('names what is broken with file and line, and has the rest', () => {
    folder.write({ 'bad.yaml': `a: 1\nb: [\n---\n${POOL}`, 'good.yaml': POOL.replace('food', 'other') });
    const { problems, unseen, files } = load();
    expect(files).to.have.length(2);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/\/bad\.yaml:3: Not valid YAML: .*\.$/);
    expect(unseen).to.have.length(1);
  });

  const unreadable: [what: string, content: Buffer, why: RegExp][] = [
    ['UTF-16', Buffer.from(`\ufeff${POOL}`, 'utf16le'), /UTF-16/],
    ['a NUL byte', Buffer.from('a: 1\nb: \0'), /NUL byte on line 2/],
    ['invalid UTF-8', Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'), /UTF-8 on line 2/],
    ['too many bytes', Buffer.alloc(64 * 1024 * 1024 + 1, '#'), /larger than 64 MiB/],
  ];
  for (const [what, content, why] of unreadable)
    it(`names a file with ${what}; given by itself it is refused`, () => {
      folder.write({ 'bad.yaml': content, 'good.yaml': POOL });
      const { problems, files } = load();
      expect(files).to.have.length(1);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.include('/bad.yaml: ').and.match(why);
      expect(() => load(['bad.yaml'])).to.throw(why);
    });

  it('never waits for a pipe or reads a device', () => {
    folder.write({ 'good.yaml': POOL });
    execFileSync('mkfifo', [folder.at('pipe.yaml'), folder.at('pipe')]);
    expect(load().problems).to.deep.equal([`${folder.at('pipe.yaml')}: it is a pipe.`]);
    expect(() => load(['pipe'])).to.throw(/it is a pipe/);
    expect(() => loadTree(['/dev/zero'], { recursive: false, wanted: () => true, stdin: '' })).to.throw(
      /it is a device/,
    );
  });

  it('says that an argument is not there', () => {
    expect(() => load(['nope.yaml'])).to.throw(/nope\.yaml could not be read: there is no such file\./);
  });

  it('tells a chart from manifests: one finding, which names what mentions v1alpha2', () => {
    folder.write({
      'chart/Chart.yaml': 'name: x\n',
      'chart/values.yaml': 'pool: {}\n',
      'chart/templates/pool.yaml': POOL.replace('food', '{{ .Release.Name }}'),
      'chart/templates/svc.yaml': 'kind: {{ x }}\n',
      'chart/crds/plain.yaml': POOL,
      'chart/charts/sub/Chart.yaml': 'name: sub\n',
    });
    const { findings, problems, unseen, files } = load();
    expect(problems).to.deep.equal([]);
    expect(files.map(({ file }) => file.target)).to.deep.equal(['chart/crds/plain.yaml']);
    expect(findings.map(({ id, field }) => [id, field])).to.deep.equal([
      ['helm-chart', folder.at('chart')],
      ['helm-chart', folder.at('chart/charts/sub')],
    ]);
    expect(findings[0]!.message).to.include('v1alpha2 is in templates/pool.yaml.');
    expect(findings[0]!.hint).to.include(`helm template RELEASE ${folder.at('chart')} |`);
    expect(unseen.map(({ where }) => where)).to.deep.equal([folder.at('chart')]);
    // A file of it by itself, and the chart without -R: the same.
    expect(load(['chart/templates/pool.yaml']).findings[0]).to.deep.equal(findings[0]);
    expect(load(['chart'], false).unseen).to.have.length(1);
  });

  it('takes a template outside of charts for one, not for a mistake', () => {
    folder.write({
      'pool.yaml': `{{- if .x }}\n${POOL}{{ end }}\n`,
      'named.yaml': POOL.replace('food', "'{{ x }}'"),
    });
    const { findings, problems, unseen } = load();
    expect(problems).to.deep.equal([]);
    expect(findings.map(({ id }) => id)).to.deep.equal(['template-not-rendered', 'template-not-rendered']);
    expect(unseen).to.have.length(2);
  });

  it('passes over what is not of Kubernetes, unless it mentions the group; given by itself it is a mistake', () => {
    folder.write({
      'compose.yaml': 'services: {}\n',
      'ci.yaml': 'on: push\nrun: kubectl get inferencepools.inference.networking.x-k8s.io\n',
      'kustomization.yaml': 'resources: [pool.yaml]\n',
      'k/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
      'list.json': '[1, 2]',
    });
    const { findings, problems } = load();
    expect(problems).to.deep.equal([]);
    expect(findings.map(({ id, field }) => [id, field])).to.deep.equal([
      ['mention-in-file', `${folder.at('ci.yaml')}:1`],
    ]);
    expect(load(['compose.yaml']).problems[0]).to.match(/compose\.yaml:1: It is not a Kubernetes object/);
    expect(load(['kustomization.yaml']).problems).to.deep.equal([]);
  });

  it('warns of a CRD of v1alpha2: Git that prunes would delete it with all its objects', () => {
    folder.write({
      'crd.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: inferencemodels.inference.networking.x-k8s.io\n',
    });
    expect(load().findings.map(({ id }) => id)).to.deep.equal(['alpha-crd-in-file']);
  });

  const hostile: [what: string, text: string, why: RegExp][] = [
    ['a hundred thousand levels', '['.repeat(100_000), /deeper than 200 levels/],
    ['the same in JSON', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, /deeper than 200 levels/],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join()}]`).join('\n')}\n`,
      /:\d+: Its aliases stand for more than 500000 values/,
    ],
    ['an alias of itself', 'a: &a\n  b: *a\n', /:2: Its alias \*a stands in what it names/],
    ['one large document', `a: "${'x'.repeat(17_000_000)}"`, /larger than 16 MiB/],
    ['an escape character', 'a: \u001b[31m\n', /non-printable/],
    ['an object no server takes', `${POOL}  x: ${'y'.repeat(3_200_000)}\n`, /larger than 3 MiB/],
  ];
  for (const [what, text, why] of hostile)
    it(`survives ${what}`, () => {
      folder.write({ 'bad.yaml': text, 'good.yaml': POOL });
      const { problems, files } = load();
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(why).and.include('bad.yaml:');
      expect(files.map(({ file }) => file.target)).to.deep.equal(['good.yaml']);
    });
});
