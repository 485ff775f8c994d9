// Clusters to draw: one pool, one with everything that can point at it, broken ones, and fifty.
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import { livePicture } from '../../src/commands/picture.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { deployment, endpointSlice, healthy, pod, service } from '../support/healthy.ts';
import * as o from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

export const TITLE = 'Inference pools of https://203.0.113.7:6443';

export function draw(objects: readonly KubeObject[], options: Parameters<typeof snapshot>[1] = {}): Picture {
  const read = snapshot(objects, options);
  const inventory = buildInventory(read);
  return livePicture({ title: TITLE, inventory, pools: inventory.pools, snapshot: read });
}

/** What an endpoint picker of the name consists of, ready. */
export function picker(name: string, pool: string, group: string): KubeObject[] {
  const args = ['--pool-name', pool, '--pool-namespace', o.NS, '--pool-group', group, '--grpc-port', '9002'];
  return [service({}, name), deployment(args, {}, {}, name), endpointSlice(true, name)];
}

/** Both pools of a pair served, half of the traffic on each. */
export const ONE: readonly KubeObject[] = [
  ...healthy({ alpha: healthyAlpha() }),
  o.policy(r.HEALTH_CHECK_POLICY, o.toAlpha('food'), { status: { conditions: [o.condition('Attached')] } }),
  ...picker('food-epp', 'food', r.ALPHA_GROUP),
];

function healthyAlpha(): KubeObject {
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => o.condition(type));
  return { ...o.alphaPool(), status: { parent: [{ parentRef: { name: 'gw' }, conditions }] } };
}

/** Rules of several kinds, mirrors, another backend, policies, grants and monitors. */
export const REFERENCES: readonly KubeObject[] = [
  ...ONE.filter(({ kind }) => kind !== 'HTTPRoute'),
  o.model('chat', { modelName: 'chat' }),
  o.model('summary', { modelName: 'summary' }),
  o.policy(r.GCP_BACKEND_POLICY, o.toAlpha()),
  o.grant([{ group: r.ALPHA_GROUP, kind: 'InferencePool', name: 'food' }]),
  o.object(r.GRPC_ROUTE, 'food-grpc', { spec: { rules: [{ backendRefs: [o.toAlpha()] }] } }),
  {
    ...o.route([
      o.rule([o.toAlpha('food', { weight: 9 }), o.toV1('food-ga', { weight: 1 })], path('/v1')),
      o.rule([o.toAlpha('food', { weight: 9 }), o.toV1('food-ga', { weight: 1 })], path('/v2')),
      o.rule([o.toService('cache', { weight: 1 }), o.toAlpha('food', { weight: 0 })], {
        ...path('/cache'),
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: o.toV1() } }],
      }),
    ]),
    ...o.parents(['Accepted', 'ResolvedRefs', 'Reconciled'].map((type) => o.condition(type))),
  },
];

function path(value: string): Record<string, unknown> {
  return { matches: [{ path: { type: 'PathPrefix', value } }] };
}

/** A Gateway that is not programmed, a picker without endpoints, a route to a pool that is not there. */
export const BROKEN: readonly KubeObject[] = [
  ...healthy({
    gateway: o.gateway('gw', {
      status: {
        conditions: [
          o.condition('Accepted'),
          o.condition('Programmed', 'False', { reason: 'AddressNotAssigned', message: 'no IP' }),
        ],
      },
    }),
    endpointSlice: endpointSlice(false),
    pod: pod(false),
    route: {
      ...o.route([[o.toAlpha('food', { weight: 50 }), o.toV1('food-ga', { weight: 50 })], [o.toV1('gone')]]),
      ...o.parents([
        o.condition('Accepted'),
        o.condition('ResolvedRefs', 'False', { reason: 'BackendNotFound' }),
      ]),
    },
  }),
  ...picker('food-epp', 'food', r.ALPHA_GROUP),
];

/** Ten namespaces with five pools each: eight namespaces look the same, one has a pool that is being moved, one a route to nothing. */
export function fifty(): KubeObject[] {
  const teams = Array.from({ length: 10 }, (_, index) => `team-${String(index).padStart(2, '0')}`);
  const gateway = o.gateway('shared', {}, { namespace: 'infra' });
  const names = ['chat', 'code', 'embed', 'judge', 'vision'];
  const pools = teams.flatMap((team, number) =>
    names.flatMap((name, index) => {
      const special =
        number === 6 && index === 1 ? 'split' : number === 7 && index === 2 ? 'broken' : 'usual';
      return lane(name, special).map((object) => inNamespace(object, team));
    }),
  );
  return [o.gatewayClass('example.com/gateway'), gateway, ...pools];
}

const ACCEPTED = ['Accepted', 'ResolvedRefs'].map((type) => o.condition(type));
const SHARED = { name: 'shared', namespace: 'infra' };
const TOLD = { parentRef: SHARED, conditions: ACCEPTED };

function lane(name: string, special: 'usual' | 'split' | 'broken'): KubeObject[] {
  const [alpha, v1] = [`${name}-preview`, `${name}-ga`];
  const refs = {
    usual: [o.toAlpha(alpha)],
    split: [o.toAlpha(alpha, { weight: 90 }), o.toV1(v1, { weight: 10 })],
    broken: [o.toAlpha(alpha), o.toV1('missing', { weight: 0 })],
  }[special];
  const route = o.route([refs], { name: `${name}-route` });
  const from = { annotations: { 'kubectl-infpool/migrated-from': alpha } };
  const poolRef = { group: r.V1_GROUP, kind: 'InferencePool', name: v1 };
  return [
    { ...o.alphaPool(alpha, { selector: { app: name } }), status: { parent: [TOLD] } },
    o.model(`${name}-model`, { poolRef: { name: alpha } }),
    { ...route, spec: { ...route['spec'], parentRefs: [SHARED] }, status: { parents: [TOLD] } },
    ...picker(`${alpha}-epp`, alpha, r.ALPHA_GROUP),
    pod(true, { app: name }, `${name}-0`),
    ...(special === 'split'
      ? [
          {
            ...o.v1Pool(v1, { selector: { matchLabels: { app: name } } }, from),
            status: { parents: [TOLD] },
          },
          o.objective(`${name}-model`, { poolRef }),
          ...picker(`${v1}-epp`, v1, r.V1_GROUP),
        ]
      : []),
  ];
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  const moved = { ...object, metadata: { ...object.metadata, namespace } };
  // A picker's arguments name the namespace.
  return JSON.parse(JSON.stringify(moved).replaceAll(`"${o.NS}"`, `"${namespace}"`)) as KubeObject;
}
