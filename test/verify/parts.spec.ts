// Objects as clusters have them: with parts missing, with neighbours, with more than one of a thing.
import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { buildInventory } from '../../src/inventory/build.ts';
import { eppChecks, eppPods, eppRefOf, restartsOf } from '../../src/verify/epp.ts';
import { policyChecks } from '../../src/verify/policies.ts';
import { routeChecks } from '../../src/verify/route.ts';
import { readinessChecks } from '../../src/verify/verify.ts';
import {
  deployment,
  endpointSlice,
  EPP,
  healthCheck,
  healthy,
  healthyPool,
  healthyRoute,
  pod,
  service,
  V1_ARGS,
} from '../support/healthy.ts';
import {
  alphaPool,
  condition,
  gateway,
  gatewayClass,
  model,
  object,
  policy,
  route,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { ids, snapshot } from '../support/snapshot.ts';
import { bad, verify } from './look.ts';

const without = (object: KubeObject, ...fields: string[]): KubeObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !fields.includes(key))) as KubeObject;
const evidence = (checks: ReturnType<typeof verify>, id: string) =>
  checks.filter((check) => check.id === id).map((check) => check.evidence);

describe('the endpoint picker', () => {
  const look = (objects: KubeObject[], pool = healthyPool(), options = {}) =>
    eppChecks(pool, snapshot(objects, options));

  it('of a pool that names none is a Service without a name', () => {
    for (const pool of [without(v1Pool(), 'spec'), v1Pool('x', { endpointPickerRef: undefined })])
      expect(eppRefOf(pool)).to.deep.equal({ service: '', port: 0 });
    expect(eppRefOf(v1Pool('x', { endpointPickerRef: { name: 'e' } }))).to.deep.equal({
      service: 'e',
      port: 0,
    });
    for (const pool of [without(alphaPool(), 'spec'), alphaPool('x', { extensionRef: undefined })])
      expect(eppRefOf(pool)).to.deep.equal({ service: '', port: 9002 });
  });

  it('is found among other Services, and not by its name in another namespace', () => {
    const others = [service({}, 'a'), service({}, 'z')];
    expect(bad(look([others[0]!, service(), others[1]!, deployment(), endpointSlice()]))).to.be.empty;
    const elsewhere = service();
    elsewhere.metadata.namespace = 'web';
    expect(bad(look([elsewhere, deployment()]))).to.deep.equal(['fail epp-service-found']);
  });

  it('is looked for where the pool of either group names it', () => {
    expect(look([], alphaPool())[0]!.hint).to.contain(
      'correct spec.extensionRef: kubectl edit -n llm inferencepools.',
    );
    expect(look([])[0]!.hint).to.contain(
      'correct spec.endpointPickerRef: kubectl edit -n llm inferencepools.',
    );
  });

  it('is counted by its replicas, ready or not yet looked at', () => {
    const three = deployment(V1_ARGS, { readyReplicas: 2 });
    three['spec'].replicas = 3;
    expect(evidence(look([service(), three]), 'epp-deployment-ready')).to.deep.equal([
      `deployments.apps/${EPP}: 2 of 3 ready`,
    ]);
    const fresh = without(deployment(), 'status');
    expect(evidence(look([service(), fresh]), 'epp-deployment-ready')).to.deep.equal([
      `deployments.apps/${EPP}: 0 of 1 ready (of an older spec)`,
    ]);
  });

  it('is found among Deployments whose pods have no labels', () => {
    const bare = [{}, { template: {} }, { template: { metadata: {} } }].map((spec, index) =>
      object(r.DEPLOYMENT, `bare-${index}`, { spec }),
    );
    const unspecified = object(r.DEPLOYMENT, 'unspecified');
    expect(bad(look([service(), unspecified, ...bare, deployment(), endpointSlice()]))).to.be.empty;
  });

  it('is not known to serve the pool by a namespace alone', () => {
    const args = deployment(['--pool-namespace', 'llm']);
    expect(bad(look([service(), args, endpointSlice()]))).to.deep.equal(['unknown epp-pool']);
  });

  it('may have other ports before its own', () => {
    const ports = [{ port: 9090, targetPort: 9090 }, { port: 9002 }];
    expect(bad(look([service({ ports }), deployment(), endpointSlice()]))).to.be.empty;
    const unported = deployment([...V1_ARGS], {}, { ports: undefined });
    const named = service({ ports: [{ port: 9002, targetPort: 'grpc' }] });
    expect(bad(look([named, unported, endpointSlice()]))).to.be.empty;
  });

  it('has as many endpoints as are ready, and not known is ready', () => {
    const slice = endpointSlice();
    slice['endpoints'] = [{ conditions: { ready: true } }, {}, { conditions: { ready: false } }];
    const unlabelled = without(endpointSlice(), 'metadata');
    unlabelled.metadata = { name: 'x', namespace: 'llm' };
    const seen = (...slices: KubeObject[]) =>
      evidence(look([service(), deployment(), ...slices]), 'epp-endpoints');
    expect(seen(unlabelled, slice)).to.deep.equal(['2 ready endpoints']);
    expect(seen(endpointSlice())).to.deep.equal(['1 ready endpoint']);
    expect(seen(endpointSlice(undefined))).to.deep.equal(['1 ready endpoint']);
    expect(seen(without(endpointSlice(), 'endpoints'))).to.deep.equal(['0 ready endpoints']);
  });

  it('has pods behind its own Service only', () => {
    const labels = { inferencepool: EPP };
    const restarted = { ...pod(true, labels), status: { containerStatuses: [{ restartCount: 3 }, {}] } };
    const others = [service({ selector: { app: 'vllm' } }, 'a'), service()];
    const pods = (options = {}) => eppPods(healthyPool(), snapshot([...others, restarted, pod()], options));
    expect(restartsOf(pods())).to.equal(3);
    expect(pods({ forbidden: [r.SERVICE] })).to.deep.equal([]);
    expect(pods({ forbidden: [r.POD] })).to.deep.equal([]);
    expect(eppPods(healthyPool(), snapshot([restarted]))).to.deep.equal([]);
    expect(restartsOf([without(pod(), 'status')])).to.equal(0);
  });
});

