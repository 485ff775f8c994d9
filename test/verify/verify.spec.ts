import { expect } from 'chai';
import type { Check } from '../../src/api/verification.ts';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { gatewaysOf, subjectOf, verdictOf } from '../../src/verify/verify.ts';
import {
  deployment,
  endpointSlice,
  EPP,
  healthCheck,
  healthy,
  healthyRoute,
  service,
} from '../support/healthy.ts';
import {
  alphaPool,
  condition,
  gateway,
  model,
  parents,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { ids, snapshot } from '../support/snapshot.ts';
import { bad, off, verify } from './look.ts';

describe('verifying a pool', () => {
  it('passes when all is well', () => {
    const checks = verify(healthy());
    expect(bad(checks)).to.be.empty;
    expect(verdictOf(checks)).to.equal('pass');
    expect(
      checks.every(({ hint }) => hint === ''),
      'no hints',
    ).to.be.true;
    expect(new Set(checks.map(({ group }) => group))).to.deep.equal(
      new Set([
        'Gateway',
        'HTTPRoute',
        'InferencePool',
        'Endpoint picker',
        'Model servers',
        'Policies',
        'InferenceObjectives',
      ]),
    );
  });

  const unread: [r.Resource, string[]][] = [
    [r.GATEWAY, ['unknown gateway-found']],
    [r.SERVICE, ['unknown epp-service-found']],
    [r.DEPLOYMENT, ['unknown epp-deployment-found']],
    [r.ENDPOINT_SLICE, ['unknown epp-endpoints']],
    [r.POD, ['unknown pods-match']],
    [r.HEALTH_CHECK_POLICY, ['unknown policy-attached']],
    [r.GCP_BACKEND_POLICY, ['unknown policy-attached']],
  ];
  for (const [kind, expected] of unread)
    it(`does not know, rather than fail or pass, when ${kind.plural} could not be read`, () => {
      const checks = verify(healthy(), { forbidden: [kind] });
      expect(bad(checks)).to.deep.equal(expected);
      expect(verdictOf(checks)).to.equal('unknown');
    });

  it('does not call objectives missing that could not be read', () => {
    expect(ids(verify(healthy(), { forbidden: [r.OBJECTIVE] }))).not.to.include('objectives-present');
  });

  it('asks nothing of GKE where its kinds are not installed', () => {
    const options = { notInstalled: [r.HEALTH_CHECK_POLICY, r.GCP_BACKEND_POLICY] };
    expect(ids(verify(healthy({ healthCheck: null }), options))).not.to.include('health-check-policy');
  });

  it('skips what a pool without a route can not have: a status, an attached policy', () => {
    const bare = { ...healthCheck(), status: {} };
    const checks = verify(healthy({ v1: v1Pool(), route: null, gateway: null, healthCheck: bare }));
    expect(bad(checks)).to.be.empty;
    expect(checks.filter(({ verdict }) => verdict === 'skip').map(({ id }) => id)).to.deep.equal([
      'pool-accepted',
      'policy-attached',
    ]);
  });

  it('looks at each listener of a Gateway that a route names by itself', () => {
    const refs = [
      { name: 'gw', sectionName: 'http' },
      { name: 'gw', sectionName: 'https' },
    ];
    const two = healthyRoute();
    two['spec'].parentRefs = refs;
    two['status'].parents = [
      { parentRef: refs[0], conditions: [condition('Accepted'), condition('ResolvedRefs')] },
      {
        parentRef: refs[1],
        conditions: [off('Accepted', 'NoMatchingListenerHostname'), condition('ResolvedRefs')],
      },
    ];
    const checks = verify(healthy({ route: two }));
    expect(bad(checks)).to.deep.equal(['fail route-accepted']);
    expect(checks.find(({ verdict }) => verdict === 'fail')!.evidence).to.contain('llm/gw (listener https)');
    two['status'].parents.pop();
    expect(bad(verify(healthy({ route: two }))), 'no status for it').to.deep.equal(['fail route-accepted']);
  });

  it('checks the alpha pool while there is no v1 one', () => {
    const name = 'food-epp';
    const args = ['-poolName', 'food', '-poolNamespace', 'llm', '-grpcPort', '9002'];
    const objects = healthy({
      v1: null,
      objective: null,
      route: { ...route(), ...parents([condition('Accepted'), condition('ResolvedRefs')]) },
      service: service({}, name),
      deployment: deployment(args, {}, {}, name),
      endpointSlice: endpointSlice(true, name),
      healthCheck: { ...healthCheck(), spec: { targetRef: toAlpha() } },
      alpha: {
        ...alphaPool(),
        status: {
          parent: [
            {
              parentRef: { kind: 'Status', name: 'default' },
              conditions: [condition('Accepted', 'Unknown')],
            },
            { parentRef: { kind: 'Gateway', name: 'gw' }, conditions: [condition('Accepted')] },
          ],
        },
      },
    });
    const checks = verify(objects);
    expect(bad(checks)).to.be.empty;
    expect(checks.filter(({ id }) => id === 'pool-accepted')).to.have.length(1);
  });

  it('looks at no route, Gateway or policy of another pool', () => {
    const others = [
      route([[toAlpha('drinks')]], { name: 'broken' }),
      gateway('broken', { status: {} }),
      { ...healthCheck(), metadata: { name: 'x', namespace: 'web' }, status: {} },
    ];
    expect(bad(verify([...healthy(), ...others]))).to.be.empty;
  });
});

describe('the verdict of a verification', () => {
  const of = (...verdicts: Check['verdict'][]) =>
    verdictOf(verdicts.map((verdict) => ({ verdict }) as Check));
  it('is fail for one failure, unknown for one unknown, and pass else', () => {
    expect(of()).to.equal('pass');
    expect(of('pass', 'skip')).to.equal('pass');
    expect(of('pass', 'unknown', 'skip')).to.equal('unknown');
    expect(of('unknown', 'fail', 'pass')).to.equal('fail');
  });
});

describe('who is asked', () => {
  it('is the v1 pool, or else the alpha one', () => {
    const [entry] = buildInventory(snapshot([alphaPool(), v1Pool()])).pools;
    expect(subjectOf(entry!)).to.equal(entry!.v1);
    expect(subjectOf({ ...entry!, v1: null })).to.equal(entry!.ref);
  });

  it('are the Gateways among the parents of a route', () => {
    const subject = route([[toV1()]]);
    subject['spec'].parentRefs = [
      { name: 'a' },
      { name: 'mesh', kind: 'Service' },
      { name: 'b', namespace: 'infra', kind: 'Gateway' },
    ];
    expect(gatewaysOf(subject).map(({ namespace, name }) => `${namespace}/${name}`)).to.deep.equal([
      'llm/a',
      'infra/b',
    ]);
  });
});

it('verifies thousands of pools and routes in no time', function () {
  this.timeout(5000);
  const names = Array.from({ length: 1500 }, (_, index) => `pool-${index}`);
  const objects = names.flatMap((name) => [
    alphaPool(name, { selector: { app: name } }),
    model(name, { poolRef: { name } }),
    route([[toAlpha(name)]], { name }),
  ]);
  const checks = verify([...objects, gateway(), service({}, EPP)]);
  expect(checks.filter(({ id }) => id === 'pool-found')).to.have.length(names.length);
});
