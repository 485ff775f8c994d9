// What stands beside pools and routes: grants, GKE's policies, Istio's rules, and what is none of our business.
import fc from 'fast-check';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { alphaChartPolicies } from '../../src/convert/chartObjects.ts';
import { object, objective, toAlpha, toService, toV1 } from '../support/objects.ts';
import type { Places } from './generate.ts';

const name = ({ metadata }: KubeObject) => metadata.name;
const within = (pools: readonly KubeObject[], namespace: string) =>
  pools.filter(({ metadata }) => metadata.namespace === namespace);

function each(places: Places, of: (namespace: string) => fc.Arbitrary<KubeObject[]>) {
  return fc.tuple(...places.namespaces.map(of)).map((lists) => lists.flat());
}

/** Objects called PREFIX1, PREFIX2, … */
function numbered(
  prefix: string,
  make: fc.Arbitrary<(name: string) => KubeObject>,
  maxLength: number,
): fc.Arbitrary<KubeObject[]> {
  return fc
    .array(make, { maxLength })
    .map((makers) => makers.map((one, index) => one(`${prefix}${index + 1}`)));
}

export function grants(places: Places): fc.Arbitrary<KubeObject[]> {
  const from = fc
    .subarray(['llm', 'web', 'a'], { minLength: 1 })
    .map((namespaces) =>
      namespaces.map((namespace) => ({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace })),
    );
  return each(places, (namespace) => {
    const entry = (group: string, pool?: string) => ({
      group,
      kind: 'InferencePool',
      ...(pool === undefined ? {} : { name: pool }),
    });
    const entries = [
      ...within(places.alphas, namespace).map((pool) => entry(r.ALPHA_GROUP, name(pool))),
      ...within(places.v1s, namespace).map((pool) => entry(r.V1_GROUP, name(pool))),
      entry(r.ALPHA_GROUP),
      entry(r.V1_GROUP),
      entry(r.ALPHA_GROUP, 'gone'),
      { group: '', kind: 'Service' },
      { group: '', kind: 'Service', name: 'food' },
    ];
    const full = Array.from({ length: 13 }, (_, index) => ({
      group: '',
      kind: 'Service',
      name: `s${index}`,
    }));
    const to = fc
      .tuple(fc.shuffledSubarray(entries, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 9 }))
      .map(([some, dice]) => (dice === 0 ? [...full, ...some] : some));
    const make = fc
      .tuple(from, to)
      .map(
        (spec) => (called: string) =>
          object(r.REFERENCE_GRANT, called, { spec: { from: spec[0], to: spec[1] } }, { namespace }),
      );
    return numbered('g', make, 2);
  });
}

export function policies(places: Places): fc.Arbitrary<KubeObject[]> {
  return each(places, (namespace) => {
    const targets = [
      ...within(places.alphas, namespace).flatMap((pool) => [
        toAlpha(name(pool)),
        toAlpha(name(pool), { namespace }),
      ]),
      ...within(places.v1s, namespace).map((pool) => toV1(name(pool))),
      toAlpha('gone'),
    ];
    const target = fc.constantFrom(...targets, { group: '', kind: 'Service', name: 'food' });
    const settings = fc.constantFrom<object>(
      { default: { config: { type: 'HTTP', httpHealthCheck: { requestPath: '/health', port: 8000 } } } },
      { default: { timeoutSec: 300, logging: { enabled: true } } },
      { default: { timeoutSec: 7 } },
    );
    const single = fc
      .tuple(fc.constantFrom(r.HEALTH_CHECK_POLICY, r.GCP_BACKEND_POLICY), target, settings)
      .map(
        ([kind, targetRef, more]) =>
          (called: string) =>
            object(kind, called, { spec: { targetRef, ...more } }, { namespace }),
      );
    const list = fc
      .tuple(
        fc.uniqueArray(target, { minLength: 1, maxLength: 3, selector: (one) => `${one.group}/${one.name}` }),
        settings,
      )
      .map(
        ([targetRefs, more]) =>
          (called: string) =>
            object(r.GCP_TRAFFIC_POLICY, called, { spec: { targetRefs, ...more } }, { namespace }),
      );
    const byChart = fc
      .subarray(within(places.alphas, namespace))
      .map((pools) => pools.flatMap(alphaChartPolicies));
    return fc
      .tuple(numbered('p', fc.oneof({ weight: 3, arbitrary: single }, list), 3), byChart)
      .map((lists) => lists.flat());
  });
}

export function destinationRules(places: Places): fc.Arbitrary<KubeObject[]> {
  const pools = [...places.alphas, ...places.v1s];
  const services = pools.map((pool) => ({
    service: String(pool['spec'].extensionRef?.name ?? pool['spec'].endpointPickerRef.name),
    of: pool.metadata.namespace!,
  }));
  const settings = fc.constantFrom<object>(
    { trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } } },
    { trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } }, exportTo: ['.'] },
    { subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  );
  return each(places, (namespace) => {
    const host = fc
      .constantFrom(...services, { service: 'unrelated', of: namespace })
      .chain(({ service, of }) =>
        fc.constantFrom(
          ...(of === namespace ? [service] : []),
          `${service}.${of}`,
          `${service}.${of}.svc`,
          `${service}.${of}.svc.cluster.local`,
          `*.${of}.svc.cluster.local`,
        ),
      );
    const make = fc.tuple(host, settings).map(
      ([to, more]) =>
        (called: string) =>
          object(r.DESTINATION_RULE, called, { spec: { host: to, ...more } }, { namespace }),
    );
    return numbered('d', make, 2);
  });
}

/** Nothing of these may change, or even show. */
export function bystanders(places: Places): fc.Arbitrary<KubeObject[]> {
  return each(places, (namespace) =>
    fc.subarray([
      objective(
        'another',
        { poolRef: { group: r.V1_GROUP, kind: 'InferencePool', name: 'mine' } },
        { namespace },
      ),
      object(r.HEALTH_CHECK_POLICY, 'service', { spec: { targetRef: toService() } }, { namespace }),
      object(r.DESTINATION_RULE, 'external', { spec: { host: 'api.example.com' } }, { namespace }),
      object(
        r.HTTP_ROUTE,
        'plain',
        { spec: { parentRefs: [{ name: 'gw' }], rules: [{ backendRefs: [toService()] }] } },
        { namespace },
      ),
    ]),
  );
}
