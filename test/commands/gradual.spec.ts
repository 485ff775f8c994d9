import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { currentPercent } from '../../src/commands/gradual.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, v1Pool } from '../support/objects.ts';
import { played } from './played.ts';

const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const from = (pool: string) => ({ annotations: { 'kubectl-infpool/migrated-from': pool } });

describe('migrate, run again', () => {
  const at = (...objects: Parameters<typeof played>[0]) => {
    const { of, context } = played([
      alphaPool(),
      v1Pool('food-ga', {}, from('food')),
      alphaPool('idle', { selector: { app: 'idle' } }),
      v1Pool('idle-ga', { selector: { matchLabels: { app: 'idle' } } }, from('idle')),
      ...objects,
    ]);
    return currentPercent(of, { positionals: [] }, context, ['llm/food', 'llm/idle']);
  };

  it('goes on from where the traffic is: a pool that no route names has none to begin with again', async () => {
    expect(await at(splitRoute(route(), pairs, pairs, 50).after)).to.equal(50);
    expect(await at(route())).to.equal(0);
    expect(await at(), 'nothing is routed at all').to.equal(0);
  });
});
