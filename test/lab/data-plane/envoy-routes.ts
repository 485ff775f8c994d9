// A routing table's entries → Envoy's routes.
import { covers } from '../gateway/attach.ts';
import type { Backend, Entry, RoutingTable, Target } from '../gateway/routing.ts';
import type { HeaderModifier, RouteMatch } from '../gateway/world.ts';
import { isPool, MISSING, NOWHERE, PICKED, pickerOf, podsOf } from './envoy-clusters.ts';

export const EXT_PROC = 'envoy.filters.http.ext_proc';
export const HEADERS = 'envoy.filters.http.header_mutation';

type Listener = RoutingTable['listeners'][number];

export const routesName = (port: number) => `port-${port}`;

/** A virtual host for each hostname, and one for all others: Envoy chooses by host first, then by order. */
export function routeConfiguration({ port, entries }: Listener): object {
  const hostnames = [...new Set(entries.flatMap((entry) => entry.hostnames))];
  const host = (name: string, domain: string, own: Entry[]) => ({
    name,
    domains: [domain],
    routes: own.map(route),
  });
  return {
    '@type': 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
    name: routesName(port),
    ignore_port_in_host_matching: true,
    virtual_hosts: [
      ...hostnames.map((hostname) => {
        const own = entries.filter(
          (entry) => entry.hostnames.length === 0 || entry.hostnames.some((one) => covers(one, hostname)),
        );
        return host(hostname, hostname, own);
      }),
      host(
        'any',
        '*',
        entries.filter((entry) => entry.hostnames.length === 0),
      ),
    ],
  };
}

function route(entry: Entry): object {
  const match = routeMatch(entry.match);
  const backends = entry.backends.filter(({ weight }) => weight > 0);
  const [first] = backends;
  if (!first) return { match, direct_response: { status: 500, body: text('the rule has no backend') } };
  if (backends.length === 1 && 'status' in first.target) return { match, ...answer(first.target) };
  return {
    match,
    route: {
      timeout: '0s', // a model may take its time
      cluster_not_found_response_code: 'INTERNAL_SERVER_ERROR',
      weighted_clusters: { clusters: backends.map((backend) => weighted(entry, backend)) },
      request_mirror_policies: (entry.mirrors ?? [])
        .filter(isPool)
        .map((target) => ({ cluster: podsOf(target) })),
    },
  };
}

const text = (problem: string) => ({ inline_string: `${problem}\n` });

function answer({ label, status, problem }: Extract<Target, { status: number }>): object {
  return {
    direct_response: { status, body: text(problem) },
    response_headers_to_add: [servedBy(label)],
  };
}

const servedBy = (label: string) => header('x-served-pool', label, 'OVERWRITE_IF_EXISTS_OR_ADD');

function weighted(entry: Entry, { weight, target, headers, responseHeaders = [] }: Backend): object {
  const answers = [...(entry.responseHeaders ?? []), ...responseHeaders];
  return {
    name: clusterFor(target),
    weight,
    response_headers_to_add: [servedBy(target.label), ...answers.flatMap(additions)],
    response_headers_to_remove: answers.flatMap(({ remove = [] }) => remove),
    typed_per_filter_config: {
      ...asks(target),
      [HEADERS]: mutations([...entry.headers, ...headers]),
    },
  };
}

function clusterFor(target: Target): string {
  if (!isPool(target)) return target.status === 503 ? NOWHERE : MISSING;
  return target.picker && !target.picker.failOpen ? PICKED : podsOf(target);
}

/** Which picker, if any, is asked. */
function asks(target: Target): object {
  if (!isPool(target) || !target.picker) return {};
  return {
    [EXT_PROC]: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute',
      overrides: {
        grpc_service: { envoy_grpc: { cluster_name: pickerOf(target) } },
        failure_mode_allow: target.picker.failOpen,
      },
    },
  };
}

/**
 * By a filter that comes before the picker's: Envoy's own way, `request_headers_to_add`, is applied last, when
 * the picker has already chosen without seeing them.
 */
function mutations(modifiers: HeaderModifier[]): object {
  const request = modifiers.flatMap((modifier) => [
    ...additions(modifier).map((append) => ({ append })),
    ...(modifier.remove ?? []).map((name) => ({ remove: name })),
  ]);
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute',
    mutations: { request_mutations: request },
  };
}

function additions({ set = [], add = [] }: HeaderModifier): object[] {
  return [
    ...set.map(({ name, value }) => header(name, value, 'OVERWRITE_IF_EXISTS_OR_ADD')),
    ...add.map(({ name, value }) => header(name, value, 'APPEND_IF_EXISTS_OR_ADD')),
  ];
}

// A percent sign would begin one of Envoy's own placeholders.
const header = (key: string, value: string, append_action: string) => ({
  header: { key, value: value.replaceAll('%', '%%') },
  append_action,
});

function routeMatch({ path, headers = [], queryParams = [], method }: RouteMatch): object {
  return {
    ...pathMatch(path),
    headers: [
      ...headers.map((one) => ({ name: one.name, string_match: stringMatch(one) })),
      ...(method === undefined ? [] : [{ name: ':method', string_match: { exact: method } }]),
    ],
    query_parameters: queryParams.map((one) => ({ name: one.name, string_match: stringMatch(one) })),
  };
}

function pathMatch({ type = 'PathPrefix', value = '/' }: RouteMatch['path'] = {}): object {
  if (type === 'Exact') return { path: value };
  if (type === 'RegularExpression') return { safe_regex: { regex: value } };
  const prefix = value.replace(/\/$/, '');
  return prefix === '' ? { prefix: '/' } : { path_separated_prefix: prefix };
}

const stringMatch = ({ type = 'Exact', value }: { type?: string; value: string }) =>
  type === 'RegularExpression' ? { safe_regex: { regex: value } } : { exact: value };
