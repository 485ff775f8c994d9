import { expect } from 'chai';
import { refOf } from '../../src/api/ref.ts';
import { headerTowards } from '../../src/traffic/headers.ts';
import { alphaPool, route, rule, toAlpha, toService, toV1 } from '../support/objects.ts';

const HEADER = 'x-gateway-model-name-rewrite';
const sets = (value: string, how: 'set' | 'add' = 'set', name = HEADER) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: {
    [how]: [
      { name: 'other', value: 'x' },
      { name, value },
    ],
  },
});
const values = (...rules: NonNullable<Parameters<typeof route>[0]>) => [
  ...headerTowards(route(rules), refOf(alphaPool()), HEADER),
];

describe('the header towards a pool', () => {
  it('is what a rule or a backendRef sets or adds, by any case of its name', () => {
    expect(values(rule([toAlpha()], { filters: [sets('a')] }))).to.deep.equal(['a']);
    expect(
      values(rule([toAlpha()], { filters: [{ type: 'X' }, sets('a', 'add', HEADER.toUpperCase())] })),
    ).to.deep.equal(['a']);
    expect(values([toAlpha('food', { filters: [sets('b')] })])).to.deep.equal(['b']);
  });

  it("is the backendRef's where both set it, because that comes last", () => {
    const both = rule([toAlpha('food', { filters: [sets('b')] })], { filters: [sets('a')] });
    expect(values(both)).to.deep.equal(['b']);
  });

  it('is nothing where a way to the pool does not set it', () => {
    expect(values(rule([toAlpha()], { filters: [sets('a')] }), [toAlpha()])).to.deep.equal(['a', '']);
    expect(values(rule([toAlpha()], { filters: [sets('a', 'set', 'x-other')] }))).to.deep.equal(['']);
  });

  it('of others does not count', () => {
    expect(values(rule([toService(), toV1('food')], { filters: [sets('a')] }))).to.be.empty;
    expect(values()).to.be.empty;
  });
});
