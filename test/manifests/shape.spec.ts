import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { apiVersionOf, type Resource } from '../../src/api/resource.ts';
import { ADVISORY_RESOURCES } from '../../src/inventory/advisory/wanted.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { INVENTORY_RESOURCES } from '../../src/inventory/wanted.ts';
import { loadManifests } from '../../src/manifests/load.ts';
import { snapshotOf } from '../../src/manifests/snapshot.ts';
import { runs } from '../support/runs.ts';

// Nobody has checked a file against a schema.
describe('manifests', () => {
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
      runs(400),
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
      runs(400),
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
