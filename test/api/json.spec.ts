import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/api/json.ts';

/** The same value with the keys of every object the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe('canonical JSON', () => {
  it('is equal for equal values, whatever the order of their keys, and still JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(turned(value))).to.equal(text);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('differs for different values, and for lists in another order', () => {
    expect(canonicalJson({ a: 1 })).not.to.equal(canonicalJson({ a: '1' }));
    expect(canonicalJson([1, 2])).not.to.equal(canonicalJson([2, 1]));
  });
});
