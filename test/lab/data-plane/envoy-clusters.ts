// Envoy's clusters. None is ever changed or taken away while Envoy runs: that would reset what is under way on
// it (a picker's streams, above all). What changes is in endpoint files, which are swapped without that.
import { createHash } from 'node:crypto';
import type { PoolTarget, RoutingTable, Target } from '../gateway/routing.ts';

/** Requests go where the picker's header says. */
export const PICKED = 'picked';
/** Has no endpoint: answers 503. */
export const NOWHERE = 'nowhere';
/** Isn't there: answers what the route says for that, 500. */
export const MISSING = 'missing';
export const DESTINATION_HEADER = 'x-gateway-destination-endpoint';

export interface Address {
  address: string;
  port: number;
}

/** A cluster with endpoints of its own. */
export interface Cluster {
  name: string;
  kind: 'pods' | 'picker';
  endpoints: Address[];
}

export const isPool = (target: Target): target is PoolTarget => 'endpoints' in target;
export const podsOf = ({ label }: Target) => `pods ${label}`;
export const pickerOf = ({ label }: Target) => `picker ${label}`;

/** Every cluster that a table needs, each once. */
export function clustersOf(table: RoutingTable, resolve: (endpoint: Address) => Address): Cluster[] {
  const clusters = new Map<string, Cluster>();
  for (const target of targetsOf(table)) {
    if (!isPool(target)) continue;
    const { endpoints, picker } = target;
    const pods = { name: podsOf(target), kind: 'pods', endpoints: endpoints.map(bare) } as const;
    clusters.set(pods.name, pods);
    if (!picker) continue;
    const asked = picker.endpoints.map(bare).map(resolve);
    clusters.set(pickerOf(target), { name: pickerOf(target), kind: 'picker', endpoints: asked });
  }
  return [...clusters.values()];
}

const bare = ({ address, port }: Address): Address => ({ address, port });

function targetsOf({ listeners }: RoutingTable): Target[] {
  const entries = listeners.flatMap((listener) => listener.entries);
  return entries.flatMap(({ backends, mirrors = [] }) => [
    ...backends.map(({ target }) => target),
    ...mirrors,
  ]);
}

/** Names hold slashes; files can't. */
export const endpointsFile = (cluster: string): string =>
  `endpoints-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}.json`;

const unlimited = {
  thresholds: [{ max_connections: 40_000, max_pending_requests: 40_000, max_requests: 40_000 }],
};

export function pickedCluster(): object {
  return {
    name: PICKED,
    type: 'ORIGINAL_DST',
    lb_policy: 'CLUSTER_PROVIDED',
    connect_timeout: '2s',
    circuit_breakers: unlimited,
    original_dst_lb_config: { use_http_header: true, http_header_name: DESTINATION_HEADER },
  };
}

export function nowhereCluster(): object {
  return { name: NOWHERE, type: 'STATIC', connect_timeout: '1s', load_assignment: { cluster_name: NOWHERE } };
}

/** @param dir where its endpoint file is */
export function clusterResource({ name, kind }: Cluster, dir: string): object {
  return {
    '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
    name,
    type: 'EDS',
    connect_timeout: '2s',
    circuit_breakers: unlimited,
    eds_cluster_config: {
      eds_config: {
        resource_api_version: 'V3',
        path_config_source: { path: `${dir}/${endpointsFile(name)}`, watched_directory: { path: dir } },
      },
    },
    ...(kind === 'picker' ? tlsHttp2 : { load_balancing_policy: pickedIfAny }),
  };
}

/** A picker's certificate is its own: it is taken without a check. */
const tlsHttp2 = {
  transport_socket: {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      common_tls_context: { alpn_protocols: ['h2'] },
    },
  },
  typed_extension_protocol_options: {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
      '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      explicit_http_config: { http2_protocol_options: {} },
    },
  },
};

/** The pod in the picker's header where there is one; else one after the other: that is failing open. */
const pickedIfAny = {
  policies: [
    {
      typed_extension_config: {
        name: 'envoy.load_balancing_policies.override_host',
        typed_config: {
          '@type':
            'type.googleapis.com/envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost',
          override_host_sources: [{ header: DESTINATION_HEADER }],
          fallback_policy: {
            policies: [
              {
                typed_extension_config: {
                  name: 'envoy.load_balancing_policies.round_robin',
                  typed_config: {
                    '@type':
                      'type.googleapis.com/envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin',
                  },
                },
              },
            ],
          },
        },
      },
    },
  ],
};

export function endpointsResource({ name, endpoints }: Cluster): object {
  return {
    '@type': 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: endpoints.map(({ address, port }) => ({
          endpoint: { address: { socket_address: { address, port_value: port } } },
        })),
      },
    ],
  };
}
