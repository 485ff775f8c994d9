// `split` and `rollback` touch the two backendRefs and our annotation, and nothing else, whatever the route is.
import { expect } from 'chai';
import type { Json, KubeObject } from '../lab/kube.ts';
import { until, waitFor, routeAccepted } from '../lab/scenarios/wait.ts';
import { differences } from './everything.ts';
import { startMeddler } from './meddler.ts';
import { Bench, GATEWAY_API, wanted } from './support.ts';

const NS = 'split';
const ORIGINAL = 'kubectl-infpool/original-backend-refs';

const alpha = (more: object = {}) => ({
  group: 'inference.networking.x-k8s.io',
  kind: 'InferencePool',
  name: `${NS}-preview`,
  ...more,
});
const v1 = (more: object = {}) => ({
  group: 'inference.networking.k8s.io',
  kind: 'InferencePool',
  name: `${NS}-ga`,
  ...more,
});
const service = (more: object = {}) => ({ kind: 'Service', name: 'other', port: 80, ...more });
const path = (value: string) => [{ path: { type: 'PathPrefix', value } }];
const header = (name: string) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name, value: 'on' }] },
});

/** One rule of every kind that people write. */
const rich = [
  {
    name: 'all-of-it',
    matches: [
      { path: { type: 'Exact', value: '/v1/completions' }, method: 'POST' },
      { headers: [{ name: 'x-team', value: 'a' }] },
    ],
    filters: [header('x-rule')],
    timeouts: { request: '30s' },
    backendRefs: [alpha({ filters: [header('x-backend')] })],
  },
  { matches: path('/third'), backendRefs: [service({ weight: 3 }), alpha({ weight: 7 })] },
  { matches: path('/other'), backendRefs: [service()] },
  { matches: path('/both'), backendRefs: [alpha({ weight: 30 }), v1({ weight: 10 })] },
];

