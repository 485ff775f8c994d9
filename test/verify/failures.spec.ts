import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import {
  deployment,
  endpointSlice,
  healthCheck,
  healthy,
  healthyPool,
  healthyRoute,
  pod,
  service,
  V1_ARGS,
} from '../support/healthy.ts';
import { expectGolden } from '../support/golden.ts';
import { condition, gateway, objective, parents, v1Pool } from '../support/objects.ts';
import { bad, off, verify } from './look.ts';

const gatewayWith = (...conditions: ReturnType<typeof condition>[]) =>
  gateway('gw', { status: { conditions, addresses: [{ value: '10.0.0.1' }] } });
const routeWith = (...conditions: ReturnType<typeof condition>[]) => ({
  ...healthyRoute(),
  ...parents(conditions),
});
const poolWith = (...conditions: ReturnType<typeof condition>[]) => ({
  ...healthyPool(),
  status: { parents: [{ parentRef: { name: 'gw' }, conditions }] },
});
const older = <T extends KubeObject>(object: T) => ({
  ...object,
  metadata: { ...object.metadata, generation: 2 },
});

describe('verifying a pool', () => {
  const cases: [what: string, changed: Parameters<typeof healthy>[0], bad: string[]][] = [
    ['the Gateway is not there', { gateway: null }, ['fail gateway-found']],
    [
      'the Gateway is not programmed',
      { gateway: gatewayWith(condition('Accepted'), off('Programmed', 'Invalid')) },
      ['fail gateway-programmed'],
    ],
    [
      'the Gateway is not accepted',
      { gateway: gatewayWith(off('Accepted', 'Invalid'), condition('Programmed')) },
      ['fail gateway-accepted'],
    ],
    [
      'nobody looks at the Gateway',
      { gateway: gatewayWith() },
      ['fail gateway-accepted', 'fail gateway-programmed'],
    ],
    [
      "the Gateway's status is of an older generation",
      { gateway: older(gateway()) },
      ['fail gateway-current'],
    ],
    [
      'the Gateway has no address',
      {
        gateway: gateway('gw', { status: { conditions: [condition('Accepted'), condition('Programmed')] } }),
      },
      ['fail gateway-address'],
    ],
    [
      'the route is not accepted',
      { route: routeWith(off('Accepted', 'NotAllowedByListeners'), condition('ResolvedRefs')) },
      ['fail route-accepted'],
    ],
    [
      'a ref of the route is unresolved',
      { route: routeWith(condition('Accepted'), off('ResolvedRefs', 'BackendNotFound')) },
      ['fail route-refs-resolved'],
    ],
    [
      'the route is not reconciled',
      { route: routeWith(condition('Accepted'), condition('ResolvedRefs'), off('Reconciled', 'Error')) },
      ['fail route-reconciled'],
    ],
    [
      "the route's status is of an older generation",
      { route: older(healthyRoute()) },
      ['fail route-current'],
    ],
    ['nobody looks at the route', { route: { ...healthyRoute(), status: {} } }, ['fail route-accepted']],
    [
      'the route asks for no Gateway',
      { route: { ...healthyRoute(), spec: { ...healthyRoute()['spec'], parentRefs: [] } } },
      ['fail route-accepted'],
    ],
    ['the Service of the endpoint picker is not there', { service: null }, ['fail epp-service-found']],
    [
      "the endpoint picker's Deployment is not ready",
      { deployment: deployment(V1_ARGS, { readyReplicas: 0 }) },
      ['fail epp-deployment-ready'],
    ],
    [
      "the endpoint picker's Deployment is of an older spec",
      { deployment: older(deployment()) },
      ['fail epp-deployment-ready'],
    ],
    ['no Deployment is behind the Service', { deployment: null }, ['unknown epp-deployment-found']],
    [
      'its arguments name another pool',
      { deployment: deployment(['--pool-name', 'other', ...V1_ARGS.slice(2)]) },
      ['fail epp-pool'],
    ],
    [
      'its arguments name another namespace',
      { deployment: deployment(['--pool-name=food-ga', '--pool-namespace=web']) },
      ['fail epp-pool'],
    ],
    [
      'its arguments name the alpha group',
      { deployment: deployment([...V1_ARGS, '--pool-group', r.ALPHA_GROUP]) },
      ['fail epp-group'],
    ],
    [
      "it is an alpha endpoint picker's command line",
      { deployment: deployment(['-poolName', 'food-ga', '-poolNamespace', 'llm']) },
      ['fail epp-group'],
    ],
    ['nothing tells which pool it serves', { deployment: deployment(['--v=4']) }, ['unknown epp-pool']],
    [
      'its Service has another port',
      { service: service({ ports: [{ port: 9003 }] }) },
      ['fail epp-service-port'],
    ],
    [
      'its Service leads to another port than it listens on',
      { service: service({ ports: [{ port: 9002, targetPort: 8000 }] }) },
      ['fail epp-service-port'],
    ],
    ['its endpoints are not ready', { endpointSlice: endpointSlice(false) }, ['fail epp-endpoints']],
    ['it has no endpoints', { endpointSlice: endpointSlice(true, 'other') }, ['fail epp-endpoints']],
    [
      'its Service has several ports, and another one',
      { service: service({ ports: [{ port: 9003 }, { port: 9004 }] }) },
      ['fail epp-service-port'],
    ],
    ['its Service has no port at all', { service: service({ ports: [] }) }, ['fail epp-service-port']],
    [
      'a ref of the route is of a kind that the controller does not serve',
      { route: routeWith(condition('Accepted'), off('ResolvedRefs', 'InvalidKind')) },
      ['fail route-refs-resolved'],
    ],
    [
      'a ref of the route is not permitted',
      { route: routeWith(condition('Accepted'), off('ResolvedRefs', 'RefNotPermitted')) },
      ['fail route-refs-resolved'],
    ],
    [
      'a ref of the route is unresolved for a reason of its own',
      { route: routeWith(condition('Accepted'), off('ResolvedRefs', 'Pending')) },
      ['fail route-refs-resolved'],
    ],
    [
      'the pool is not accepted for a reason of its own',
      { v1: poolWith(off('Accepted', 'Pending'), condition('ResolvedRefs')) },
      ['fail pool-accepted'],
    ],
    [
      "a part of the pool's status is of an older generation",
      {
        v1: older(
          poolWith(condition('Accepted', 'True', { observedGeneration: 2 }), condition('ResolvedRefs')),
        ),
      },
      ['fail pool-current'],
    ],
    [
      'an objective names no pool',
      { objective: objective('review', { poolRef: undefined }) },
      ['fail objectives-present'],
    ],
    [
      'an objective is empty',
      { objective: { ...objective('review'), spec: undefined } },
      ['fail objectives-present'],
    ],
    ['no pod matches the selector', { pod: pod(true, { app: 'other' }) }, ['fail pods-match']],
    ['no pod is ready', { pod: pod(false) }, ['fail pods-ready']],
    [
      'the only pod is being deleted',
      { pod: { ...pod(), metadata: { ...pod().metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } } },
      ['fail pods-match'],
    ],
    ['there is no HealthCheckPolicy on GKE', { healthCheck: null }, ['fail health-check-policy']],
    [
      'the HealthCheckPolicy is not attached',
      { healthCheck: healthCheck('False') },
      ['fail policy-attached'],
    ],
    [
      "the HealthCheckPolicy's status is of an older generation",
      { healthCheck: older(healthCheck()) },
      ['fail policy-attached'],
    ],
    ['an objective is missing', { objective: null }, ['fail objectives-present']],
    [
      'an objective is for the alpha group',
      { objective: objective('review', { poolRef: { group: r.ALPHA_GROUP, name: 'food-ga' } }) },
      ['fail objectives-present'],
    ],
    [
      'an objective is for another pool',
      { objective: objective('review', { poolRef: { name: 'other' } }) },
      ['fail objectives-present'],
    ],
    [
      'no Gateway has reported on the pool, which a route names',
      { v1: v1Pool('food-ga') },
      ['unknown pool-accepted'],
    ],
    ["the pool's status is of an older generation", { v1: older(healthyPool()) }, ['fail pool-current']],
    ...(
      [
        ['Accepted', 'NotSupportedByParent', 'fail pool-accepted', /does not serve this group/],
        ['Accepted', 'HTTPRouteNotAccepted', 'fail pool-accepted', /see above/],
        ['ResolvedRefs', 'InvalidExtensionRef', 'fail pool-refs-resolved', /Service is missing/],
      ] as const
    ).map(([type, reason, expected]): [string, Parameters<typeof healthy>[0], string[]] => {
      const others = ['Accepted', 'ResolvedRefs'].filter((one) => one !== type).map((one) => condition(one));
      const status = { parents: [{ parentRef: { name: 'gw' }, conditions: [...others, off(type, reason)] }] };
      return [`the pool is ${type}=False (${reason})`, { v1: { ...healthyPool(), status } }, [expected]];
    }),
  ];
  for (const [what, changed, expected] of cases)
    it(`says so, and nothing else, with evidence and a hint, when ${what}`, () => {
      const checks = verify(healthy(changed));
      expect(bad(checks)).to.deep.equal(expected);
      for (const check of checks.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')) {
        expect(check.evidence, check.id).not.to.equal('');
        expect(check.hint, check.id).not.to.equal('');
      }
    });

  it('says of each failure what was seen and what to do, in these words', () => {
    const told = cases.map(([what, changed]) =>
      verify(healthy(changed))
        .filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
        .map(
          ({ verdict, id, group, evidence, hint }) =>
            `${verdict} ${id} (${group}): ${evidence}\n    ${hint}\n`,
        )
        .reduce((all, one) => `${all}${one}`, `${what}:\n`),
    );
    expectGolden('verify/failures.txt', told.join('\n'));
  });

  it('says what it saw where all is well, where there is nothing to see, and where it could not look', () => {
    const kinds = [r.GATEWAY, r.SERVICE, r.DEPLOYMENT, r.ENDPOINT_SLICE, r.POD, r.HEALTH_CHECK_POLICY];
    const bare = { ...healthCheck(), status: {} };
    const worlds: [what: string, checks: ReturnType<typeof verify>][] = [
      ['all is well', verify(healthy())],
      ['no route', verify(healthy({ v1: v1Pool(), route: null, gateway: null, healthCheck: bare }))],
      ...kinds.map((kind): [string, ReturnType<typeof verify>] => [
        `${kind.plural} could not be read`,
        verify(healthy(), { forbidden: [kind] }).filter(({ verdict }) => verdict === 'unknown'),
      ]),
    ];
    const told = worlds.map(([what, checks]) =>
      checks
        .map(({ verdict, id, group, evidence, hint }) =>
          [`${verdict} ${id} (${group}): ${evidence}`, ...(hint ? [`    ${hint}`] : [])].join('\n'),
        )
        .reduce((all, one) => `${all}${one}\n`, `${what}:\n`),
    );
    expectGolden('verify/seen.txt', told.join('\n'));
  });

  it('has an id and a hint of its own for each failure', () => {
    const failures = cases.flatMap(([, changed]) =>
      verify(healthy(changed)).filter(({ verdict }) => verdict === 'fail'),
    );
    const byId = Map.groupBy(failures, ({ id }) => id);
    expect(byId.size).to.be.greaterThan(20);
    const hints = [...byId.values()].map(([first]) => first!.hint);
    expect(new Set(hints).size, 'hints that are the same for two ids').to.be.within(
      hints.length - 5,
      hints.length,
    );
  });
});
