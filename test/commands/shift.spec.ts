import { expect } from 'chai';
import { WriteRefused } from '../../src/api/cluster.ts';
import { UserError } from '../../src/api/errors.ts';
import { refOf } from '../../src/api/ref.ts';
import type { Args } from '../../src/commands/command.ts';
import type { Context } from '../../src/commands/context.ts';
import { shift } from '../../src/commands/shift.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, gateway, gatewayClass, route, rule, toAlpha, toV1, v1Pool } from '../support/objects.ts';
import { played } from './played.ts';

// A run that was killed left the v1 pool at weight 0 in it.
const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const warm = splitRoute(route(), pairs, pairs, 'warm').after;
const around = [alphaPool(), v1Pool(), gateway(), gatewayClass()];

function failing(args: Partial<Args>, subject = warm, more: Partial<Context> = {}) {
  const stand = played([...around, subject], { interactive: true, ...more });
  const request = { percent: 50, routes: [], pools: [], strategy: 'auto', confirmed: false } as const;
  const all = { positionals: [], force: true, output: 'table', ...args };
  const end = shift(stand.of, all, stand.context, request).then(
    () => expect.fail('it should have failed'),
    (error: unknown) => {
      expect(error).to.be.instanceOf(UserError);
      return (error as UserError).message;
    },
  );
  return { ...stand, end };
}

describe('a shift that fails', () => {
  it('writes nothing after a no, and nothing where nobody can be asked', async () => {
    const no = failing({});
    expect(await no.end).to.equal('Stopped: nothing was written.');
    expect(no.cluster.writes).to.be.empty;
    const nobody = failing({}, warm, { interactive: false });
    expect(await nobody.end).to.match(/^Refused: nothing was written/);
    expect(nobody.cluster.writes).to.be.empty;
  });

  it('writes nothing in a dry run', async () => {
    const { cluster, end } = failing({ 'dry-run': 'server' });
    let once = true;
    cluster.before = () => {
      if (!once) return;
      once = false;
      throw new WriteRefused(403, 'forbidden', 'admission webhook "no.example" denied the request');
    };
    expect(await end).to.contain('refused to write');
    expect(cluster.writes).to.be.empty;
  });

  it('takes the weight-0 refs back, and no traffic of other rules', async () => {
    const ten = rule([toAlpha('food', { weight: 90 }), toV1('food-ga', { weight: 10 })], {
      matches: [{ path: { value: '/v2' } }],
    });
    const { cluster, end, said } = failing({ yes: true }, route([[toAlpha()], ten]));
    cluster.waitFor = () => Promise.reject(new UserError('Timed out', { exitCode: 124 }));
    expect(await end).to.equal('Timed out');
    const [first, second] = cluster.live(warm)!['spec'].rules as { backendRefs: unknown[] }[];
    expect(first!.backendRefs).to.deep.equal([toAlpha()]);
    expect(second!.backendRefs).to.deep.equal(ten.backendRefs);
    expect(said()).to.contain('The weight-0 refs were taken back; the routes are as before.');
  });
});
