import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import type { PatchStep, Step } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { concerns, splitRoute } from '../../src/traffic/split.ts';
import { shiftSteps } from '../../src/traffic/steps.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import { alphaPool, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';

const pair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const second = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const pairs = [pair, second];

type Strategy = Parameters<typeof shiftSteps>[4];

function shift(
  routes: KubeObject[],
  percent: number,
  strategy: Strategy = 'weighted',
  prewarm = true,
): readonly Step[] {
  return shiftSteps(routes, pairs, pairs, percent, strategy, prewarm).steps;
}

const brief = (steps: readonly Step[]) =>
  steps.map((step) => `${step.action} ${step.ref.name}${step.action === 'wait' ? ` ${step.condition}` : ''}`);
const patches = (steps: readonly Step[]) =>
  steps.filter((step): step is PatchStep => step.action === 'patchRoute');
const half = splitRoute(route(), pairs, pairs, 50).after;

describe('shifting traffic', () => {
  it('names the v1 pool at weight 0 first, waits for the controller, and only then moves requests', () => {
    expect(brief(shift([route()], 50))).to.deep.equal([
      'patchRoute llm-route',
      'wait llm-route routeAccepted',
      'wait food-ga poolReady',
      'patchRoute llm-route',
    ]);
  });

  it('warms all routes before the first one moves, and waits for a pool once', () => {
    const [a, b] = [route(undefined, { name: 'a' }), route(undefined, { name: 'b' })];
    expect(brief(shift([a, b], 10))).to.deep.equal([
      'patchRoute a',
      'patchRoute b',
      'wait a routeAccepted',
      'wait food-ga poolReady',
      'wait b routeAccepted',
      'patchRoute a',
      'patchRoute b',
    ]);
  });

  it('does not wait for a route that can not resolve while it names an alpha pool', () => {
    expect(brief(shift([route()], 100, 'swap'))).to.deep.equal([
      'patchRoute llm-route',
      'wait food-ga poolReady',
      'patchRoute llm-route',
    ]);
  });

  it('needs no warming where the v1 pool is named, at 0, or where nobody waits', () => {
    expect(brief(shift([half], 80))).to.deep.equal(['patchRoute llm-route']);
    expect(brief(shift([half], 0))).to.deep.equal(['patchRoute llm-route']);
    expect(brief(shift([route()], 50, 'weighted', false))).to.deep.equal(['patchRoute llm-route']);
  });

  it('does nothing to a route that is there, and nothing to any other', () => {
    expect(shift([half], 50)).to.be.empty;
    expect(shift([route([[toService()]])], 50)).to.be.empty;
    expect(shift([], 50)).to.be.empty;
  });

  for (const percent of [10, 100])
    it(`ends where one patch to ${percent} percent ends, by patches that fit onto each other`, () => {
      const subject = route([[toAlpha(), toService('other', { weight: 3 })], [toAlpha('drinks')]], {
        annotations: { a: 'b' },
      });
      const [first, then] = patches(shift([subject], percent));
      const [direct] = patches(shift([subject], percent, 'weighted', false));
      const warm = applyJsonPatch(subject, first!.patch);
      expect(warm).to.deep.equal(first!.after);
      expect(then!.before, 'decided on what the first one makes').to.deep.equal(warm);
      expect(then!.resourceVersion).to.equal('');
      expect(applyJsonPatch(warm, then!.patch)).to.deep.equal(direct!.after);
    });

  it('says what a person says yes to: the weights of every rule that changes', () => {
    const subject = route([[toService()], [toAlpha(), toService('other', { weight: 3 })]]);
    expect(shift([subject], 50).at(-1)!.reason).to.equal(
      '50 percent to v1: rule 1: food 1, food-ga 1, other 6',
    );
    expect(shift([route()], 100, 'swap').at(-1)!.reason).to.match(
      /^the v1 pool in the place of the alpha one/,
    );
  });
});

describe('a route that somebody gave to the v1 pool alone', () => {
  const canary = route([[toV1()], [toAlpha()]]);

  it('has nothing to split in that rule, at any percent', () => {
    for (const percent of [0, 10, 100]) {
      const { after } = splitRoute(canary, pairs, pairs, percent);
      expect(after['spec'].rules[0], `${percent}`).to.deep.equal(canary['spec'].rules[0]);
    }
    expect(splitRoute(route([[toV1()]]), pairs, pairs, 0).changed).to.be.false;
  });

  it('does not concern the pair; one that we moved does, and one that can not be read', () => {
    expect(concerns(route([[toV1()]]), [pair])).to.be.false;
    expect(concerns(canary, [pair])).to.be.true;
    expect(concerns(splitRoute(route(), pairs, pairs, 100).after, [pair])).to.be.true;
    expect(concerns(route([[toAlpha('drinks')]]), [pair])).to.be.false;
    const odd = { annotations: { [ORIGINAL_REFS_ANNOTATION]: '{' } };
    expect(concerns(route([[toV1()]], odd), [pair])).to.be.true;
    expect(concerns(route([[toService()]], odd), [pair])).to.be.false;
  });
});

describe('what a step says of a mirror inside of a backendRef', () => {
  const filters = [{ type: 'RequestMirror', requestMirror: { backendRef: toAlpha() } }];
  const subject = route([[toAlpha('food', { filters })]]);
  const reason = (percent: number) => shift([subject], percent, 'weighted', false).at(-1)!.reason;

  it('is nothing while it stays, though both pools carry it, and where it goes, once', () => {
    expect(reason(50)).to.equal('50 percent to v1: rule 0: food 50, food-ga 50');
    expect(reason(100)).to.equal('100 percent to v1: rule 0: food-ga 100, mirror to food-ga');
  });
});

describe('a rule that somebody gave a timeout while it was split', () => {
  it('is not pre-warmed once more: the v1 pool is named there already', () => {
    const half = splitRoute(route(), pairs, pairs, 50).after;
    const theirs = structuredClone(half);
    theirs['spec'].rules[0].timeouts = { request: '30s' };
    expect(shift([theirs], 100, 'weighted', true).map(({ action }) => action)).to.deep.equal(['patchRoute']);
  });
});
