import { expect } from 'chai';
import type { UserError } from '../../src/api/errors.ts';
import type { GateResult } from '../../src/commands/gate.ts';
import type { Shifted } from '../../src/commands/shift.ts';
import type { Interlock } from '../../src/api/interlock.ts';
import { refOf } from '../../src/api/ref.ts';
import { currentPercent, finish } from '../../src/commands/gradual.ts';
import { trafficStep } from '../../src/commands/trafficStep.ts';
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

describe('migrate --cleanup, at its end', () => {
  it('does not say that nothing was written where a pool was made anew meanwhile: the traffic has moved', async () => {
    const { of, context, cluster } = played([alphaPool(), v1Pool('food-ga', {}, from('food'))]);
    const finding = { id: 'pool-recreated', severity: 'error', ref: null, field: '', message: '', hint: '' };
    const remade = [{ forceable: true, finding }] as Interlock[];
    const args = { positionals: [], cleanup: true };
    const { message, exitCode } = await finish(of, args, context, ['llm/food'], remade).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as UserError,
    );
    expect(exitCode).to.equal(3);
    expect(message)
      .to.contain('all traffic goes to v1 and stays there')
      .and.not.contain('nothing was written');
    expect(cluster.writes).to.be.empty;
  });
});

describe('a step of migrate', () => {
  const rivals = {
    expect: () => undefined,
    added: (): boolean => {
      throw new Error('somebody changed what we wrote');
    },
  };
  const at = (verdict: 'pass' | 'fail') => {
    const { context } = played([]);
    const gate = { decision: { verdict, because: 'it is so' } } as GateResult;
    const moved = { state: 'shown' } as Shifted;
    const work = { percent: 50, move: () => Promise.resolve(moved), hold: () => Promise.resolve(gate) };
    return trafficStep(rivals, context, work).then(
      ({ decision }) => decision.verdict,
      (error: Error) => error.message,
    );
  };

  it('goes back where its gate failed, also where somebody else has just changed what it wrote', async () => {
    expect(await at('fail')).to.equal('fail');
    expect(await at('pass')).to.equal('somebody changed what we wrote');
  });
});
