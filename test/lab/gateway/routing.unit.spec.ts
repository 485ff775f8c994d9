import { expect } from 'chai';
import type { Json } from '../kube.ts';
import { evenPoints, findEntry, pick } from './match.ts';
import { modifyHeaders, treatModel } from './proxy.ts';
import { routingTable, type Entry, type ModelRules, type Target } from './routing.ts';
import { addPool, POOL, sampleWorld, v1Epp, v1Pool } from './sample-world.ts';
import { behaviour, type Behaviour, type World } from './world.ts';

const entries = (world: World, some: Partial<Behaviour> = {}): Entry[] =>
  routingTable(world, behaviour(some), world.gateways[0]!).listeners[0]!.entries;
const target = (world: World): Target => entries(world)[0]!.backends[0]!.target;
const rule = (world: World) => world.routes[0]!['spec'].rules[0] as Json;

describe('a routing table', () => {
  let world: World;
  beforeEach(() => (world = sampleWorld()));

  it("sends an alpha pool's traffic to its ready pods, models allowed by InferenceModels", () => {
    const served = target(world);
    expect(served).to.deep.include({
      label: `inference.networking.x-k8s.io/default/${POOL}`,
      endpoints: [
        { pod: 'vllm-llama3-8b-instruct-0', address: '127.9.9.101', port: 8000 },
        { pod: 'vllm-llama3-8b-instruct-1', address: '127.9.9.102', port: 8000 },
      ],
    });
    const { models } = served as { models: ModelRules };
    expect(models.refuseUnknown).to.equal(true);
    expect([...models.targets.keys()]).to.include('food-review');
  });

  it('keeps pools of one name in two groups apart', () => {
    addPool(world, v1Pool(POOL), v1Epp(POOL));
    rule(world).backendRefs.push({
      group: 'inference.networking.k8s.io',
      kind: 'InferencePool',
      name: POOL,
      weight: 3,
    });
    const [alpha, v1] = entries(world)[0]!.backends;
    expect([alpha!.weight, v1!.weight]).to.deep.equal([1, 3]);
    expect(v1!.target.label).to.equal(`inference.networking.k8s.io/default/${POOL}`);
    expect((v1!.target as { models: ModelRules }).models.refuseUnknown).to.equal(false);
  });

  it('knows rewrites from v1.3 on', () => {
    world.rewrites = [
      {
        apiVersion: 'inference.networking.x-k8s.io/v1alpha2',
        kind: 'InferenceModelRewrite',
        metadata: { name: 'r', namespace: 'default' },
        spec: {
          poolRef: { name: 'ga' },
          rules: [
            {
              matches: [{ model: { type: 'Exact', value: 'a' } }],
              targets: [{ modelRewrite: 'b', weight: 1 }],
            },
          ],
        },
      },
    ];
    for (const [version, known] of [
      ['v1.0.1', 0],
      ['v1.3.1', 1],
    ] as const) {
      const fresh = { ...sampleWorld(), rewrites: world.rewrites };
      addPool(fresh, v1Pool('ga'), v1Epp('ga', version));
      rule(fresh).backendRefs = [{ group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'ga' }];
      expect((target(fresh) as { models: ModelRules }).models.targets.size, version).to.equal(known);
    }
  });

  const broken: [what: string, breakIt: (world: World) => void, status: number, problem: RegExp][] = [
    ['no picker Service', (it) => (it.services = []), 500, /Service .* not found/],
    [
      'a port the Service lacks',
      (it) => (it.alphaPools[0]!['spec'].extensionRef.portNumber = 8000),
      500,
      /no port 8000/,
    ],
    [
      'a port that is not the picker',
      (it) => (it.alphaPools[0]!['spec'].extensionRef.portNumber = 9090),
      500,
      /ext_proc_error/,
    ],
    [
      'no ready picker',
      (it) => (it.endpointSlices[0]!['endpoints'][0].conditions.ready = false),
      500,
      /no ready endpoint/,
    ],
    [
      'a picker of another pool',
      (it) => (it.pods[2]!['spec'].containers[0].args[1] = 'other'),
      503,
      /pool other/,
    ],
    [
      'a picker of the other group',
      (it) => (it.pods[2]!['spec'].containers[0].args = ['--pool-name', POOL]),
      503,
      /inference.networking.k8s.io$/,
    ],
    [
      'no pod for the selector',
      (it) => (it.alphaPools[0]!['spec'].selector = { app: 'x' }),
      503,
      /no ready pod/,
    ],
    ['no HealthCheckPolicy on GKE', (it) => (it.healthCheckPolicies = []), 503, /GET \//],
    ['an unresolved reference', (it) => (rule(it).backendRefs[0].name = 'gone'), 500, /BackendNotFound/],
  ];
  for (const [what, breakIt, status, problem] of broken) {
    it(`answers ${status} for ${what}`, () => {
      breakIt(world);
      const failing = target(world) as { status: number; problem: string };
      expect(failing.status).to.equal(status);
      expect(failing.problem).to.match(problem);
    });
  }

  it('serves without a picker where the pool fails open', () => {
    world.services = [];
    world.alphaPools[0]!['spec'].extensionRef.failureMode = 'FailOpen';
    expect(target(world)).to.have.property('endpoints').with.length(2);
  });

  it('asks no other controller for a HealthCheckPolicy, and serves no refused route', () => {
    const controllerName = 'example.com/gateway';
    world.gatewayClasses[0]!['spec'].controllerName = controllerName;
    world.healthCheckPolicies = [];
    expect(entries(world, { controllerName })[0]!.backends[0]!.target).to.have.property('endpoints');
    expect(entries(world, { controllerName, refusedRoutes: new Set(['default/llm-route']) })).to.deep.equal(
      [],
    );
  });
});

describe('matching a request', () => {
  const entry = (match: object, hostnames: string[] = []) =>
    ({ match, hostnames, headers: [], backends: [], route: '' }) as Entry;
  const request = (path: string, headers = {}, method = 'POST', host = '') => ({
    path,
    headers,
    method,
    host,
    query: new URLSearchParams(),
  });

  it('takes whole path segments, methods, headers and hostnames', () => {
    const v1 = entry({ path: { type: 'PathPrefix', value: '/v1' } });
    expect(findEntry([v1], request('/v1/completions'))).to.equal(v1);
    expect(findEntry([v1], request('/v10'))).to.equal(undefined);
    const beta = entry({ headers: [{ name: 'X-Beta', value: 'yes' }], method: 'POST' });
    expect(findEntry([beta], request('/', { 'x-beta': 'yes' }))).to.equal(beta);
    expect(findEntry([beta], request('/', { 'x-beta': 'yes' }, 'GET'))).to.equal(undefined);
    const host = entry({}, ['*.example.com']);
    expect(findEntry([host], request('/', {}, 'GET', 'a.example.com'))).to.equal(host);
    expect(findEntry([host], request('/'))).to.equal(undefined);
  });

  it('prefers the most specific match, whatever the order of the rules', () => {
    const world = sampleWorld();
    const matches = [
      {},
      { path: { type: 'PathPrefix', value: '/v1' }, headers: [{ name: 'x', value: 'y' }] },
      { path: { type: 'PathPrefix', value: '/v1' } },
      { path: { type: 'Exact', value: '/v1' } },
    ];
    rule(world).matches = matches;
    expect(entries(world).map(({ match }) => match)).to.deep.equal([
      matches[3],
      matches[1],
      matches[2],
      matches[0],
    ]);
  });

  it('picks by weight, evenly from the start, and nothing when all weights are 0', () => {
    const points = evenPoints((Math.sqrt(5) - 1) / 2);
    const choices = [{ weight: 1 }, { weight: 3 }, { weight: 0 }];
    const counts = [0, 0, 0];
    for (let i = 0; i < 40; i++) counts[choices.indexOf(pick(choices, points())!)]!++;
    expect(counts[0]).to.be.within(9, 11);
    expect(counts[2]).to.equal(0);
    expect(pick([{ weight: 0 }], 0)).to.equal(undefined);
  });
});

describe('what is done to a request', () => {
  const rules: ModelRules = {
    targets: new Map([['food-review', [{ name: 'food-review-1', weight: 1 }]]]),
    refuseUnknown: true,
  };
  const treat = (model: string, by: ModelRules, headers = {}) => {
    const treated = treatModel(Buffer.from(JSON.stringify({ model, n: 1 })), headers, by, () => 0);
    return 'refused' in treated ? treated : (JSON.parse(String(treated.body)) as unknown);
  };

  it('the model becomes its target, or is refused', () => {
    expect(treat('food-review', rules)).to.deep.equal({ model: 'food-review-1', n: 1 });
    expect(treat('other', rules)).to.have.property('refused');
    expect(treat('other', { ...rules, refuseUnknown: false })).to.deep.equal({ model: 'other', n: 1 });
  });

  it('the rewrite header wins where the picker knows it', () => {
    const header = { 'x-gateway-model-name-rewrite': 'b' };
    expect(treat('a', { targets: new Map(), refuseUnknown: false }, header)).to.include({ model: 'a' });
    const knows = { targets: new Map(), refuseUnknown: false, rewriteHeader: 'x-gateway-model-name-rewrite' };
    expect(treat('a', knows, header)).to.include({ model: 'b' });
  });

  it('headers are set, added and removed', () => {
    const modifier = {
      set: [{ name: 'X-Gateway-Inference-Objective', value: 'food-review' }],
      add: [{ name: 'a', value: '2' }],
      remove: ['b'],
    };
    expect(modifyHeaders({ a: '1', b: '1', 'content-length': '3' }, [modifier])).to.deep.equal({
      a: '1,2',
      'x-gateway-inference-objective': 'food-review',
    });
  });
});
