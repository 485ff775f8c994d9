import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { ref, refKey } from '../../src/api/ref.ts';
import { CANARY, HTTP_ROUTE, ROLLOUT } from '../../src/api/resource.ts';
import { routeDrivers } from '../../src/inventory/owners/drivers.ts';
import { object, route } from '../support/objects.ts';

const key = (name: string, namespace = 'llm') => refKey(ref(HTTP_ROUTE, namespace, name));
const rollout = (plugin: object, name = 'model'): KubeObject =>
  object(ROLLOUT, name, {
    spec: { strategy: { canary: { trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': plugin } } } } },
  });
const canary = (service: object): KubeObject =>
  object(CANARY, 'model', { spec: { targetRef: { kind: 'Deployment', name: 'vllm' }, service } });
const owner = { kind: 'Controller', name: 'Rollout/model', namespace: 'llm', group: 'argoproj.io' };

describe('who drives the weights of a route', () => {
  it('is the Rollout that names it, alone or in a list', () => {
    const found = routeDrivers(
      [rollout({ httpRoute: 'one', httpRoutes: [{ name: 'two' }, { name: 'three' }] })],
      [],
    );
    expect([...found.keys()]).to.deep.equal([key('one'), key('two'), key('three')]);
    expect(found.get(key('one'))).to.deep.equal(owner);
  });

  it('is looked for in the namespace that the plugin is given', () => {
    const found = routeDrivers([rollout({ httpRoute: 'one', namespace: 'web' })], []);
    expect([...found.keys()]).to.deep.equal([key('one', 'web')]);
  });

  it('is the Rollout whose selector finds it, by label and in its namespace', () => {
    const selector = { matchLabels: { app: 'llm' }, matchExpressions: [{ key: 'team', operator: 'Exists' }] };
    const routes = [
      route([], { name: 'both', labels: { app: 'llm', team: 'a' } }),
      route([], { name: 'one', labels: { app: 'llm' } }),
      route([], { name: 'elsewhere', namespace: 'web', labels: { app: 'llm', team: 'a' } }),
    ];
    const found = routeDrivers([rollout({ httpRouteSelector: selector })], [], routes);
    expect([...found.keys()]).to.deep.equal([key('both')]);
  });

  it('is the Canary of the name that Flagger gives its route', () => {
    const gatewayRefs = [{ name: 'gw' }];
    expect([...routeDrivers([], [canary({ gatewayRefs })]).keys()]).to.deep.equal([key('vllm')]);
    const named = routeDrivers([], [canary({ gatewayRefs, name: 'llm-route' })]);
    expect(named.get(key('llm-route'))).to.deep.equal({
      kind: 'Controller',
      name: 'Canary/model',
      namespace: 'llm',
      group: 'flagger.app',
    });
  });

  it('is nobody where rollouts and canaries use something else', () => {
    const plain = object(ROLLOUT, 'plain', { spec: { strategy: { blueGreen: {} } } });
    const istio = object(ROLLOUT, 'istio', {
      spec: { strategy: { canary: { trafficRouting: { istio: {}, plugins: { other: {} } } } } },
    });
    const empty = object(ROLLOUT, 'empty');
    expect(
      routeDrivers([plain, istio, empty], [canary({ name: 'x' }), object(CANARY, 'bare')]),
    ).to.have.length(0);
  });
});
