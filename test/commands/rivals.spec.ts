import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import { EXIT, UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { RequestFailure } from '../../src/cluster/failures.ts';
import type { Context } from '../../src/commands/context.ts';
import { patiently } from '../../src/commands/patiently.ts';
import { lastWriter, Rivals } from '../../src/commands/rivals.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, rule, toAlpha, v1Pool } from '../support/objects.ts';
import { inventory as inventoryWith } from '../support/snapshot.ts';

const pool = alphaPool('food', {}, { uid: 'first' });
const counterpart = v1Pool('food-ga', {}, { annotations: { 'kubectl-infpool/migrated-from': 'food' } });
const pairs = [{ alpha: refOf(pool), v1: refOf(counterpart) }];
const at = (percent: number, subject: KubeObject) => splitRoute(subject, pairs, pairs, percent).after;

const inventoryOf = (...objects: KubeObject[]) => inventoryWith(objects);

function watching(): Rivals {
  const inventory = inventoryOf(pool, counterpart, route());
  return new Rivals(inventory.pools, inventory);
}

function failure(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('others at work while we migrate', () => {
  const half = at(50, route());

  it('none of them: nothing is said', () => {
    const rivals = watching();
    rivals.expect(50, [route()]);
    for (let looks = 0; looks < 5; looks++) rivals.look(inventoryOf(pool, counterpart, half));
    expect(rivals.added()).to.be.false;
    expect(rivals.interlocks()).to.be.empty;
  });

  it('one who puts the weights back ends it at the second look, by name, and keeps what they wrote', () => {
    const rivals = watching();
    rivals.expect(50, [route()]);
    const back = route(undefined, {
      managedFields: [
        {
          manager: 'kubectl-infpool',
          operation: 'Update',
          time: '2026-01-01T00:00:00Z',
          fieldsV1: { 'f:spec': {} },
        },
        {
          manager: 'argocd-controller',
          operation: 'Apply',
          time: '2026-01-01T00:00:09Z',
          fieldsV1: { 'f:spec': {} },
        },
      ],
    });
    const put = inventoryOf(pool, counterpart, back);
    rivals.look(put);
    const { message, hint, exitCode } = failure(() => rivals.look(put));
    expect(message).to.equal(
      'Stopped at 50 percent: rule 0 of httproutes.gateway.networking.k8s.io/llm-route in namespace llm was changed after we brought it to 50 percent, last written by argocd-controller (Apply, 2026-01-01T00:00:09Z). It was left as they made it.',
    );
    expect(hint).to.contain(
      'kubectl get -n llm httproutes.gateway.networking.k8s.io/llm-route -o yaml --show-managed-fields',
    );
    expect(exitCode).to.equal(EXIT.refused);
  });

  it('one look in the middle of a change is none, but a step does not end on it', () => {
    const rivals = watching();
    rivals.expect(50, [route()]);
    rivals.look(inventoryOf(pool, counterpart, route()));
    rivals.look(inventoryOf(pool, counterpart, half));
    rivals.look(inventoryOf(pool, counterpart, route()));
    expect(failure(() => rivals.added()).message).to.contain('by whom is not recorded');
  });

  it('one who adds a rule or a route that sends to the alpha pool: it is to be brought along', () => {
    const rivals = watching();
    rivals.expect(50, [route()]);
    const theirs = rule([toAlpha()], { matches: [{ path: { type: 'PathPrefix', value: '/new' } }] });
    const more = { ...half, spec: { ...half['spec'], rules: [...half['spec'].rules, theirs] } };
    rivals.look(inventoryOf(pool, counterpart, more));
    expect(rivals.added()).to.be.true;
    rivals.look(inventoryOf(pool, counterpart, half, route(undefined, { name: 'another' })));
    expect(rivals.added()).to.be.true;
    rivals.look(inventoryOf(pool, counterpart, half));
    expect(rivals.added()).to.be.false;
  });

  it('one who makes the pool anew with another spec ends it: v1 was made from the old one', () => {
    const rivals = watching();
    const anew = alphaPool('food', { targetPortNumber: 9999 }, { uid: 'second' });
    const { message, hint, exitCode } = failure(() => rivals.look(inventoryOf(anew, counterpart, half)));
    expect(message)
      .to.contain(
        'inferencepools.inference.networking.x-k8s.io/food in namespace llm was deleted and made again',
      )
      .and.contain('uid second');
    expect(hint).to.contain('kubectl infpool convert llm/food -o diff');
    expect(exitCode).to.equal(EXIT.refused);
  });

  it('one who makes the same pool anew stands in the way of deleting it, for the user to judge', () => {
    const rivals = watching();
    rivals.look(inventoryOf(alphaPool('food', {}, { uid: 'second' }), counterpart, half));
    const [interlock] = rivals.interlocks();
    expect(interlock).to.deep.include({ forceable: true });
    expect(interlock!.finding).to.include({ id: 'pool-recreated' });
  });

  it('a pool that is away for a moment is none of it', () => {
    const rivals = watching();
    rivals.look(inventoryOf(counterpart, half));
    expect(rivals.interlocks()).to.be.empty;
  });

  it('another run of ours is told from a controller', () => {
    const [by] = [{ manager: 'kubectl-infpool', operation: 'Update', time: 't', fieldsV1: { 'f:spec': {} } }];
    expect(lastWriter(route(undefined, { managedFields: [by!] }))).to.equal(
      'last written by another run of kubectl-infpool (Update, t)',
    );
  });
});

describe('an API server that is away while we migrate', () => {
  const away = (kind: 'unreachable' | 'lost' | 'unauthorized') =>
    new UserError('Cannot reach it', { cause: new RequestFailure(kind, 'gone', { sent: false }) });
  let now = 0;
  let said = '';
  const context = {
    now: () => new Date((now += 1000)),
    stderr: { write: (text: string) => void (said += text) },
  } as unknown as Context;
  const failing = (times: number, error: Error) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw error;
      return 'done';
    };
  };

  it('is waited for, and said once', async () => {
    said = '';
    expect(await patiently(failing(3, away('unreachable')), context, 60_000, 0)).to.equal('done');
    expect(said).to.equal('Cannot reach it; trying again for 60 s.\n');
  });

  it('that has just been started and is not ready is waited for', async () => {
    const busy = new UserError('refused', { cause: new WriteRefused(503, 'failed', 'not all paths') });
    expect(await patiently(failing(1, busy), context, 60_000, 0)).to.equal('done');
  });

  for (const [name, error, times] of [
    ['is not waited for for ever', away('lost'), 100],
    ['that refuses our credentials is not waited for', away('unauthorized'), 1],
    ['has nothing to do with a refusal', new UserError('Refused'), 1],
    ['has nothing to do with a bug', new Error('bug'), 1],
  ] as const)
    it(name, async () => {
      const error_ = await patiently(failing(times, error), context, 10_000, 0).catch(
        (thrown: unknown) => thrown,
      );
      expect(error_).to.equal(error);
    });
});
