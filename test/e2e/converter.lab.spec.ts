// Our pools against those of upstream's own Go converter (apix/v1alpha2, ConvertTo), for pools that nobody thought of.
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { KubeObject } from '../../src/api/object.ts';
import { convertPool } from '../../src/convert/pool.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { UpstreamConverter } from '../lab/converter/upstream.ts';
import { crdFiles } from '../lab/parts/modules.ts';

const RUNS = 400;

function ours(alpha: KubeObject) {
  return convertPool(alpha, {
    name: alpha.metadata.name,
    eppName: alpha['spec'].extensionRef.name,
    release: releaseOf('v1.4.0'),
    byChart: false,
    models: [],
  });
}

// What the API server of either side would have let in; the selector may be empty, as v1alpha2 allows it.
const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9_.]{0,20}[a-z0-9])?$/);
const labelKey = fc.oneof(
  label,
  fc.tuple(fc.constantFrom('example.com', 'app.kubernetes.io'), label).map((parts) => parts.join('/')),
);
const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65535 });
const stringMap = (max: number) => fc.dictionary(labelKey, label, { maxKeys: max });
const condition = fc.record({
  type: fc.constantFrom('Accepted', 'ResolvedRefs'),
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.constantFrom('Accepted', 'Pending', 'NotSupportedByGateway', 'InvalidExtensionRef'),
  lastTransitionTime: fc.constant('2025-09-01T00:00:00Z'),
  message: fc.string(),
});
const parent = fc.record({
  parentRef: fc.oneof(
    fc.constant({ kind: 'Status', name: 'default' }),
    fc.record({ name, namespace: name, kind: fc.constant('Gateway') }),
  ),
  conditions: fc.array(condition, { maxLength: 3 }),
});
const metadata = fc.record(
  {
    name,
    namespace: name,
    uid: fc.uuid(),
    resourceVersion: fc.nat().map(String),
    generation: fc.nat(),
    creationTimestamp: fc.constant('2025-09-01T00:00:00Z'),
    labels: stringMap(3),
    annotations: fc.dictionary(
      fc.oneof(
        labelKey,
        fc.constantFrom('kubectl.kubernetes.io/last-applied-configuration', 'meta.helm.sh/release-name'),
      ),
      fc.string(),
      { maxKeys: 3 },
    ),
    finalizers: fc.array(labelKey, { maxLength: 1 }),
    ownerReferences: fc.array(
      fc.record({
        apiVersion: fc.constant('serving.kserve.io/v1alpha1'),
        kind: fc.constant('X'),
        name,
        uid: fc.uuid(),
      }),
      { maxLength: 1 },
    ),
  },
  { requiredKeys: ['name', 'namespace'] },
);
const extensionRef = fc.record(
  {
    name,
    group: fc.constantFrom('', 'example.com'),
    kind: fc.constantFrom('Service', 'Picker'),
    portNumber: port,
    failureMode: fc.constantFrom('FailOpen', 'FailClose'),
  },
  { requiredKeys: ['name'] },
);
const alphaPool = (selector: fc.Arbitrary<Record<string, string>>) =>
  fc.record(
    {
      apiVersion: fc.constant('inference.networking.x-k8s.io/v1alpha2'),
      kind: fc.constant('InferencePool'),
      metadata,
      spec: fc.record({ selector, targetPortNumber: port, extensionRef }),
      status: fc.record({ parent: fc.array(parent, { maxLength: 3 }) }),
    },
    { requiredKeys: ['apiVersion', 'kind', 'metadata', 'spec'] },
  ) as unknown as fc.Arbitrary<KubeObject>;

const labels = (minKeys: number, maxKeys: number) =>
  fc.dictionary(labelKey, label, { minKeys, maxKeys, size: 'max' });
const acceptable = alphaPool(fc.oneof(labels(1, 4), labels(1, 64)));
const refused = alphaPool(fc.oneof(fc.constant({}), labels(65, 70)));

