import { expect } from 'chai';
import fc from 'fast-check';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf, weightOf, type BackendRef } from '../../src/inventory/backendRefs.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { splitRefs } from '../../src/traffic/rule.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, NS, route, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { runs } from '../support/runs.ts';

const pair = { alpha: refOf(alphaPool('pool')), v1: refOf(v1Pool('pool')) }; // of one name, on purpose
const second = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const pairs = [pair, second];

const weight = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.constantFrom(0, 1, 999_999, 1_000_000),
);
const percents = fc.integer({ min: 0, max: 100 });

// What people write: a weight or none, a port, filters, the namespace spelled out.
function backend(make: (more: Partial<BackendRef>) => BackendRef): fc.Arbitrary<BackendRef> {
  return fc
    .record(
      { weight, port: fc.constant<number>(8000), filters: fc.constant<unknown[]>([{ type: 'X' }]) },
      { requiredKeys: [] },
    )
    .map((more) => make(more));
}

const third = fc
  .integer({ min: 0, max: 3 })
  .chain((number) =>
    backend((more) => (number === 0 ? toService('pool', more) : toAlpha(`third-${number}`, more))),
  );

/** The backendRefs of a rule: the pair's two pools (one of them at least), others, in any order. */
function refs(alphaName: string, v1Name: string): fc.Arbitrary<BackendRef[]> {
  return fc
    .tuple(
      fc.option(backend((more) => toAlpha(alphaName, more))),
      fc.option(backend((more) => toV1(v1Name, more))),
      fc.array(third, { maxLength: 3 }),
    )
    .filter(([alpha, v1]) => alpha !== null || v1 !== null)
    .map(([alpha, v1, others]) => [alpha, v1, ...others].filter((one) => one !== null))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
}

const routes = fc
  .array(fc.oneof(refs('pool', 'pool'), refs('drinks', 'drinks-ga'), fc.array(third, { maxLength: 2 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((rules) => route(rules));

const sum = (list: readonly BackendRef[]) => list.reduce((total, one) => total + weightOf(one), 0);
const isMine = (one: BackendRef) => one.kind === 'InferencePool' && one.name === 'pool';
const isV1 = (one: BackendRef) => isMine(one) && one.group === pair.v1.group;

describe('splitting any rule', () => {
  it('reaches the percent within 0.01, with whole weights that Gateway API takes, and moves no other share', () => {
    fc.assert(
      fc.property(refs('pool', 'pool'), percents, (original, percent) => {
        const result = splitRefs(original, pair, percent, NS);
        if ('problem' in result) return;
        const after = result.refs;
        for (const one of after.filter((candidate) => candidate.weight !== undefined)) {
          expect(Number.isInteger(one.weight)).to.be.true;
          expect(one.weight).to.be.within(0, 1_000_000);
        }
        const mine = after.filter(isMine);
        const total = sum(original.filter(isMine));
        if (total === 0) expect(sum(mine)).to.equal(0);
        else expect((100 * sum(mine.filter(isV1))) / sum(mine)).to.be.closeTo(percent, 0.01);
        if (percent === 100) expect(mine.every(isV1)).to.be.true;

        const others = original.filter((one) => !isMine(one));
        const left = after.filter((one) => !isMine(one));
        expect(left.map((one) => ({ ...one, weight: 0 }))).to.deep.equal(
          others.map((one) => ({ ...one, weight: 0 })),
        );
        const factor = sum(others) === 0 ? 1 : sum(left) / sum(others);
        expect(left.map(weightOf)).to.deep.equal(others.map((one) => weightOf(one) * factor));
        if (sum(others) > 0 && total > 0) expect(sum(mine)).to.equal(total * factor);
      }),
      runs(250),
    );
  });

  it('can always be done at 0 and 100 where the weights have room', () => {
    fc.assert(
      fc.property(refs('pool', 'pool'), fc.constantFrom(0, 100), (original, percent) => {
        fc.pre(sum(original.filter(isMine)) <= 1_000_000);
        expect(splitRefs(original, pair, percent, NS)).to.have.property('refs');
      }),
    );
  });
});

describe('splitting any route', () => {
  const split = (subject: ReturnType<typeof route>, percent: number, selected = pairs) =>
    splitRoute(subject, pairs, selected, percent).after;
  const somePairs = fc.constantFrom([pair], [second], pairs);

  it('and rolling back gives exactly the original, whatever lay between', () => {
    fc.assert(
      fc.property(routes, fc.array(fc.tuple(percents, somePairs), { maxLength: 4 }), (original, path) => {
        const moved = path.reduce(
          (subject, [percent, selected]) => split(subject, percent, selected),
          original,
        );
        expect(rollbackRoute(moved, pairs).after).to.deep.equal(original);
        expect(rollbackRoute(moved, []).after, 'without knowing the pairs').to.deep.equal(original);
      }),
      runs(150),
    );
  });

  it('twice is once', () => {
    fc.assert(
      fc.property(routes, percents, somePairs, (original, percent, selected) => {
        const once = split(original, percent, selected);
        expect(splitRoute(once, pairs, selected, percent).changed).to.be.false;
      }),
      runs(150),
    );
  });

  it('and then at 0 gives exactly the original where it sent nothing to v1', () => {
    fc.assert(
      fc.property(routes, percents, (original, percent) => {
        const v1s = rulesOf(original).flatMap((one) =>
          one.backendRefs!.filter(({ group }) => group === pair.v1.group),
        );
        fc.pre(v1s.every((one) => weightOf(one) === 0));
        expect(split(split(original, percent), 0)).to.deep.equal(original);
      }),
      runs(150),
    );
  });

  it('depends on the original only, not on the way', () => {
    fc.assert(
      fc.property(routes, percents, percents, (original, from, to) => {
        const problems = [from, to].some(
          (percent) => splitRoute(original, pairs, pairs, percent).findings.length > 0,
        );
        fc.pre(!problems);
        expect(split(split(original, from), to)).to.deep.equal(split(original, to));
      }),
      runs(150),
    );
  });

  it('is a patch that makes of the route what was planned', () => {
    fc.assert(
      fc.property(routes, percents, percents, (original, from, to) => {
        for (const subject of [original, split(original, from)]) {
          for (const change of [splitRoute(subject, pairs, pairs, to), rollbackRoute(subject, pairs)])
            if (change.changed)
              expect(applyJsonPatch(subject, patchStep(change, '').patch)).to.deep.equal(change.after);
        }
      }),
      runs(100),
    );
  });
});