describe('split', function () {
  this.timeout(120_000);
  let bench: Bench;

  before(async () => {
    bench = await Bench.start();
    await bench.preview(NS);
    await bench.side(NS);
    const spec = { ports: [{ port: 80 }] };
    const metadata = { namespace: NS, name: 'other' };
    await bench.lab.admin.apply({ apiVersion: 'v1', kind: 'Service', metadata, spec });
  });
  after(() => bench?.end());

  async function route(name: string, rules: object[]): Promise<KubeObject> {
    const metadata = {
      namespace: NS,
      name,
      labels: { team: 'a' },
      annotations: { 'example.com/note': 'theirs' },
    };
    const spec = { parentRefs: [{ name: 'inference-gateway' }], hostnames: [`${name}.example.com`], rules };
    await bench.lab.admin.apply({ apiVersion: GATEWAY_API, kind: 'HTTPRoute', metadata, spec });
    return waitFor(
      bench.lab.admin,
      { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: NS, name },
      routeAccepted,
    );
  }
  const now = (name: string) => bench.route(NS, name);
  const split = (...args: string[]) => bench.done(['split', ...args, '-n', NS, '--yes']);
  const rollback = (name: string) => bench.done(['rollback', name, '-n', NS, '--yes']);
  const version = (object: KubeObject) => object.metadata['resourceVersion'] as string;
  const settled = async (name: string) => {
    for (;;) {
      const { metadata, status } = await now(name);
      const parents = (status?.parents ?? []) as { conditions: { observedGeneration: number }[] }[];
      const current = ({ observedGeneration }: { observedGeneration: number }) =>
        observedGeneration === metadata['generation'];
      if (parents.length > 0 && parents.every(({ conditions }) => conditions.every(current))) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const refs = (object: KubeObject, rule: number) => object['spec'].rules[rule].backendRefs as Json[];
  /** Weights of alpha, v1 and the third, as shares of the rule's traffic. */
  function shares(object: KubeObject, rule: number): Record<string, number> {
    const all = refs(object, rule).map((ref) => ({
      key: ref.group || 'third',
      weight: Number(ref.weight ?? 1),
    }));
    const total = all.reduce((sum, { weight }) => sum + weight, 0);
    const share = (group: string) => (all.find(({ key }) => key.startsWith(group))?.weight ?? 0) / total;
    return {
      alpha: share('inference.networking.x-k8s.io'),
      v1: share('inference.networking.k8s.io'),
      third: share('third'),
    };
  }
  function expectOnlyRefsDiffer(after: KubeObject, before: KubeObject, rules: number[]): void {
    const places = differences(wanted(after), wanted(before)).map((line) =>
      line.split(': ').slice(0, 2).join('.'),
    );
    const allowed = rules.map((rule) => `rest.spec.rules.${rule}.backendRefs`);
    for (const place of places)
      expect(
        place === `annotations.${ORIGINAL}` || allowed.some((start) => place.startsWith(`${start}.`)),
        place,
      ).to.equal(true);
    expect(after.metadata['annotations']).to.have.property(ORIGINAL);
  }

  it('changes nothing but the two backendRefs and our annotation', async () => {
    const before = await route('rich', rich);
    await split('rich', '50');
    const after = await now('rich');
    expectOnlyRefsDiffer(after, before, [0, 1, 3]);
    expect(refs(after, 0)).to.deep.equal([
      { ...refs(before, 0)[0], weight: 50 },
      { ...refs(before, 0)[0], group: 'inference.networking.k8s.io', name: `${NS}-ga`, weight: 50 },
    ]);
    expect(shares(after, 1)).to.deep.equal({ alpha: 0.35, v1: 0.35, third: 0.3 });
    expect(shares(after, 3)).to.deep.equal({ alpha: 0.5, v1: 0.5, third: 0 });
  });

  it('the same again writes nothing', async () => {
    // The controller's status for the last write is a write, too.
    await settled('rich');
    const before = version(await now('rich'));
    const { stderr } = await split('rich', '50');
    expect(stderr).to.match(/unchanged/);
    expect(version(await now('rich'))).to.equal(before);
  });

  it('100 leaves the v1 pool alone in the rule, and the third backend its share', async () => {
    await split('rich', '100');
    const after = await now('rich');
    for (const rule of [0, 1, 3]) expect(shares(after, rule).alpha).to.equal(0);
    for (const rule of [0, 3]) expect(refs(after, rule)).to.have.length(1);
    expect(shares(after, 1)).to.deep.equal({ alpha: 0, v1: 0.7, third: 0.3 });
  });

  it('rollback gives back exactly the original, also from 100', async () => {
    const applied = await now('rich');
    expect(applied.metadata['annotations']).to.have.property(ORIGINAL);
    await rollback('rich');
    const { rules } = (await now('rich'))['spec'];
    const fresh = await route('fresh', rich);
    expect(rules).to.deep.equal(fresh['spec'].rules);
    expect((await now('rich')).metadata['annotations']).to.deep.equal({ 'example.com/note': 'theirs' });
    const before = version(await now('rich'));
    await rollback('rich');
    expect(version(await now('rich'))).to.equal(before);
  });

  it('0 gives back exactly the original, through every share between', async () => {
    const before = wanted(await route('there-and-back', rich.slice(0, 3)));
    for (const percent of ['10', '33', '50', '99', '100', '25', '0']) await split('there-and-back', percent);
    expect(wanted(await now('there-and-back'))).to.deep.equal(before);
  });

  it('33 percent of weights that do not divide is within 0.01 percent, and no third backend moves', async () => {
    await route('odd', [
      { matches: path('/a'), backendRefs: [service({ weight: 1 }), alpha({ weight: 1 })] },
      { matches: path('/b'), backendRefs: [alpha({ weight: 7 }), service({ weight: 3 })] },
      { matches: path('/c'), backendRefs: [service({ weight: 999_999 }), alpha({ weight: 999_983 })] },
    ]);
    await split('odd', '33');
    const after = await now('odd');
    for (const [rule, third] of [1 / 2, 3 / 10, 999_999 / 1_999_982].entries()) {
      const share = shares(after, rule);
      expect(share.third).to.be.closeTo(third, 1e-12);
      expect((share.v1! / (share.v1! + share.alpha!)) * 100).to.be.closeTo(33, 0.01);
      for (const ref of refs(after, rule)) expect(ref.weight).to.be.within(0, 1_000_000);
    }
  });

  it('a share that no whole weights express is refused, and nothing is written', async () => {
    const before = await route('tight', [
      { matches: path('/'), backendRefs: [service({ weight: 1_000_000 }), alpha({ weight: 1 })] },
    ]);
    const { code, stderr } = await bench.infpool(['split', 'tight', '33', '-n', NS, '--yes', '--force']);
    expect(stderr).to.include('weights-not-expressible').and.include('tight');
    expect(code).to.equal(3);
    expect(version(await now('tight'))).to.equal(version(before));
  });

  it('an endpoint picker that is not ready: refused before the first request, nothing written', async () => {
    const before = await route('early', [{ matches: path('/early'), backendRefs: [alpha()] }]);
    const picker = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: NS, name: `${NS}-ga-epp` };
    bench.players.kubelet.setReady(({ metadata }) => !metadata.name.startsWith(picker.name));
    try {
      await waitFor(bench.lab.admin, picker, (it) => !it['status'].readyReplicas);
      const { code, stderr } = await bench.infpool(['split', 'early', '10', '-n', NS, '--yes']);
      expect(stderr).to.include('epp-deployment-ready').and.include('0 of 1 ready');
      expect(code).to.equal(3);
      expect(version(await now('early'))).to.equal(version(before));
    } finally {
      bench.players.kubelet.setReady(() => true);
      await waitFor(bench.lab.admin, picker, (it) => it['status'].readyReplicas === 1);
      await until(
        'its endpoints',
        async () => (await bench.infpool(['verify', '-n', NS, '--no-probe'])).code === 0,
      );
    }
  });

  it('a change by someone else between our read and our write is kept, and ours planned again on top', async () => {
    const before = await route('busy', [{ matches: path('/busy'), backendRefs: [alpha()] }]);
    const ref = { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: NS, name: 'busy' };
    const theirs = [
      {
        matches: path('/busy'),
        timeouts: { request: '7s' },
        backendRefs: [alpha({ weight: 4 }), service({ weight: 1 })],
      },
    ];
    const meddler = await startMeddler(bench.lab.admin, async (seen) => {
      if (seen === 1)
        await bench.lab.admin.mergePatch(ref, {
          metadata: { labels: { new: 'label' } },
          spec: { rules: theirs },
        });
    });
    try {
      await split('busy', '50', '--server', meddler.url);
    } finally {
      await meddler.stop();
    }
    const after = await now('busy');
    expect(after.metadata['labels']).to.deep.equal({ ...before.metadata['labels'], new: 'label' });
    expect(after['spec'].rules[0].timeouts).to.deep.equal({ request: '7s' });
    expect(shares(after, 0)).to.deep.equal({ alpha: 0.4, v1: 0.4, third: 0.2 });
    await rollback('busy');
    expect(refs(await now('busy'), 0).map(({ name, weight }) => [name, weight])).to.deep.equal([
      [`${NS}-preview`, 4],
      ['other', 1],
    ]);
  });

  it('a writer that never stops is named, not chased, and never overwritten', async () => {
    await route('restless', [{ matches: path('/restless'), backendRefs: [alpha()] }]);
    const ref = { apiVersion: GATEWAY_API, kind: 'HTTPRoute', namespace: NS, name: 'restless' };
    const meddler = await startMeddler(bench.lab.admin, async (seen) => {
      const rules = [{ matches: path('/restless'), backendRefs: [alpha({ weight: seen + 1 })] }];
      await bench.lab.admin.mergePatch(ref, { spec: { rules } });
    });
    try {
      const { code, stderr } = await bench.infpool([
        'split',
        'restless',
        '50',
        '-n',
        NS,
        '--yes',
        '--server',
        meddler.url,
      ]);
      expect(stderr).to.match(/split\/restless .*kept changing/);
      expect(code).to.equal(3);
      expect(refs(await now('restless'), 0).map(({ weight }) => weight)).to.deep.equal([meddler.seen + 1]);
    } finally {
      await meddler.stop();
    }
  });
});
