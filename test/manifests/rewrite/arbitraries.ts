// Objects as people have them in Git, and their text in the styles that people write.
import fc from 'fast-check';
import { stringify, type ToStringOptions } from 'yaml';
import type { KubeObject } from '../../../src/api/object.ts';

const ALPHA = 'inference.networking.x-k8s.io';
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Strings that YAML reads as something else unless quoted are among them. */
const label = fc.constantFrom('vllm', 'true', 'on', '8000', '1e3', '012', '12:30', '~', 'null', 'a.b/c', '');
const key = fc.constantFrom('app', 'tier', 'example.com/role', 'on', 'y', '1', 'app.kubernetes.io/part-of');
const dictionary = fc.dictionary(key, label, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
const poolName = fc.constantFrom('food', 'food-preview', 'drinks', 'yes', 'n');
const group = fc.constantFrom(undefined, ALPHA);

function withoutUndefined<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

// The keys of each object in any order: some write the kind first, some sort.
function shuffled(value: KubeObject): fc.Arbitrary<KubeObject> {
  const reorder = (inner: unknown, order: readonly number[]): unknown => {
    if (Array.isArray(inner)) return inner.map((item) => reorder(item, order));
    if (inner === null || typeof inner !== 'object') return inner;
    const entries = Object.entries(inner).map(([name, item]) => [name, reorder(item, order)] as const);
    const rank = (index: number) => order[index % order.length]!;
    return Object.fromEntries(
      entries
        .map((entry, index) => ({ entry, by: rank(index) }))
        .sort((a, b) => a.by - b.by)
        .map(({ entry }) => entry),
    );
  };
  return fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 7 })
    .map((order) => reorder(value, order) as KubeObject);
}

/** Nothing in it has to be removed. */
export const alphaPool: fc.Arbitrary<KubeObject> = fc
  .record({
    name: poolName,
    labels: optional(dictionary),
    selector: dictionary,
    port: fc.integer({ min: 1, max: 65535 }),
    extension: fc.record({
      group: fc.constantFrom(undefined, ''),
      kind: fc.constantFrom(undefined, 'Service'),
      portNumber: fc.constantFrom(undefined, 9002, 9100),
      failureMode: fc.constantFrom(undefined, 'FailOpen', 'FailClose'),
    }),
  })
  .map(({ name, labels, selector, port, extension }) =>
    withoutUndefined({
      apiVersion: `${ALPHA}/v1alpha2`,
      kind: 'InferencePool',
      metadata: { name, labels },
      spec: { selector, targetPortNumber: port, extensionRef: { name: `${name}-epp`, ...extension } },
    } as KubeObject),
  )
  .chain(shuffled);

/** A model of the pool of this name. */
export const modelOf = (pool: string): fc.Arbitrary<KubeObject> =>
  fc
    .record({
      name: fc.constantFrom('review', 'no', 'base'),
      labels: optional(dictionary),
      status: optional(fc.constant({ conditions: [{ type: 'Accepted', status: 'True' }] })),
      modelName: fc.constantFrom('food-review', '1234', 'a/b:c', 'x'),
      criticality: fc.constantFrom(undefined, 'Critical', 'Standard', 'Sheddable'),
      targets: optional(fc.array(fc.constantFrom('x', 'adapter-1', '7'), { minLength: 1, maxLength: 3 })),
      group,
    })
    .map(({ name, labels, status, modelName, criticality, targets, group }) =>
      withoutUndefined({
        apiVersion: `${ALPHA}/v1alpha2`,
        kind: 'InferenceModel',
        metadata: { name, labels, creationTimestamp: status ? null : undefined },
        spec: {
          modelName,
          criticality,
          targetModels: targets?.map((target) => ({ name: target, weight: 1 })),
          poolRef: { group, name: pool },
        },
        status,
      } as unknown as KubeObject),
    )
    .chain(shuffled);

const backendRef = (pools: readonly string[]) =>
  fc
    .record({
      to: fc.constantFrom(...pools, 'service', 'v1'),
      weight: optional(fc.integer({ min: 0, max: 100 })),
      port: fc.constantFrom(undefined, 8000),
    })
    .map(({ to, weight, port }) =>
      to === 'service'
        ? { kind: 'Service', name: 'other', port: 80, weight }
        : to === 'v1'
          ? { group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'food-ga', weight, port }
          : { group: ALPHA, kind: 'InferencePool', name: to, weight, port },
    );

export const routeTo = (pools: readonly string[]): fc.Arbitrary<KubeObject> =>
  fc
    .array(
      fc.record({
        backendRefs: fc.uniqueArray(backendRef(pools), {
          selector: ({ name }) => name,
          minLength: 1,
          maxLength: 4,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((rules) =>
      withoutUndefined({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'HTTPRoute',
        metadata: { name: 'llm' },
        spec: { parentRefs: [{ name: 'gw' }], rules },
      } as KubeObject),
    )
    .chain(shuffled);

/** The text of a document; JSON, too, in all its widths. */
export const style: fc.Arbitrary<(object: KubeObject) => string> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record<ToStringOptions>({
        indent: fc.constantFrom(2, 4, 3),
        indentSeq: fc.boolean(),
        singleQuote: fc.constantFrom(true, false, null),
        defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
        collectionStyle: fc.constantFrom('any', 'any', 'flow'),
        flowCollectionPadding: fc.boolean(),
        lineWidth: fc.constantFrom(0, 40),
      })
      .map((options) => (object: KubeObject) => stringify(object, { version: '1.1', ...options })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0, 2, 4, '\t')
      .map((indent) => (object: KubeObject) => `${JSON.stringify(object, null, indent)}\n`),
  },
);

/** Puts comments at the ends of lines and on lines of their own. */
export function commented(text: string, places: readonly number[]): { text: string; comments: string[] } {
  const comments: string[] = [];
  const lines = text.split('\n').map((line, index) => {
    const place = places[index % places.length]!;
    if (line === '' || place < 2) return line;
    const comment = `# c${index} {x: [`;
    comments.push(comment);
    return place === 2 ? `${line} ${comment}` : `${/^ */.exec(line)![0]}${comment}\n${line}`;
  });
  return { text: lines.join('\n'), comments };
}
