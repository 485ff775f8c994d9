import { expect } from 'chai';
import { nextCommand } from '../../src/commands/next.ts';
import { ALPHA_POOL } from '../../src/api/resource.ts';
import {
  alphaPool,
  crd,
  gateway,
  gatewayClass,
  NS,
  route,
  toAlpha,
  toV1,
  v1Pool,
} from '../support/objects.ts';
import { inventory } from '../support/snapshot.ts';

describe('the next command', () => {
  const next = (...routes: ReturnType<typeof route>[]) => {
    const found = inventory([alphaPool(), v1Pool(), ...routes]);
    return nextCommand(found.pools[0]!, found, ' --context there');
  };

  it('names the pool in its namespace, where its routes are', () => {
    expect(next(route())).to.equal(`kubectl infpool split --pool food 10 -n ${NS} --context there`);
  });

  it('names the pool with its namespace where routes of others lead to it, for there may be one of its name', () => {
    const far = route([[toAlpha('food', { namespace: NS })]], { namespace: 'web', name: 'far' });
    expect(next(route(), far)).to.equal(`kubectl infpool split --pool ${NS}/food 10 -A --context there`);
  });

  it('is all at once where the controller can not share: a tenth would be refused', () => {
    const found = (controller: string) =>
      inventory([gatewayClass(controller), gateway(), alphaPool(), v1Pool(), route()]);
    const of = (controller: string) => nextCommand(found(controller).pools[0]!, found(controller), '');
    const envoy = 'gateway.envoyproxy.io/gatewayclass-controller';
    expect(of('networking.gke.io/gateway')).to.equal(`kubectl infpool split --pool food 10 -n ${NS}`);
    expect(of(envoy)).to.equal(`kubectl infpool split --pool food 100 -n ${NS}`);
  });

  it('lets the CRDs go with the last pool, but not where only one namespace was looked at', () => {
    const found = inventory([alphaPool(), v1Pool(), route([[toV1()]]), crd(ALPHA_POOL, '')]);
    const of = (whole: boolean) => nextCommand(found.pools[0]!, found, '', whole);
    expect(of(true)).to.equal(`kubectl infpool cleanup food --crds -n ${NS}`);
    expect(of(false)).to.equal(`kubectl infpool cleanup food -n ${NS}`);
  });
});
