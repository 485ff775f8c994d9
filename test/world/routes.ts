import fc from 'fast-check';
import type { KubeObject } from '../../src/api/object.ts';
import type { BackendRef, RouteRule } from '../../src/inventory/backendRefs.ts';
import { route, toAlpha, toService, toV1 } from '../support/objects.ts';
import type { Places } from './generate.ts';
import { some } from './some.ts';

const weight = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 10 }) },
  fc.constantFrom(0, 1, 100, 333_333, 1_000_000),
  fc.integer({ min: 0, max: 1_000_000 }),
);

const header = fc.constantFrom('x-a', 'x-b').map((name) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name, value: 'v' }] },
}));

// All of both groups, one that is not there, and a Service of the same name.
function targets({ alphas, v1s, namespaces }: Places, from: string): fc.Arbitrary<BackendRef>[] {
  const inNamespace = ({ metadata }: KubeObject) => metadata.namespace === from;
  const spelled = ({ metadata }: KubeObject) =>
    fc
      .boolean()
      .map((told) => (told || metadata.namespace !== from ? { namespace: metadata.namespace! } : {}));
  const near = alphas.filter(inNamespace);
  const list = (pools: readonly KubeObject[], make: typeof toAlpha) =>
    pools.map((pool) => spelled(pool).map((more) => make(pool.metadata.name, more)));
  return [
    ...list(near, toAlpha),
    ...list(alphas, toAlpha),
    ...list(v1s, toV1),
    fc.constantFrom('food', 'other').map((name) => toService(name)),
    fc.constantFrom(...namespaces).map((namespace) => toAlpha('gone', { namespace })),
  ];
}

function mirror(to: fc.Arbitrary<BackendRef>) {
  const how = fc.constantFrom(
    {},
    { percent: 0 },
    { percent: 42 },
    { fraction: { numerator: 1, denominator: 3 } },
  );
  return fc
    .tuple(to, how)
    .map(([backendRef, more]) => ({ type: 'RequestMirror', requestMirror: { backendRef, ...more } }));
}

function filters(to: fc.Arbitrary<BackendRef>): fc.Arbitrary<object[]> {
  return fc.tuple(fc.option(header), fc.array(mirror(to), { maxLength: 2 })).chain(([first, mirrors]) => {
    const all = [...(first ? [first] : []), ...mirrors];
    return fc.shuffledSubarray<object>(all, { minLength: all.length });
  });
}

function rules(to: fc.Arbitrary<BackendRef>): fc.Arbitrary<RouteRule> {
  const backend = fc
    .tuple(to, some({ weight, port: fc.constant(8000) }), fc.option(filters(to), { freq: 3 }))
    .map(([target, more, inner]) => ({ ...target, ...more, ...(inner ? { filters: inner } : {}) }));
  const backendRefs = fc.uniqueArray(backend, {
    maxLength: 4,
    selector: ({ group, name, namespace }) => `${group}/${name}/${namespace ?? ''}`,
  });
  return fc
    .tuple(
      backendRefs,
      fc.option(filters(to), { freq: 2 }),
      some({
        name: fc.constantFrom('first', 'second'),
        timeouts: fc.constant({ request: '30s' }),
        matches: fc.constantFrom(
          [{ path: { type: 'PathPrefix', value: '/v1' } }],
          [{ path: { type: 'Exact', value: '/' }, headers: [{ type: 'Exact', name: 'm', value: 'x' }] }],
        ),
      }),
    )
    .map(([refs, own, rest]) => ({ ...rest, ...(own ? { filters: own } : {}), backendRefs: refs }));
}

function routesIn(places: Places, namespace: string): fc.Arbitrary<KubeObject[]> {
  const to = fc.oneof(...targets(places, namespace));
  const annotations = fc.constantFrom({}, { annotations: { 'a/b': 'c' } });
  const one = (name: string) =>
    fc.tuple(fc.array(rules(to), { minLength: 1, maxLength: 3 }), annotations).map(([list, more]) => {
      // Two rules of one name are not valid.
      const seen = new Set<string>();
      const named = list.map(({ name: own, ...rest }) =>
        own === undefined || seen.has(own) ? rest : (seen.add(own), { name: own, ...rest }),
      );
      return route(named as RouteRule[], { name, namespace, ...more });
    });
  return fc.subarray(['r1', 'r2']).chain((names) => fc.tuple(...names.map(one)));
}

/** HTTPRoutes of every namespace, to pools of every namespace. */
export function routes(places: Places): fc.Arbitrary<KubeObject[]> {
  return fc.tuple(...places.namespaces.map((one) => routesIn(places, one))).map((lists) => lists.flat());
}
