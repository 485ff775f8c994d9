import { expect } from 'chai';
import type { GatewayEntry } from '../../src/api/inventory.ts';
import { ref } from '../../src/api/ref.ts';
import { GATEWAY } from '../../src/api/resource.ts';
import { gatewayEntries } from '../../src/inventory/gateways.ts';
import { decideStrategy } from '../../src/traffic/strategy.ts';
import { object } from '../support/objects.ts';
import * as r from '../../src/api/resource.ts';
import { ids } from '../support/snapshot.ts';

const envoy: GatewayEntry = {
  ref: ref(GATEWAY, 'llm', 'gw'),
  controller: 'gateway.envoyproxy.io/gatewayclass-controller',
  serves: 'unknown',
  evidence: '',
  onePoolPerRule: true,
};

describe('a controller that takes one pool a rule', () => {
  it('is known by its name', () => {
    const classes = [object(r.GATEWAY_CLASS, 'eg', { spec: { controllerName: envoy.controller } })];
    const gateways = [object(r.GATEWAY, 'gw', { spec: { gatewayClassName: 'eg' } })];
    expect(gatewayEntries(gateways, classes, [])[0]).to.include({ onePoolPerRule: true });
    const others = [
      object(r.GATEWAY_CLASS, 'eg', { spec: { controllerName: 'istio.io/gateway-controller' } }),
    ];
    expect(gatewayEntries(gateways, others, [])[0]).not.to.have.property('onePoolPerRule');
  });

  it('is swapped to, without a second pool at weight 0', () => {
    const decision = decideStrategy('auto', 100, [envoy]);
    expect(decision).to.deep.equal({ strategy: 'swap', interlocks: [], prewarm: false });
  });

  it('refuses a weighted split, and any share between, which the user may force', () => {
    const weighted = decideStrategy('weighted', 50, [envoy]).interlocks;
    expect(ids(weighted.map(({ finding }) => finding))).to.deep.equal(['controller-one-pool-per-rule']);
    expect(weighted[0]!.forceable).to.be.true;
    const half = decideStrategy('auto', 50, [envoy]).interlocks;
    expect(ids(half.map(({ finding }) => finding))).to.deep.equal(['swap-is-all-or-nothing']);
  });
});
