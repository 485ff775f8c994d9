import { expect } from 'chai';
import type { Condition, KubeObject } from '../../src/api/object.ts';
import type { BackendRef } from '../../src/inventory/backendRefs.ts';
import { gatewayEntries, parentGateway } from '../../src/inventory/gateways.ts';
import {
  condition,
  gateway,
  gatewayClass,
  parents,
  route,
  toAlpha,
  toService,
  toV1,
} from '../support/objects.ts';

const ISTIO = 'istio.io/gateway-controller';
const resolved = condition('ResolvedRefs');
const invalidKind = condition('ResolvedRefs', 'False', { reason: 'InvalidKind' });
const notFound = condition('ResolvedRefs', 'False', { reason: 'BackendNotFound' });

let count = 0;
function routed(refs: BackendRef[], said: Condition, gateways = ['gw'], generation = 1): KubeObject {
  return route([refs], { name: `route-${count++}`, generation }, parents([said], gateways));
}

function serves(routes: KubeObject[], controller = ISTIO) {
  return gatewayEntries([gateway()], [gatewayClass(controller)], routes)[0]!.serves;
}

describe('what a Gateway serves', () => {
  it('is both for GKE', () => {
    const [entry] = gatewayEntries([gateway()], [gatewayClass()], []);
    expect(entry).to.include({ controller: 'networking.gke.io/gateway', serves: 'both' });
    expect(entry!.evidence).to.contain('GKE serves both');
  });

  it('is unknown for a controller that nothing shows anything of', () => {
    const [entry] = gatewayEntries([gateway()], [gatewayClass(ISTIO)], []);
    expect(entry).to.include({
      serves: 'unknown',
      evidence: `nothing is known of the controller "${ISTIO}"`,
    });
  });

  it('is unknown without its class', () => {
    const [entry] = gatewayEntries([gateway()], [], []);
    expect(entry).to.include({
      controller: '',
      serves: 'unknown',
      evidence: 'its GatewayClass could not be found',
    });
  });

  const cases: [serves: string, what: string, routes: () => KubeObject[]][] = [
    ['v1', 'it refuses alpha pools as an invalid kind', () => [routed([toAlpha()], invalidKind)]],
    ['alpha', 'it refuses v1 pools as an invalid kind', () => [routed([toV1()], invalidKind)]],
    [
      'both',
      'routes of either group resolve',
      () => [routed([toAlpha()], resolved), routed([toV1()], resolved)],
    ],
    ['v1', 'only v1 routes resolve', () => [routed([toAlpha()], invalidKind), routed([toV1()], resolved)]],
    ['unknown', 'only alpha routes are there, and resolve', () => [routed([toAlpha()], resolved)]],
    ['unknown', 'it refuses both', () => [routed([toAlpha()], invalidKind), routed([toV1()], invalidKind)]],
    ['unknown', 'the backend is not found', () => [routed([toAlpha()], notFound)]],
    ['unknown', 'the condition is older than the spec', () => [routed([toAlpha()], invalidKind, ['gw'], 2)]],
    ['unknown', 'both groups are in the refused route', () => [routed([toAlpha(), toV1()], invalidKind)]],
    ['unknown', 'the refused route names no pool', () => [routed([toService()], invalidKind)]],
    ['unknown', 'another Gateway refuses it', () => [routed([toAlpha()], invalidKind, ['other'])]],
  ];
  for (const [expected, what, routes] of cases)
    it(`is ${expected} where ${what}`, () => expect(serves(routes())).to.equal(expected));

  it('is shown by a route that resolves, even if another does not for a reason of its own', () => {
    const odd = routed([toAlpha(), toService()], invalidKind);
    const fine = routed([toAlpha()], resolved);
    const v1 = routed([toV1()], resolved);
    for (const routes of [
      [odd, fine, v1],
      [v1, fine, odd],
    ])
      expect(serves(routes)).to.equal('both');
  });

  it('is what its own cluster shows rather than what is known of GKE', () => {
    expect(serves([routed([toV1()], invalidKind)], 'networking.gke.io/gateway')).to.equal('alpha');
  });

  it('names the route that shows it', () => {
    const shown = routed([toAlpha()], invalidKind);
    const [entry] = gatewayEntries([gateway()], [gatewayClass(ISTIO)], [shown]);
    expect(entry!.evidence).to.equal(
      `HTTPRoute llm/${shown.metadata.name}, which names alpha pools only, has reason InvalidKind`,
    );
  });

  it('is told for each Gateway of a route', () => {
    const routes = [routed([toAlpha()], invalidKind, ['gw', 'other'])];
    const entries = gatewayEntries(
      [gateway('gw'), gateway('other'), gateway('third')],
      [gatewayClass(ISTIO)],
      routes,
    );
    expect(entries.map((entry) => entry.serves)).to.deep.equal(['v1', 'v1', 'unknown']);
  });

  it('is told for thousands of Gateways and routes in no time', function () {
    this.timeout(5000);
    const names = Array.from({ length: 1000 }, (_, index) => `gw-${index}`);
    const routes = names.map((name) => routed([toAlpha()], invalidKind, [name]));
    const entries = gatewayEntries(
      names.map((name) => gateway(name)),
      [gatewayClass(ISTIO)],
      routes,
    );
    expect(entries.every((entry) => entry.serves === 'v1')).to.be.true;
  });
});

describe('the Gateway of a parentRef', () => {
  it("is in the route's namespace unless told", () => {
    const subject = route([], { namespace: 'web' });
    expect(parentGateway({ parentRef: { name: 'gw' } }, subject)).to.include({
      kind: 'Gateway',
      namespace: 'web',
    });
    expect(parentGateway({ parentRef: { name: 'gw', namespace: 'infra' } }, subject)).to.include({
      namespace: 'infra',
    });
  });
});
