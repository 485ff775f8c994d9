import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { ADVISORY_RESOURCES } from '../../src/inventory/advisory/wanted.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { INVENTORY_RESOURCES } from '../../src/inventory/wanted.ts';
import { loadManifests } from '../../src/manifests/load.ts';
import { snapshotOf } from '../../src/manifests/snapshot.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { apiVersionOf, type Resource } from '../../src/api/resource.ts';

const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n';

/** The value that this text has as a field. */
function valueOf(text: string): unknown {
  const { objects, errors } = loadManifests('x', `${CONFIG}data:\n  field: ${text}\n`);
  expect(errors).to.deep.equal([]);
  return (objects[0]!.object['data'] as Record<string, unknown>)['field'];
}

describe('a scalar', () => {
  // As sigs.k8s.io/yaml v1.6 (go.yaml.in/yaml/v2, resolve.go) has it.
  const table: [text: string, value: unknown][] = [
    ['yes', true],
    ['on', true],
    ['y', true],
    ['No', false],
    ['OFF', false],
    ['yEs', 'yEs'],
    ['~', null],
    ['', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['010', 8],
    ['0o10', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['08', 8],
    ['1_000', 1000],
    ['+5', 5],
    ['-0', 0],
    ['1:30', '1:30'],
    ['12:30:45', '12:30:45'],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1e+3', 1000],
    ['.inf', Infinity],
    ['-.INF', -Infinity],
    ['1.2.3', '1.2.3'],
    ['.', '.'],
    ['2024-01-01', '2024-01-01'],
    ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['2024-01', '2024-01'],
    ['"010"', '010'],
    ["'yes'", 'yes'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['!!binary aGk=', 'hi'],
    ['=', '='],
    ['<<', '<<'],
  ];
  for (const [text, value] of table)
    it(`${text === '' ? 'that is empty' : text} is ${JSON.stringify(value)} as for kubectl`, () => {
      const actual = valueOf(text);
      if (Object.is(value, 0)) expect(actual === 0).to.equal(true);
      else expect(actual).to.equal(value);
    });

  it('that is no number is none', () => expect(valueOf('.nan')).to.be.NaN);
});

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

  it('of any shape make an Inventory or a message, never a bug', () => {
    const name = fc.constantFrom('a', 'b');
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        null,
        true,
        0,
        8000,
        '',
        'a',
        'InferencePool',
        'inference.networking.x-k8s.io',
        'inference.networking.k8s.io',
      ),
      fc.string({ maxLength: 3 }),
    );
    const fields = [
      'selector',
      'matchLabels',
      'rules',
      'backendRefs',
      'filters',
      'requestMirror',
      'backendRef',
      'name',
      'namespace',
      'group',
      'kind',
      'weight',
      'to',
      'from',
      'targetRef',
      'targetRefs',
      'targetPorts',
      'number',
      'extensionRef',
      'endpointPickerRef',
      'poolRef',
      'targetModels',
      'parentRefs',
      'listeners',
      'matches',
      'headers',
      'host',
      'metrics',
      'groups',
      'expr',
      'endpoints',
      'triggers',
      'metadata',
      'subjects',
      'apiGroups',
      'resources',
      'status',
      'conditions',
      'parents',
      'trafficPolicy',
      'type',
    ];
    const { spec } = fc.letrec((tie) => ({
      spec: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(tie('spec'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...fields), tie('spec'), { maxKeys: 4 }),
      ),
    }));
    const kind = fc.constantFrom<Resource>(...INVENTORY_RESOURCES, ...ADVISORY_RESOURCES);
    const object = fc
      .record({
        kind,
        name,
        spec,
        root: fc.dictionary(fc.constantFrom('rules', 'subjects', 'status', 'spec2'), spec, { maxKeys: 2 }),
        labels: spec,
      })
      .map(({ kind: resource, name: called, spec: content, root, labels }) => ({
        apiVersion: apiVersionOf(resource),
        kind: resource.kind,
        metadata: { name: called, namespace: 'n', ...(labels === '' ? {} : { annotations: labels }) },
        spec: content,
        ...root,
      }));
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 5 }), (objects) => {
        const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
        const loaded = loadManifests('x', text);
        buildInventory(
          snapshotOf(
            loaded.objects.map((one) => one.object),
            [...INVENTORY_RESOURCES, ...ADVISORY_RESOURCES],
          ),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('with one field of another shape make an Inventory or a message, never a bug', () => {
    const folder = join(import.meta.dirname, '..', 'fixtures');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    );
    const objects = files
      .flatMap((name) => loadManifests(name, readFileSync(join(folder, name), 'utf8')).objects)
      .map(({ object }) => object)
      .filter(({ kind }) => [...INVENTORY_RESOURCES, ...ADVISORY_RESOURCES].some((one) => one.kind === kind));
    const odd = fc.constantFrom<unknown>(
      null,
      true,
      5,
      'text',
      [],
      {},
      [null],
      ['text'],
      [[]],
      { name: 5 },
      [{ name: 5 }],
      [{ name: {} }],
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat(), odd, (which, where, value) => {
        const object = structuredClone(objects[which % objects.length]!);
        const places = [...placesIn(object)];
        const [holder, key] = places[where % places.length]!;
        holder[key] = value;
        const loaded = loadManifests('x', JSON.stringify(object));
        const all = [
          ...objects.filter(({ metadata }) => metadata.name !== object.metadata?.name),
          ...loaded.objects.map((one) => one.object),
        ];
        buildInventory(snapshotOf(all, [...INVENTORY_RESOURCES, ...ADVISORY_RESOURCES]));
      }),
      { numRuns: 400 },
    );
  });
});

function* placesIn(value: unknown): Generator<[holder: Record<string, unknown>, key: string]> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    yield [value as Record<string, unknown>, key];
    yield* placesIn(inner);
  }
}
