import { expect } from 'chai';
import { routingTable } from '../gateway/routing.ts';
import { addPool, POOL, sampleWorld, v1Epp, v1Pool } from '../gateway/sample-world.ts';
import { behaviour, type World } from '../gateway/world.ts';
import type { Json } from '../kube.ts';
import { clusterResource, clustersOf, endpointsFile, endpointsResource } from './envoy-clusters.ts';
import { routeConfiguration } from './envoy-routes.ts';

const ALPHA = `inference.networking.x-k8s.io/default/${POOL}`;
const GA = 'inference.networking.k8s.io/default/ga';

describe("Envoy's configuration", () => {
  let world: World;
  const rule = () => world.routes[0]!['spec'].rules[0] as Json;
  const table = () => routingTable(world, behaviour({ pickers: 'real' }), world.gateways[0]!);
  const routes = (): Json => routeConfiguration(table().listeners[0]!);
  const firstRoute = () => routes().virtual_hosts.at(-1).routes[0] as Json;
  const addGa = (weight: number) => {
    addPool(world, v1Pool('ga'), v1Epp('ga'));
    rule().backendRefs.push({
      group: 'inference.networking.k8s.io',
      kind: 'InferencePool',
      name: 'ga',
      weight,
    });
  };
  beforeEach(() => (world = sampleWorld()));

  it('asks the picker of each weighted pool, and says which pool served', () => {
    addGa(3);
    const clusters = firstRoute().route.weighted_clusters.clusters as Json[];
    expect(clusters.map(({ weight }) => weight)).to.deep.equal([1, 3]);
    const asked = clusters.map((one) => {
      const { grpc_service, failure_mode_allow } =
        one.typed_per_filter_config['envoy.filters.http.ext_proc'].overrides;
      return [grpc_service.envoy_grpc.cluster_name, failure_mode_allow];
    });
    expect(asked).to.deep.equal([
      [`picker ${ALPHA}`, false],
      [`picker ${GA}`, false],
    ]);
    expect(clusters[1].response_headers_to_add[0].header).to.deep.equal({ key: 'x-served-pool', value: GA });
  });

  it('leaves out what has no weight, and is an answer where nothing is left', () => {
    addGa(0);
    expect(firstRoute().route.weighted_clusters.clusters).to.have.length(1);
    rule().backendRefs[0].weight = 0;
    expect(firstRoute().direct_response.status).to.equal(500);
  });

  it('answers the share of what is broken, and only that', () => {
    addGa(1);
    rule().backendRefs.push({ group: 'inference.networking.k8s.io', kind: 'InferencePool', name: 'gone' });
    world.healthCheckPolicies.pop();
    const names = (firstRoute().route.weighted_clusters.clusters as Json[]).map(({ name }) => name as string);
    expect(names).to.deep.equal(['picked', 'nowhere', 'missing']);
  });

  it('changes request headers before the picker sees them', () => {
    rule().filters = [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'a', value: '5%' }], remove: ['b'] },
      },
    ];
    const [cluster] = firstRoute().route.weighted_clusters.clusters as Json[];
    const { mutations } = cluster.typed_per_filter_config['envoy.filters.http.header_mutation'];
    expect(mutations.request_mutations).to.deep.equal([
      { append: { header: { key: 'a', value: '5%%' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' } },
      { remove: 'b' },
    ]);
  });

  it('has a virtual host for each hostname, with the rules for all hosts in it', () => {
    const own = structuredClone(world.routes[0]!);
    own.metadata.name = 'own';
    own['spec'].hostnames = ['*.example.com'];
    world.routes.push(own);
    const hosts = routes().virtual_hosts as Json[];
    expect(hosts.map(({ domains, routes: all }) => [domains[0], all.length])).to.deep.equal([
      ['*.example.com', 2],
      ['*', 1],
    ]);
  });

  it('matches paths by whole segments', () => {
    const matches = [
      ['Exact', '/v1', { path: '/v1' }],
      ['PathPrefix', '/v1/', { path_separated_prefix: '/v1' }],
      ['PathPrefix', '/', { prefix: '/' }],
      ['RegularExpression', '/v[12]', { safe_regex: { regex: '/v[12]' } }],
    ] as const;
    for (const [type, value, expected] of matches) {
      rule().matches = [{ path: { type, value } }];
      expect(firstRoute().match).to.deep.include(expected);
    }
  });

  it('keeps endpoints apart from clusters, at the ports where the pickers really are', () => {
    const resolve = ({ port }: { port: number }) => ({ address: '127.0.0.1', port: port + 10_000 });
    const clusters = clustersOf(table(), resolve);
    expect(clusters.map(({ name }) => name)).to.deep.equal([`pods ${ALPHA}`, `picker ${ALPHA}`]);
    const [pods, picker] = clusters;
    expect(pods!.endpoints).to.deep.include({ address: '127.9.9.101', port: 8000 });
    expect(picker!.endpoints).to.deep.equal([{ address: '127.0.0.1', port: 19_002 }]);
    const before = clusterResource(picker!, '/d');
    world.endpointSlices = [];
    const [, gone] = clustersOf(table(), resolve);
    expect(gone!.endpoints).to.deep.equal([]);
    expect(clusterResource(gone!, '/d')).to.deep.equal(before);
    expect((endpointsResource(gone!) as Json).cluster_name).to.equal(`picker ${ALPHA}`);
    expect(endpointsFile(gone!.name)).to.match(/^endpoints-[0-9a-f]{16}\.json$/);
  });
});