describe("upstream's own converter", function () {
  this.timeout(60_000);
  let upstream: UpstreamConverter;
  before(async () => (upstream = await UpstreamConverter.start()));
  after(() => upstream?.end());

  const each = (pools: fc.Arbitrary<KubeObject>, check: (alpha: KubeObject, theirs: KubeObject) => void) =>
    fc.assert(
      fc.asyncProperty(pools, async (alpha) => check(alpha, await upstream.convert(alpha))),
      { numRuns: RUNS },
    );

  it('gives the same spec, but for defaults that are written down and port 9002 where none is named', async () => {
    await each(acceptable, (alpha, theirs) => {
      const { group, kind, port, failureMode, ...picker } = theirs['spec'].endpointPickerRef;
      expect(port === undefined).to.equal(alpha['spec'].extensionRef.portNumber === undefined);
      expect(ours(alpha).object!['spec']).to.deep.equal({
        ...theirs['spec'],
        endpointPickerRef: {
          ...picker,
          ...(group ? { group } : {}),
          kind: kind ?? 'Service',
          port: port ?? { number: 9002 },
          failureMode: failureMode ?? 'FailClose',
        },
      });
    });
  });

  it('leaves out what the v1 CRD would fill in with just what we write down', async () => {
    const file = (await crdFiles('gie', 'v1.4.0')).find((path) =>
      path.endsWith('inference.networking.k8s.io_inferencepools.yaml'),
    );
    const crd = load(readFileSync(file!, 'utf8')) as KubeObject;
    const fields =
      crd['spec'].versions[0].schema.openAPIV3Schema.properties.spec.properties.endpointPickerRef.properties;
    expect([fields.group.default, fields.kind.default, fields.failureMode.default]).to.deep.equal([
      '',
      'Service',
      'FailClose',
    ]);
    expect(fields.port.default).to.equal(undefined);
  });

  it('agrees on apiVersion and kind', async () => {
    await each(acceptable, (alpha, theirs) => {
      const { apiVersion, kind } = ours(alpha).object!;
      expect({ apiVersion, kind }).to.deep.equal({ apiVersion: theirs.apiVersion, kind: theirs.kind });
    });
  });

  it("copies everything of metadata, where we copy the name and people's labels and annotations", async () => {
    const people = (values: Record<string, string> = {}) =>
      Object.fromEntries(
        Object.entries(values).filter(
          ([key]) =>
            !/^(kubectl\.kubernetes\.io|meta\.helm\.sh)\//.test(key) &&
            !/^app\.kubernetes\.io\/(managed-by|name|instance|version)$/.test(key),
        ),
      );
    await each(acceptable, (alpha, theirs) => {
      const nonEmpty = Object.fromEntries(
        Object.entries(alpha.metadata).filter(
          ([, value]) => value && (typeof value !== 'object' || Object.keys(value).length > 0),
        ),
      );
      expect(theirs.metadata).to.deep.equal(nonEmpty);
      const { annotations, labels, ...rest } = ours(alpha).object!.metadata;
      expect(rest).to.deep.equal({ name: alpha.metadata.name, namespace: alpha.metadata.namespace });
      expect(labels ?? {}).to.deep.equal(people(alpha.metadata.labels));
      expect(annotations).to.deep.equal({
        ...people(alpha.metadata.annotations),
        'kubectl-infpool/migrated-from': alpha.metadata.name,
      });
    });
  });

  it('carries the status over, which is of other Gateways than the new pool has: ours has none', async () => {
    let carried = 0;
    await each(acceptable, (alpha, theirs) => {
      carried += theirs['status'].parents?.length ?? 0;
      expect(ours(alpha).object).not.to.have.property('status');
    });
    expect(carried).to.be.greaterThan(0);
  });

  it('makes pools that a v1 API server refuses, of no label and of more than 64: we make none, and say why', async () => {
    await each(refused, (alpha, theirs) => {
      const { object, findings } = ours(alpha);
      expect(theirs['spec'].selector.matchLabels ?? {}).to.deep.equal(alpha['spec'].selector);
      expect(object).to.equal(null);
      expect(findings.find(({ severity }) => severity === 'error')!.id).to.equal(
        Object.keys(alpha['spec'].selector).length === 0 ? 'selector-empty' : 'selector-too-large',
      );
    });
  });
});
