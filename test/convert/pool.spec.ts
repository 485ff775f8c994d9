import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { convertPool, type PoolTarget } from '../../src/convert/pool.ts';
import { releaseOf } from '../../src/convert/releases.ts';
import { alphaPool, byHelm } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const target: PoolTarget = {
  name: 'food-ga',
  eppName: 'food-ga-epp',
  release: releaseOf('v1.0.0'),
  byChart: true,
  models: [],
};
const convert = (pool = alphaPool(), more: Partial<PoolTarget> = {}) =>
  convertPool(pool, { ...target, ...more });

describe('the v1 pool of an alpha pool', () => {
  it('has the same fields under their v1 names, and names an endpoint picker of its own', () => {
    const { object, findings } = convert(
      alphaPool('food', { selector: { app: 'vllm', 'x.io/tier': 'gpu' }, targetPortNumber: 8080 }),
    );
    expect(findings).to.be.empty;
    expect(object).to.deep.equal({
      apiVersion: 'inference.networking.k8s.io/v1',
      kind: 'InferencePool',
      metadata: {
        name: 'food-ga',
        namespace: 'llm',
        annotations: { 'kubectl-infpool/migrated-from': 'food' },
      },
      spec: {
        selector: { matchLabels: { app: 'vllm', 'x.io/tier': 'gpu' } },
        targetPorts: [{ number: 8080 }],
        endpointPickerRef: {
          kind: 'Service',
          name: 'food-ga-epp',
          port: { number: 9002 },
          failureMode: 'FailClose',
        },
      },
    });
  });

  it('remembers the models that are asked for through it', () => {
    const { object } = convert(alphaPool(), { models: ['a', 'b'] });
    expect(object!.metadata.annotations).to.include({ 'kubectl-infpool/models': '["a","b"]' });
  });

  it('has port 9002 where the alpha pool names none, and says so', () => {
    for (const byChart of [true, false]) {
      const { object, findings } = convert(alphaPool('food', { extensionRef: { name: 'e' } }), { byChart });
      expect(object!['spec'].endpointPickerRef).to.deep.include({ kind: 'Service', port: { number: 9002 } });
      expect(object!['spec'].endpointPickerRef).to.include({ failureMode: 'FailClose' });
      expect(ids(findings)).to.deep.equal(['port-defaulted']);
    }
  });

  it("has the chart's port where the chart makes the picker, and the alpha one's where the user does", () => {
    const odd = alphaPool('food', { extensionRef: { name: 'e', portNumber: 9100 } });
    expect(convert(odd).object!['spec'].endpointPickerRef.port).to.deep.equal({ number: 9002 });
    expect(ids(convert(odd).findings)).to.deep.equal(['epp-port-by-chart']);
    const byUser = convert(odd, { byChart: false });
    expect(byUser.object!['spec'].endpointPickerRef.port).to.deep.equal({ number: 9100 });
    expect(byUser.findings).to.be.empty;
  });

  it('fails open where the alpha one did, and says where the chart loses that', () => {
    const open = alphaPool('food', {
      extensionRef: { name: 'e', portNumber: 9002, failureMode: 'FailOpen' },
    });
    const old = convert(open);
    expect(old.object!['spec'].endpointPickerRef.failureMode).to.equal('FailOpen');
    expect(ids(old.findings)).to.deep.equal(['failure-mode-lost']);
    expect(old.findings[0]!.message).to.contain('v1.0.0');
    expect(convert(open, { release: releaseOf('v1.4.0') }).findings).to.be.empty;
    expect(convert(open, { byChart: false }).findings).to.be.empty;
  });

  it('keeps group and kind of an endpoint picker that is no Service, with a doubt', () => {
    const extensionRef = { group: 'x.io', kind: 'Picker', name: 'e', portNumber: 9002 };
    const { object, findings } = convert(alphaPool('food', { extensionRef }), { byChart: false });
    expect(object!['spec'].endpointPickerRef).to.include({ group: 'x.io', kind: 'Picker' });
    expect(ids(findings)).to.deep.equal(['extension-kind']);
  });

  it("is a Service where the chart makes it, whatever the alpha pool's was, and says so", () => {
    const extensionRef = { group: 'x.io', kind: 'Picker', name: 'e', portNumber: 9002 };
    const { object, findings } = convert(alphaPool('food', { extensionRef }), { byChart: true });
    expect(object!['spec'].endpointPickerRef).to.include({ kind: 'Service' });
    expect(object!['spec'].endpointPickerRef).not.to.have.property('group');
    expect(findings.map(({ id, message }) => `${id}: ${message}`).join()).to.match(
      /^extension-kind: .* the chart makes a Service of its own\.$/,
    );
  });

  it('has none of what the server or a tool wrote, and all of what people wrote', () => {
    const meta = byHelm('food', {
      uid: '1',
      resourceVersion: '7',
      generation: 3,
      creationTimestamp: 't',
      finalizers: ['f'],
      ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: '2' }],
      managedFields: [{}],
      labels: {
        team: 'llm',
        'app.kubernetes.io/name': 'food-epp',
        'app.kubernetes.io/instance': 'food',
        'app.kubernetes.io/version': 'v0.3.0',
        'app.kubernetes.io/part-of': 'chat',
        'argocd.argoproj.io/instance': 'app',
        'kustomize.toolkit.fluxcd.io/name': 'k',
        'helm.sh/chart': 'c',
      },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'argocd.argoproj.io/tracking-id': 'x',
        'config.kubernetes.io/origin': 'x',
        owner: 'me',
      },
    });
    const before = { ...alphaPool('food', {}, meta), status: { parent: [] } };
    expect(convert(before).object!.metadata).to.deep.equal({
      name: 'food-ga',
      namespace: 'llm',
      labels: { team: 'llm', 'app.kubernetes.io/part-of': 'chat' },
      annotations: { owner: 'me', 'kubectl-infpool/migrated-from': 'food' },
    });
    expect(convert(before).object).not.to.have.property('status');
  });

  it('is of no namespace where a file names none', () => {
    const pool = alphaPool();
    delete pool.metadata.namespace;
    expect(convert(pool).object!.metadata).not.to.have.property('namespace');
  });

  const labels = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`l${i}`, 'x']));
  for (const [id, what, spec] of [
    ['selector-empty', 'an empty selector', { selector: {} }],
    ['selector-empty', 'no selector', { selector: undefined }],
    ['selector-too-large', '65 labels', { selector: labels(65) }],
    ['target-port-missing', 'no target port', { targetPortNumber: undefined }],
  ] as const)
    it(`can not be made of ${what}: an error that names the pool and the field`, () => {
      const pool = alphaPool('food', spec);
      const { object, findings } = convert(pool);
      expect(object).to.equal(null);
      expect(ids(findings)).to.deep.equal([id]);
      expect(findings[0]).to.deep.include({ severity: 'error', ref: refOf(pool) });
      expect(findings[0]!.field).to.match(/^spec\.(selector|targetPortNumber)$/);
    });

  it('can be made of 64 labels', () => {
    expect(convert(alphaPool('food', { selector: labels(64) })).object).not.to.equal(null);
  });

  it('shares nothing with the alpha pool that a change could reach', () => {
    const pool = alphaPool();
    const { object } = convert(pool);
    object!['spec'].selector.matchLabels.app = 'other';
    expect(pool['spec'].selector.app).to.equal('vllm');
  });
});
