import { expect } from 'chai';
import type { Json, KubeObject } from '../kube.ts';
import { addPool, alphaPool, grant, POOL, sampleWorld, v1Epp, v1Pool } from './sample-world.ts';
import { statuses } from './statuses.ts';
import { behaviour, type Behaviour, type World } from './world.ts';

const NOW = '2026-01-01T00:00:00Z';
const addresses = new Map([['default/inference-gateway', '127.9.9.2']]);

function writes(world: World, some: Partial<Behaviour> = {}) {
  return statuses(world, behaviour(some), addresses, NOW);
}
/** The written status of the only object of that kind (and name). */
function statusOf(world: World, kind: string, some: Partial<Behaviour> = {}, name?: string): Json {
  const found = writes(world, some).filter(
    ({ object }) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  return found[0]?.status;
}
const said = (conditions: Json[]) =>
  Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
const routeSays = (world: World, some?: Partial<Behaviour>) =>
  said(statusOf(world, 'HTTPRoute', some).parents[0].conditions);
const rules = (world: World) => world.routes[0]!['spec'].rules as Json[];

describe('the statuses a gateway controller writes', () => {
  let world: World;
  beforeEach(() => (world = sampleWorld()));

  it('say that all is well with the preview stack, at the observed generation', () => {
    world.gateways[0]!.metadata['generation'] = 7;
    const gateway = statusOf(world, 'Gateway');
    expect(gateway.addresses).to.deep.equal([{ type: 'IPAddress', value: '127.9.9.2' }]);
    expect(gateway.conditions[1]).to.include({ type: 'Programmed', status: 'True', observedGeneration: 7 });
    expect(gateway.listeners[0]).to.include({ name: 'http', attachedRoutes: 1 });
    expect(routeSays(world)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'True ResolvedRefs',
      Reconciled: 'True ReconciliationSucceeded',
    });
    expect(statusOf(world, 'GatewayClass').conditions[0]).to.include({ type: 'Accepted', status: 'True' });
    expect(said(statusOf(world, 'HealthCheckPolicy').conditions)).to.deep.equal({
      Attached: 'True Attached',
    });
  });

  it('are written once: what stands already is not written again', () => {
    for (const { object, status } of writes(world)) object['status'] = status;
    expect(statuses(world, behaviour(), addresses, '2026-02-02T00:00:00Z')).to.deep.equal([]);
  });

  it('keep the transition time of a condition that holds on, and observe the new generation', () => {
    for (const { object, status } of writes(world)) object['status'] = status;
    world.routes[0]!.metadata['generation'] = 2;
    const [write] = statuses(world, behaviour(), addresses, '2026-02-02T00:00:00Z') as Json[];
    expect(write.status.parents[0].conditions[0]).to.include({
      observedGeneration: 2,
      lastTransitionTime: NOW,
    });
  });

  it('name what is wrong with a reference', () => {
    const [ref] = rules(world)[0].backendRefs as Json[];
    ref.name = 'gone';
    expect(routeSays(world)['ResolvedRefs']).to.equal('False BackendNotFound');
    ref.kind = 'Bucket';
    expect(routeSays(world)['ResolvedRefs']).to.equal('False InvalidKind');
  });

  it('ask for a ReferenceGrant across namespaces, in mirrors too', () => {
    addPool(world, alphaPool('other', 'team-b'), { image: 'epp:v0.3.0', args: ['-poolName', 'other'] });
    rules(world)[0].filters = [
      {
        type: 'RequestMirror',
        requestMirror: {
          backendRef: {
            group: 'inference.networking.x-k8s.io',
            kind: 'InferencePool',
            name: 'other',
            namespace: 'team-b',
          },
        },
      },
    ];
    expect(routeSays(world)['ResolvedRefs']).to.equal('False RefNotPermitted');
    world.grants = [grant('default', 'team-b')];
    expect(routeSays(world)['ResolvedRefs']).to.equal('True ResolvedRefs');
  });

  it('of a controller that serves one group only say InvalidKind of the other', () => {
    const istio = { controllerName: 'istio.io/gateway-controller', serves: 'v1' as const };
    world.gatewayClasses[0]!['spec'].controllerName = istio.controllerName;
    expect(routeSays(world, istio)).to.deep.equal({
      Accepted: 'True Accepted',
      ResolvedRefs: 'False InvalidKind',
    });
    expect(statusOf(world, 'InferencePool', istio)).to.equal(undefined);
    expect(statusOf(world, 'HealthCheckPolicy', istio)).to.equal(undefined);
  });

  it('give a pool a parent only while a route names it', () => {
    addPool(world, v1Pool(POOL), v1Epp(POOL));
    const [alpha] = world.alphaPools as [KubeObject];
    expect(statusOf(world, 'InferencePool').parent[0]).to.deep.include({
      parentRef: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        name: 'inference-gateway',
        namespace: 'default',
      },
    });
    expect(
      writes(world).filter(({ kind }) => kind === 'v1Pools'),
      'its namesake',
    ).to.deep.equal([]);
    alpha['status'] = statusOf(world, 'InferencePool');
    // An entry that no Gateway of ours wrote stays.
    const synthetic = { parentRef: { kind: 'Status', name: 'default' } };
    alpha['status'].parent.push(synthetic);
    rules(world)[0].backendRefs = [];
    expect(statusOf(world, 'InferencePool')).to.deep.equal({ parent: [synthetic] });
  });

  it("say InvalidExtensionRef when the picker's Service is missing", () => {
    world.services = [];
    expect(said(statusOf(world, 'InferencePool').parent[0].conditions)['ResolvedRefs']).to.equal(
      'False InvalidExtensionRef',
    );
  });

  it('refuse a route that the listeners do not allow, and say so to its pool', () => {
    world.routes[0]!.metadata.namespace = 'elsewhere';
    Object.assign(world.routes[0]!['spec'].parentRefs[0], { namespace: 'default' });
    Object.assign(rules(world)[0].backendRefs[0], { namespace: 'default' });
    world.grants = [grant('elsewhere', 'default')];
    expect(routeSays(world)['Accepted']).to.equal('False NotAllowedByListeners');
    expect(said(statusOf(world, 'InferencePool').parent[0].conditions)['Accepted']).to.equal(
      'False HTTPRouteNotAccepted',
    );
    world.gateways[0]!['spec'].listeners[0].allowedRoutes = { namespaces: { from: 'All' } };
    expect(routeSays(world)['Accepted']).to.equal('True Accepted');
  });

  it("leave other controllers' parents of a route as they are", () => {
    const other = { parentRef: { name: 'mesh' }, controllerName: 'example.com/mesh', conditions: [] };
    world.routes[0]!['status'] = { parents: [other] };
    expect(statusOf(world, 'HTTPRoute').parents[0]).to.equal(other);
  });

  it('can be made to fail', () => {
    expect(said(statusOf(world, 'Gateway', { programmed: false }).conditions)).to.include({
      Programmed: 'False Pending',
      'networking.gke.io/GatewayHealthy': 'False Pending',
    });
    const refused = { refusedRoutes: new Set(['default/llm-route']) };
    expect(routeSays(world, refused)['Accepted']).to.equal('False Pending');
  });

  it('say when a policy has no target', () => {
    world.healthCheckPolicies[0]!['spec'].targetRef.group = 'inference.networking.k8s.io';
    expect(said(statusOf(world, 'HealthCheckPolicy').conditions)['Attached']).to.equal(
      'False TargetNotFound',
    );
  });
});
