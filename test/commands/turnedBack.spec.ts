import { expect } from 'chai';
import { EXIT } from '../../src/api/errors.ts';
import { refOf } from '../../src/api/ref.ts';
import { stopped, turnedBack } from '../../src/commands/stepEnds.ts';
import { Requests } from '../../src/rollout/requests.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { alphaPool, route, toAlpha, v1Pool } from '../support/objects.ts';
import { played } from './played.ts';

const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const gate = {
  decision: { verdict: 'fail', because: '4 of 8 requests failed' },
  requests: new Requests(),
  percent: null,
  noticedMs: null,
} as const;

describe('a gate that failed', () => {
  for (const percent of [50, 100])
    it(`takes the traffic back from a v1 pool that somebody deleted (at ${percent} percent)`, async () => {
      const split = splitRoute(route(), pairs, pairs, percent).after;
      const other = alphaPool('other');
      const bystander = splitRoute(
        route([[toAlpha('other')]], { name: 'bystander' }),
        [{ alpha: refOf(other), v1: refOf(v1Pool('other-ga')) }],
        [{ alpha: refOf(other), v1: refOf(v1Pool('other-ga')) }],
        50,
      ).after;
      const { cluster, of, context } = played([alphaPool(), other, split, bystander]);
      const args = { positionals: [], yes: true, output: 'table' };
      const ended = await turnedBack(of, args, context, { pools: ['llm/food'], summaries: [], gate });
      expect(ended).to.equal(EXIT.findings);
      expect(cluster.live(split)!['spec'].rules[0].backendRefs).to.deep.equal([toAlpha()]);
      expect(cluster.live(bystander)!['spec'], 'a route of another pool').to.deep.equal(bystander['spec']);
    });
});

describe('a gate that could neither pass nor fail', () => {
  for (const [lacks, cure] of [
    ['requests', /Give --model NAME or --address HOST:PORT/],
    ['sight', /what you may read: kubectl infpool auth migrate --check/],
    ['certainty', /See what is wrong: kubectl infpool verify;/],
  ] as const)
    it(`says what would help where there is too little of: ${lacks}`, () => {
      const { context, said } = played([]);
      const undecided = { ...gate, decision: { verdict: 'notEnough', because: 'of that', lacks } } as const;
      expect(stopped([], 10, undecided, context)).to.equal(EXIT.incomplete);
      expect(said())
        .to.match(cure)
        .and.contain('Stopped at 10 percent')
        .and.contain('kubectl infpool rollback');
    });
});
