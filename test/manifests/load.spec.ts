import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { loadManifests } from '../../src/manifests/load.ts';
import type { KubeObject } from '../../src/api/object.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n';

describe('manifests', () => {
  it('are what the yaml library reads from every fixture', () => {
    const folder = join(import.meta.dirname, '..', 'fixtures');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(files.length).to.be.greaterThan(5);
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      const other = parseAllDocuments(text, {
        version: '1.1',
        merge: true,
        customTags: (tags) =>
          tags.filter(
            (tag) => tag !== 'timestamp' && !(typeof tag === 'object' && tag.tag.endsWith('timestamp')),
          ),
      });
      const values = (Array.isArray(other) ? other : [])
        .map((document) => document.toJS() as unknown)
        .filter(
          (value) =>
            value !== null &&
            typeof value === 'object' &&
            'kind' in value &&
            'name' in ((value as KubeObject).metadata ?? {}),
        );
      const { objects } = loadManifests(name, text);
      expect(
        objects.map(({ object }) => object),
        name,
      ).to.deep.equal(values);
    }
  });

  it('of a List are taken apart, and each has its line', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${CONFIG.trim().replaceAll('\n', '\n  ')}\n# next\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Secret, metadata: {name: s}}\n`;
    const { objects, errors, documents } = loadManifests('x', `# first\n---\n${list}`);
    expect(errors).to.deep.equal([]);
    expect(objects.map(({ object, source }) => [object.kind, source.line])).to.deep.equal([
      ['ConfigMap', 6],
      ['Secret', 11],
    ]);
    expect(documents).to.equal(1);
  });

  it('of a List have their lines however long each is, and where an alias is among them that of the List', () => {
    const item = (name: string, lines: number) =>
      `- apiVersion: v1\n  kind: Secret\n  metadata: {name: ${name}}\n${lines > 0 ? '  x: &x 1\n' : ''}${'# more\n'.repeat(lines)}`;
    const list = (items: string) => `# a\n\napiVersion: v1\nkind: List\nitems:\n${items}`;
    const linesOf = (text: string) => loadManifests('x', text).objects.map(({ source }) => source.line);
    expect(linesOf(list(item('a', 5) + item('b', 0) + item('c', 2) + item('d', 1)))).to.deep.equal([
      6, 15, 18, 24,
    ]);
    expect(linesOf(list(`${item('a', 1)}  y: *x\n${item('b', 1)}`))).to.deep.equal([3, 3]);
  });

  it('of a kind that is not wanted are passed over, in a List, too, and the first of them is named', () => {
    const secret = (name: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n`;
    const text = `${secret('a')}---\napiVersion: v1\nkind: List\nitems:\n- ${secret('b').trim().replaceAll('\n', '\n  ')}\n---\n${CONFIG}`;
    const { objects, passed, errors } = loadManifests('x', text, (_, kind) => kind === 'ConfigMap');
    expect(objects.map(({ object }) => object.kind)).to.deep.equal(['ConfigMap']);
    expect([...passed]).to.deep.equal([['/Secret', { file: 'x', line: 1 }]]);
    expect(errors).to.deep.equal([]);
  });

  it('need a kind that is a text', () => {
    const text = 'apiVersion: v1\nkind: {a: b}\nmetadata: {name: a}\n';
    const { objects, errors, passed } = loadManifests('x', text, (_, kind) => kind === 'Secret');
    expect(objects).to.be.empty;
    expect([...passed]).to.be.empty;
    expect(errors.map(({ reason }) => reason)).to.deep.equal(['foreign']);
  });

  it('in JSON with a key twice may have much, but not be deep', () => {
    const json = (inner: string) =>
      `{"kind": "Secret", "kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a\\"[{"}, "x": ${inner}}`;
    const flat = `[${Array(300).fill('[{"a": 1}], 2, "{["').join(', ')}]`;
    expect(loadManifests('x.json', json(flat)).objects).to.have.length(1);
    const { objects, errors } = loadManifests('x.json', json(`${'['.repeat(300)}${']'.repeat(300)}`));
    expect(objects).to.be.empty;
    expect(errors).to.have.length(1);
    expect(errors[0]!.reason).to.equal('broken');
  });

  it('in JSON may have what YAML forbids: tabs, and a key twice', () => {
    const { objects, errors } = loadManifests(
      'x.json',
      '{\n\t"apiVersion": "v1",\n\t"kind": "Secret",\n\t"kind": "ConfigMap",\n\t"metadata": {"name": "c"}\n}',
    );
    expect(errors).to.deep.equal([]);
    expect(objects[0]!.object.kind).to.equal('ConfigMap');
  });

  it('that are broken are named with their line, and the others are there', () => {
    const { objects, errors } = loadManifests(
      'x',
      `${CONFIG}---\nkind: [broken\n---\n${CONFIG}---\nfoo: bar\n---\napiVersion: v1\nkind: Pod\n---\n'x\n`,
    );
    expect(objects.map(({ source }) => source.line)).to.deep.equal([1, 8]);
    expect(errors.map(({ source, reason }) => [source.line, reason])).to.deep.equal([
      [7, 'broken'],
      [13, 'foreign'],
      [15, 'invalid'],
      [19, 'broken'],
    ]);
    for (const { message } of errors)
      expect(message)
        .to.match(/^[A-Z].*\.$/)
        .and.not.include('\n');
  });

  it('that are not wanted are only checked, and say nothing of a name', () => {
    const loaded = loadManifests(
      'x',
      `kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n---\n${CONFIG}---\na: [\n`,
      (_group, kind) => kind === 'ConfigMap',
    );
    expect(loaded.objects).to.have.length(1);
    expect([...loaded.passed]).to.deep.equal([
      ['kustomize.config.k8s.io/Kustomization', { file: 'x', line: 1 }],
    ]);
    expect(loaded.errors).to.have.length(1);
  });

  it('may give their kind by a merge key', () => {
    const { objects } = loadManifests(
      'x',
      `x: &base {apiVersion: v1, kind: ConfigMap}\n<<: *base\nmetadata: {name: c}\n`,
    );
    expect(objects.map(({ object }) => object.kind)).to.deep.equal(['ConfigMap']);
  });

  it('with __proto__ and constructor keep them, and nothing gets them by inheritance', () => {
    for (const text of [
      `${CONFIG}  labels: {__proto__: a, constructor: b}\n__proto__: {polluted: true}\n`,
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":{"__proto__":"a","constructor":"b"}},"__proto__":{"polluted":true}}',
    ]) {
      const { objects } = loadManifests('x', text);
      const { object } = objects[0]!;
      expect(Object.keys(object)).to.include('__proto__');
      expect(Object.getPrototypeOf(object)).to.equal(Object.prototype);
      expect(Object.entries(object.metadata.labels!)).to.deep.equal([
        ['__proto__', 'a'],
        ['constructor', 'b'],
      ]);
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
      expect(JSON.stringify(object)).to.include('"__proto__":{"polluted":true}');
    }
  });
});
