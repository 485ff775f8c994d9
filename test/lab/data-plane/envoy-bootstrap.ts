// What Envoy is started with: its listeners, which stay, and where to look for what changes.
import { nowhereCluster, NOWHERE, pickedCluster } from './envoy-clusters.ts';
import { EXT_PROC, HEADERS, routesName } from './envoy-routes.ts';

export interface BootstrapOptions {
  /** folder of the files that change */
  dir: string;
  address: string;
  /** listener port → port to bind */
  ports: ReadonlyMap<number, number>;
  admin: { address: string; port: number };
}

export function bootstrap({ dir, address, ports, admin }: BootstrapOptions): object {
  return {
    node: { id: address, cluster: 'lab' },
    admin: { address: socketAddress(admin.address, admin.port) },
    dynamic_resources: { cds_config: fromFile(dir, 'clusters.json') },
    static_resources: {
      clusters: [pickedCluster(), nowhereCluster()],
      listeners: [...ports].map(([port, bound]) => listener(dir, address, port, bound)),
    },
    // Otherwise it asks the overload manager's defaults, and says so at every start.
    layered_runtime: { layers: [{ name: 'lab', static_layer: {} }] },
  };
}

const socketAddress = (address: string, port_value: number) => ({ socket_address: { address, port_value } });

/** Watched, and read again when a file is moved into the folder under that name. */
function fromFile(dir: string, file: string): object {
  return {
    resource_api_version: 'V3',
    path_config_source: { path: `${dir}/${file}`, watched_directory: { path: dir } },
  };
}

function listener(dir: string, address: string, port: number, bound: number): object {
  const name = routesName(port);
  return {
    name,
    address: socketAddress(address, bound),
    enable_reuse_port: false, // else a second Envoy could take the same address
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              '@type':
                'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
              stat_prefix: name,
              rds: { route_config_name: name, config_source: fromFile(dir, `${name}.json`) },
              http_filters: [headerMutation, extProc, router],
              access_log: [failuresToStdout],
              use_remote_address: true,
            },
          },
        ],
      },
    ],
  };
}

const headerMutation = {
  name: HEADERS,
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation',
  },
};

/** Only where a route names a picker; the one named here is never asked. */
const extProc = {
  name: EXT_PROC,
  disabled: true,
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor',
    grpc_service: { envoy_grpc: { cluster_name: NOWHERE } },
    processing_mode: {
      request_header_mode: 'SEND',
      response_header_mode: 'SEND',
      request_body_mode: 'FULL_DUPLEX_STREAMED',
      response_body_mode: 'FULL_DUPLEX_STREAMED',
      request_trailer_mode: 'SEND',
      response_trailer_mode: 'SEND',
    },
    message_timeout: '30s',
  },
};

const router = {
  name: 'envoy.filters.http.router',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
    suppress_envoy_headers: true,
  },
};

/** One line for each request that was not answered well, with Envoy's own reason. */
const failuresToStdout = {
  name: 'envoy.access_loggers.stdout',
  filter: {
    status_code_filter: { comparison: { op: 'GE', value: { default_value: 400, runtime_key: 'lab.log' } } },
  },
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog',
    log_format: {
      text_format_source: {
        inline_string:
          '%START_TIME% %REQ(:METHOD)% %REQ(:PATH)% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %DURATION%ms to %UPSTREAM_CLUSTER% %UPSTREAM_HOST%\n',
      },
    },
  },
};
