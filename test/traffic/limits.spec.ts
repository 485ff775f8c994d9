import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { splitRoute } from '../../src/traffic/split.ts';
import { shiftSteps } from '../../src/traffic/steps.ts';
import { alphaPool, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const pair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const pairs = [pair];
const others = (count: number) => Array.from({ length: count }, (_, index) => toService(`s${index}`));

describe('a rule with 16 backendRefs, which are all that Gateway API allows', () => {
  const full = route([[toAlpha(), ...others(15)]]);

  it('has no room for the v1 pool beside the alpha one, and is told', () => {
    for (const percent of [1, 50, 'warm'] as const) {
      const { changed, findings } = splitRoute(full, pairs, pairs, percent);
      expect(changed, `${percent}`).to.be.false;
      expect(ids(findings)).to.deep.equal(['weights-not-expressible']);
      expect(findings[0]!.message).to.contain('it would have 17 backendRefs, and Gateway API allows 16');
    }
  });

  it('has room for it in the place of the alpha one, at once', () => {
    const { after, findings } = splitRoute(full, pairs, pairs, 100);
    expect(findings).to.be.empty;
    expect(after['spec'].rules[0].backendRefs).to.deep.equal([toV1('food-ga', { weight: 1 }), ...others(15)]);
    const { steps } = shiftSteps([full], pairs, pairs, 100, 'weighted', true);
    expect(steps.map(({ action }) => action)).to.deep.equal(['patchRoute']);
  });

  it('of which one is the v1 pool already can be split', () => {
    const both = route([[toAlpha(), toV1(), ...others(14)]]);
    expect(splitRoute(both, pairs, pairs, 10)).to.deep.include({ changed: true, findings: [] });
  });

  it('is one that another has just one less of', () => {
    const { after } = splitRoute(route([[toAlpha(), ...others(14)]]), pairs, pairs, 50);
    expect(after['spec'].rules[0].backendRefs).to.have.length(16);
  });
});
