// The shapes that traffic comes in, each in a namespace of its own: what every command makes of it.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { ready } from '../lab/scenarios/building-blocks.ts';
import { deploymentReady, until, waitFor } from '../lab/scenarios/wait.ts';
import { alphaPool, model } from './samples.ts';
import * as shape from './shapes.ts';
import { expectRefused, Shapes, toAlpha, toService, toV1 } from './shapes.ts';
import { offline, wanted } from './support.ts';

describe('shapes of traffic', function () {
  this.timeout(60_000);
  const shapes = new Shapes();

  before(async function () {
    this.timeout(900_000); // where nothing is built yet
    await shapes.start();
  });
  after(() => shapes.bench?.end());

  describe('several pools, rules, routes and Gateways', () => {
    const names = ['mixed', 'second', 'idle'];
    let original: KubeObject[];

    before(async () => {
      const labels = { app: 'vllm', one: 'yes', two: 'yes' };
      await shapes.given(
        'several',
        shape.gateway('several'),
        shape.gateway('several', 'inner'),
        alphaPool('several', 'one', { selector: { app: 'vllm', one: 'yes' } }),
        alphaPool('several', 'two', { selector: { app: 'vllm', two: 'yes' } }),
        model('several', 'llama', 'one'),
        model('several', 'gemma', 'two'),
        shape.picker('several', 'one-epp', ['-poolName', 'one', '-poolNamespace', 'several']),
        shape.picker('several', 'two-epp', ['-poolName', 'two', '-poolNamespace', 'several']),
        shape.servers('several', labels),
        shape.route('several', 'mixed', [
          [toAlpha('one', { weight: 30 }), toAlpha('two', { weight: 70 })],
          [toAlpha('one', { weight: 0 }), toAlpha('two')],
          [toAlpha('two', { weight: 1 }), toService('one-epp', { weight: 3 })],
          [toAlpha('one')],
        ]),
        shape.route('several', 'second', [[toAlpha('one')]], [{ name: 'gateway' }, { name: 'inner' }]),
        shape.route('several', 'idle', [[toAlpha('one', { weight: 0 })]]),
      );
      await ready(shapes.bench.lab, 'several', { deployments: ['one-epp', 'two-epp', 'vllm-yes-yes'] });
      await shapes.bench.side('several');
      original = await Promise.all(names.map((name) => shapes.bench.route('several', name)));
    });

    it('50 percent of one pool: its share only, in every rule and route; the others and a weight of 0 stay', async () => {
      await shapes.bench.done(['split', '50', '--pool', 'one', '-n', 'several', '--yes']);
      expect(await shapes.weights('several', 'mixed')).to.deep.equal([
        'one 15, one-ga 15, two 70',
        'one 0, two 1',
        'two 1, one-epp 3',
        'one 50, one-ga 50',
      ]);
      expect(await shapes.weights('several', 'second')).to.deep.equal(['one 50, one-ga 50']);
      const { pools } = await shapes.json('status', '-n', 'several');
      expect((pools as Json[]).map(({ phase }) => phase)).to.deep.equal(['Splitting', 'Parallel']);
    });

    it('100 percent of both: no route names an alpha pool, not at weight 0 either, and Services keep theirs', async () => {
      await shapes.bench.done(['split', '100', '-n', 'several', '--yes']);
      expect(await shapes.weights('several', 'mixed')).to.deep.equal([
        'one-ga 30, two-ga 70',
        'one-ga 0, two-ga 100',
        'two-ga 1, one-epp 3',
        'one-ga 100',
      ]);
      for (const name of names)
        expect(JSON.stringify((await shapes.bench.route('several', name))['spec'])).not.to.include(
          shape.ALPHA_GROUP,
        );
      const { pools } = await shapes.json('status', '-n', 'several');
      expect((pools as Json[]).map(({ phase }) => phase)).to.deep.equal(['Switched', 'Switched']);
    });

    it('rollback is refused while an alpha endpoint picker is down; then every route is as it was', async () => {
      const epp = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'several', name: 'two-epp' };
      await shapes.bench.lab.admin.mergePatch(epp, { spec: { replicas: 0 } });
      await waitFor(shapes.bench.lab.admin, epp, ({ status }) => !status?.readyReplicas);
      const rollback = ['rollback', '-n', 'several', '--yes'];
      expectRefused(await shapes.bench.infpool(rollback), 'alpha-not-ready', 'two-epp');
      expect(await shapes.weights('several', 'second')).to.deep.equal(['one-ga 100']);
      await shapes.bench.lab.admin.mergePatch(epp, { spec: { replicas: 1 } });
      await waitFor(shapes.bench.lab.admin, epp, (object) => deploymentReady(object));
      await until('rollback', async () => (await shapes.bench.infpool(rollback)).code === 0);
      const after = await Promise.all(names.map((name) => shapes.bench.route('several', name)));
      expect(after.map(wanted)).to.deep.equal(original.map(wanted));
    });
  });

  it('a pool used from two namespaces: -n moves its own, the other route is named, and the command for it runs', async () => {
    const from = [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'far' }];
    await shapes.given(
      'far',
      shape.gateway('far'),
      shape.route('far', 'far', [[toAlpha('near', { namespace: 'near' })]]),
    );
    await shapes.given(
      'near',
      alphaPool('near', 'near', { selector: { app: 'near' } }),
      model('near', 'llama', 'near'),
      shape.servers('near', { app: 'near' }),
      shape.gateway('near'),
      shape.route('near', 'near', [[toAlpha('near')]]),
      {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        kind: 'ReferenceGrant',
        metadata: { namespace: 'near', name: 'far' },
        spec: { from, to: [{ group: shape.ALPHA_GROUP, kind: 'InferencePool' }] },
      },
    );
    await ready(shapes.bench.lab, 'near', { deployments: ['near'] });
    await shapes.bench.side('near');
    await shapes.bench.done(['split', '100', '-n', 'near', '--yes']);
    expect(await shapes.weights('near', 'near')).to.deep.equal(['near-ga 100']);
    expect(await shapes.weights('far', 'far')).to.deep.equal(['near 1']);
    const [{ phase, trafficPercentV1, next }] = (await shapes.json('status', '-n', 'near')).pools as [Json];
    expect({ phase, next }).to.deep.equal({
      phase: 'Splitting',
      next: 'kubectl infpool split --pool near/near 100 -A',
    });
    expect(trafficPercentV1).to.be.below(100);
    const cleanup = ['cleanup', '-n', 'near', '--yes'];
    expectRefused(
      await shapes.bench.infpool(cleanup),
      'still-referenced',
      'kubectl infpool split far 100 -n far',
    );
    await shapes.bench.done([...(next as string).split(' ').slice(2), '--yes']);
    expect(await shapes.weights('far', 'far')).to.deep.equal(['near-ga 100']);
    await shapes.bench.done([...cleanup, '--dry-run=client', '--no-probe']);
  });

  it('an endpoint picker that is in no Deployment: verify and cleanup say so, and guess nothing', async () => {
    const v1 = ['--pool-name', 'state-ga', '--pool-namespace', 'state'];
    await shapes.given(
      'state',
      alphaPool('state', 'state', { selector: { app: 'state' } }),
      shape.picker('state', 'state-epp', ['-poolName', 'state'], 'StatefulSet'),
      shape.v1Pool('state', 'state-ga', { app: 'state' }),
      shape.picker('state', 'state-ga-epp', v1, 'StatefulSet'),
      shape.gateway('state'),
      shape.route('state', 'state', [[toAlpha('state')]]),
    );
    const { verdict, checks } = await shapes.json('verify', '-n', 'state', '--no-probe');
    const found = (checks as Json[]).find(({ id }) => id === 'epp-deployment-found')!;
    expect(found).to.include({ verdict: 'unknown' });
    expect(verdict).not.to.equal('pass');
    expectRefused(
      await shapes.bench.infpool(['split', '50', '-n', 'state', '--yes']),
      'epp-deployment-found',
      'No Deployment has the pods that the Service selects',
    );
    const { steps, findings: said } = await shapes.json(
      'cleanup',
      '-n',
      'state',
      '--force',
      '--dry-run=client',
    );
    const deleted = (steps as Json[]).map(({ ref }) => `${ref.kind}/${ref.name}`);
    expect(deleted).to.deep.equal(['Service/state-epp', 'InferencePool/state']);
    const left = (said as Json[]).find(({ id }) => id === 'epp-left')!;
    expect(left.hint).to.include('-n state').and.include('app=state-epp');
  });

  it('under a controller that serves alpha pools only nothing is moved, and the reason is given', async () => {
    const gatewayRef = [{ name: 'gateway' }];
    await shapes.given(
      'alone',
      shape.gatewayClass('old', 'example.com/old'),
      shape.gateway('alone', 'gateway', 'old'),
      alphaPool('alone', 'alone', { selector: { app: 'alone' } }),
      shape.v1Pool('alone', 'alone-ga', { app: 'alone' }),
      shape.route('alone', 'tried', [[toV1('alone-ga')]], gatewayRef),
      shape.route('alone', 'served', [[toAlpha('alone')]], gatewayRef),
    );
    for (const [name, status, reason] of [
      ['tried', 'False', 'InvalidKind'],
      ['served', 'True', 'ResolvedRefs'],
    ] as const) {
      const object = await shapes.bench.route('alone', name);
      const time = { lastTransitionTime: '2026-01-01T00:00:00Z', message: '', observedGeneration: 1 };
      const conditions = [
        { type: 'Accepted', status: 'True', reason: 'Accepted', ...time },
        { type: 'ResolvedRefs', status, reason, ...time },
      ];
      const parentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gateway' };
      const parents = [{ parentRef, controllerName: 'example.com/old', conditions }];
      await shapes.bench.lab.admin.applyStatus({ ...object, status: { parents } });
    }
    const [found] = (await shapes.json('detect', '-n', 'alone')).gateways as [Json];
    expect(found).to.include({ controller: 'example.com/old', serves: 'alpha' });
    for (const percent of ['50', '100'])
      expectRefused(
        await shapes.bench.infpool(['split', 'served', percent, '-n', 'alone', '--yes']),
        'controller-serves-alpha-only',
        'InvalidKind',
      );
    expect(await shapes.weights('alone', 'served')).to.deep.equal(['alone 1']);
  });

  it("--objective-header sets it where a rule carries one model, and leaves others' routes alone", async () => {
    await shapes.given(
      'beyond',
      alphaPool('beyond', 'beyond', { selector: { app: 'beyond' } }),
      model('beyond', 'llama', 'beyond', { criticality: 'Critical' }),
      shape.route('beyond', 'beyond', [[toAlpha('beyond')]]),
    );
    await shapes.given(
      'headers',
      alphaPool('headers', 'single', { selector: { app: 'single' } }),
      alphaPool('headers', 'double', { selector: { app: 'double' } }),
      model('headers', 'llama', 'single', { criticality: 'Critical' }),
      model('headers', 'gemma', 'double'),
      model('headers', 'gemma-2', 'double'),
      shape.gateway('headers'),
      shape.route('headers', 'both', [[toAlpha('single')], [toAlpha('double')]]),
    );
    const args = ['convert', '--apply', '--objective-header', '-n', 'headers', ...(await offline())];
    const { stderr } = await shapes.bench.done([...args, '--yes']);
    expect(stderr).to.match(/httproutes\S+\/both in namespace headers, spec\.rules\[1\].*gemma, gemma-2/);
    const [single, double] = (await shapes.bench.route('headers', 'both'))['spec'].rules as [Json, Json];
    expect(single.filters).to.deep.equal([
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'x-gateway-inference-objective', value: 'llama' }] },
      },
    ]);
    expect(double).not.to.have.property('filters');
    const { steps } = await shapes.json(...args, '--dry-run=client');
    const routes = (steps as Json[]).filter(({ ref }) => ref.kind === 'HTTPRoute');
    expect(routes.map(({ ref }) => ref.namespace)).to.deep.equal([]);
    expect((await shapes.bench.route('beyond', 'beyond'))['spec'].rules[0]).not.to.have.property('filters');
  });
});