describe('a route', () => {
  it('is told apart by the port that it names of a Gateway', () => {
    const ports = [80, 443].map((port) => ({ name: 'gw', port }));
    const two = healthyRoute();
    two['spec'].parentRefs = ports;
    two['status'].parents = ports.map((parentRef) => ({
      parentRef,
      conditions: [
        condition('Accepted', parentRef.port === 80 ? 'True' : 'False'),
        condition('ResolvedRefs'),
      ],
    }));
    expect(evidence(routeChecks(two), 'route-accepted')).to.deep.equal([
      'Gateway llm/gw (listener 80): Accepted=True',
      'Gateway llm/gw (listener 443): Accepted=False',
    ]);
  });
});

describe('what is asked of a pool', () => {
  const ready = (objects: KubeObject[], routes: KubeObject[] = []) => {
    const read = snapshot(objects);
    return readinessChecks(refOf(v1Pool()), buildInventory(read), read, routes);
  };

  it('is to be there before anything else', () => {
    expect(ready([alphaPool()])).to.deep.equal([
      {
        id: 'pool-found',
        group: 'InferencePool',
        subject: refOf(v1Pool()),
        verdict: 'fail',
        evidence: 'It does not exist',
        hint: 'Create it: kubectl infpool convert --apply -n llm',
      },
    ]);
  });

  it('is a status only where a route names it', () => {
    const verdict = (routes: KubeObject[]) =>
      ready([v1Pool()], routes).find(({ id }) => id === 'pool-accepted')!.verdict;
    expect(verdict([route()])).to.equal('skip');
    expect(verdict([route(), route([[toV1()]], { name: 'b' })])).to.equal('unknown');
  });

  it('is a policy where GKE serves it, or where nobody knows who does', () => {
    const asked = (...classes: string[]) => {
      const objects = classes.flatMap((controller, at) => [
        gatewayClass(controller, `class-${at}`),
        gateway(`gw-${at}`, { spec: { gatewayClassName: `class-${at}`, listeners: [] } }),
      ]);
      return ids(ready([v1Pool(), ...objects])).includes('health-check-policy');
    };
    const [gke, istio] = ['networking.gke.io/gateway', 'istio.io/gateway-controller'];
    expect(asked()).to.be.true;
    expect(asked(gke)).to.be.true;
    expect(asked(istio)).to.be.false;
    expect(asked(istio, gke), 'one of several').to.be.true;
    const unknown = gateway('lost', { spec: { gatewayClassName: 'nowhere', listeners: [] } });
    expect(ids(ready([v1Pool(), unknown]))).to.include('health-check-policy');
    const beside = [
      gatewayClass(istio, 'i'),
      gateway('g', { spec: { gatewayClassName: 'i', listeners: [] } }),
    ];
    expect(ids(ready([v1Pool(), unknown, ...beside]))).not.to.include('health-check-policy');
  });

  it('are the policies that target it, whatever else they target', () => {
    const others = policy(r.HEALTH_CHECK_POLICY, toV1('drinks-ga'), { status: {} }, { name: 'x' });
    const seen = (objects: KubeObject[], options = {}) => policyChecks(v1Pool(), snapshot(objects, options));
    expect(bad(seen([others]))).to.deep.equal(['fail health-check-policy']);
    expect(seen([others, healthCheck()]).map(({ subject }) => subject.name)).to.deep.equal(['food-ga']);
    const several = { ...healthCheck(), spec: { targetRefs: [toV1('drinks-ga'), toV1()] } };
    expect(bad(seen([several]))).to.be.empty;
    expect(bad(seen([healthCheck()], { notInstalled: [r.GCP_BACKEND_POLICY] }))).to.be.empty;
    expect(seen([healthCheck()], { notInstalled: [r.HEALTH_CHECK_POLICY] })).to.deep.equal([]);
  });

  it('is an objective for each of its models, where it has any', () => {
    const said = (objects: KubeObject[]) => evidence(verify(objects), 'objectives-present');
    expect(said(healthy({ model: null }))).to.be.empty;
    const two = [...healthy({ objective: null }), model('chat')];
    expect(said(two)).to.deep.equal(['None for chat, review: without one, requests have priority 0']);
    const read = evidence(verify(two, { forbidden: [r.REFERENCE_GRANT] }), 'objectives-present');
    expect(read, 'something else could not be read').to.have.length(1);
  });

  it('is its Gateway, once, by all of its routes', () => {
    const second = { ...healthyRoute(), metadata: { ...healthyRoute().metadata, name: 'second' } };
    const checks = verify([...healthy(), second]);
    expect(checks.filter(({ id }) => id === 'gateway-programmed')).to.have.length(1);
    expect(checks.filter(({ id }) => id === 'route-accepted')).to.have.length(2);
    const gone = verify(healthy({ gateway: null }), { forbidden: [r.REFERENCE_GRANT] });
    expect(bad(gone)).to.include('fail gateway-found');
    const unseen = verify(healthy(), { forbidden: [r.GATEWAY] });
    expect(evidence(unseen, 'gateway-found')[0]).to.contain('user "dev" cannot list it');
  });

  it('are the addresses of its Gateway, all of them', () => {
    const two = gateway('gw', {
      status: {
        conditions: [condition('Accepted'), condition('Programmed')],
        addresses: [{ value: '10.0.0.1' }, { value: '10.0.0.2' }],
      },
    });
    expect(evidence(verify(healthy({ gateway: two })), 'gateway-address')).to.deep.equal([
      '10.0.0.1, 10.0.0.2',
    ]);
  });
});
