import { expect } from 'chai';
import fc from 'fast-check';
import { refOf } from '../../src/api/ref.ts';
import { eppNameOf, nameFinding, type NameContext } from '../../src/convert/names.ts';
import { alphaPool } from '../support/objects.ts';

const alpha = refOf(alphaPool());
const free: NameContext = { takenPools: new Set(), takenEpps: new Set() };
const taken = (pools: string[], epps: string[]): NameContext => ({
  takenPools: new Set(pools),
  takenEpps: new Set(epps),
});
const long = (length: number) => 'x'.repeat(length);

/** The name that the hint says to use. */
function suggested(name: string, context = free): string | undefined {
  return /^Use --name food=([^;]*)/.exec(nameFinding(alpha, name, context)!.hint)?.[1];
}

describe('a name for the v1 pool', () => {
  for (const name of ['food-ga', 'a', 'a1', 'a-1', long(53), `${long(40)}-tail-is-cut`])
    it(`may be ${name}`, () => expect(nameFinding(alpha, name, free)).to.equal(null));

  for (const [id, name, context] of [
    ['name-too-long', long(54), free],
    ['name-taken', 'food-ga', taken(['food-ga'], [])],
    ['name-collides', 'food-ga', taken([], ['food-ga-epp'])],
    ['name-collides', `${long(40)}-b`, taken([], [`${long(40)}-epp`])],
    ['name-invalid', 'Food', free],
    ['name-invalid', 'a.b', free],
    ['name-invalid', '-a', free],
    ['name-invalid', 'a-', free],
    ['name-invalid', '7b', free],
    ['name-invalid', 'a b', free],
    ['name-invalid', '', free],
  ] as const)
    it(`may not be "${name}" (${id}), and the name in the hint works`, () => {
      const finding = nameFinding(alpha, name, context);
      expect(finding).to.include({ id, severity: 'error', ref: alpha, field: 'metadata.name' });
      const better = suggested(name, context)!;
      expect(nameFinding(alpha, better, context), better).to.equal(null);
    });

  it('gets a suggestion that keeps as much as it can', () => {
    expect(suggested(long(54))).to.equal(`${long(37)}-ga`);
    expect(suggested('food-ga', taken(['food-ga'], []))).to.equal('food-v1');
    expect(suggested('food-ga', taken(['food-ga', 'food-v1'], ['food-ga2-epp']))).to.equal('food-ga3');
    expect(suggested('Food.Review')).to.equal('food-review-ga');
    expect(suggested('7b-chat')).to.equal('pool-7b-chat-ga');
  });

  it('gets no suggestion rather than a bad one', () => {
    const all = ['-ga', '-v1', '-ga2', '-ga3', '-ga4', '-ga5'].map((ending) => `food${ending}`);
    const finding = nameFinding(alpha, 'food-ga', taken(all, []));
    expect(finding!.hint).to.match(/^Choose another: --name food=NAME/);
  });

  it('that is there already may be the very one that takes over: then it has to be told', () => {
    expect(nameFinding(alpha, 'food-ga', taken(['food-ga'], []))!.hint).to.match(/--pair food=food-ga$/);
    expect(nameFinding(alpha, 'food-ga', taken([], ['food-ga-epp']))!.hint).not.to.include('--pair');
  });

  it('that is suggested always works', () => {
    const names = fc.string({ unit: fc.constantFrom('a', 'b', '-', '0', 'Z', '.', 'ü'), maxLength: 80 });
    const sets = fc.array(names.map((name) => name.slice(0, 53)));
    fc.assert(
      fc.property(names, sets, (name, others) => {
        const context = taken(others, others.map(eppNameOf));
        const finding = nameFinding(alpha, name, context);
        if (!finding) return;
        const better = suggested(name, context);
        if (better !== undefined) expect(nameFinding(alpha, better, context), better).to.equal(null);
      }),
    );
  });

  it('makes the names that the chart makes: cut to 40, then -epp', () => {
    expect(eppNameOf('food-ga')).to.equal('food-ga-epp');
    expect(eppNameOf(long(41))).to.equal(`${long(40)}-epp`);
    // `trunc 40` without trimming, as in the chart's _helpers.tpl.
    expect(eppNameOf(`${long(39)}-b`)).to.equal(`${long(39)}--epp`);
  });
});
