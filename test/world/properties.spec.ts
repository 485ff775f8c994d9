import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/api/json.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { RELEASES } from '../../src/convert/releases.ts';
import { objectsOf as convertedObjects } from '../../src/convert/convert.ts';
import { objectsOf } from '../../src/inventory/build.ts';
import { rulesOf } from '../../src/inventory/backendRefs.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { toYamlStream } from '../../src/report/yaml.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { worlds } from './generate.ts';
import { applied, converted, pairsOf, phaseOne, type Choice, type Converted } from './migrate.ts';
import { directly, namesAlpha, namespaceOf, percentOf, restOf, sameShares, sharesOf } from './shares.ts';
import { runs } from '../support/runs.ts';

const choices: fc.Arbitrary<Choice> = fc.record({
  provider: fc.constantFrom('gke', 'istio', 'none'),
  epp: fc.constantFrom('chart', 'none'),
  release: fc.constantFrom(...RELEASES.map(({ version }) => version)),
});
const percents = fc.oneof(fc.constantFrom(0, 50, 100), fc.integer({ min: 0, max: 100 }));
const RUNS = runs(120);

/** A world behind phase 1: its routes and the pairs that they can be split by. */
const ready = fc.tuple(worlds, choices).map(([{ objects }, choice]) => {
  const then = converted(applied(objects, converted(objects, choice)), choice);
  return { routes: objectsOf(then.inventory, r.HTTP_ROUTE), pairs: pairsOf(then.inventory) };
});

/** False where a person has to decide first: on a name, on one of several v1 pools, or on one that two alpha pools share. */
function isSettled({ inventory, conversion: { units } }: Converted): boolean {
  const made = units.flatMap(({ pool }) => (pool ? [refKey(refOf(pool))] : []));
  if (made.length < units.length || new Set(made).size < made.length) return false;
  return !inventory.findings.some(({ id }) => id === 'counterpart-ambiguous');
}

// chai's own assertions are too slow for hundreds of thousands of them.
function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`it does not hold: ${what}`);
}

/** To the byte, the order of keys included. */
function same(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a === b) return;
  expect(actual).to.deep.equal(expected);
  expect(a, 'the order of keys').to.equal(b);
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder).map(canonicalJson).sort();
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inOrder(inner)]));
}

describe('any world', function () {
  this.timeout(20_000);

  it('is split without changing what must not change', () => {
    fc.assert(
      fc.property(ready, ({ routes, pairs }) => {
        for (const route of routes) {
          const namespace = namespaceOf(route);
          const rest = restOf(route, pairs);
          let now = route;
          for (const percent of [0, 10, 50, 100, 50, 0]) {
            const change = splitRoute(now, pairs, pairs, percent);
            if (change.changed)
              same(
                canonicalJson(applyJsonPatch(now, patchStep(change, '').patch)),
                canonicalJson(change.after),
              );
            now = change.after;
            same(restOf(now, pairs), rest);
            const told = new Set(change.findings.map(({ field }) => field));
            for (const [index, before] of rulesOf(route).entries()) {
              const rule = rulesOf(now)[index]!;
              const mine = pairs.filter((pair) => namesAlpha(before, pair, namespace));
              const byHand = pairs.some(({ v1 }) => namesAlpha(before, { alpha: v1, v1 }, namespace));
              if (mine.length === 0 || (percent === 0 && !byHand)) same(rule, before);
              holds(
                sameShares(sharesOf(rule, pairs, namespace), sharesOf(before, pairs, namespace)),
                'shares',
              );
              if (told.has(`spec.rules[${index}].backendRefs`)) continue;
              for (const pair of mine) {
                const share = percentOf(rule, pair, namespace);
                if (share !== null && percent > 0)
                  holds(Math.abs(share - percent) <= 0.01, `${share} of ${percent}`);
                const left = namesAlpha(rule, pair, namespace);
                if (percent === 100) holds(!left, 'nothing goes to alpha');
                else if (namesAlpha(directly(before, pairs, namespace), pair, namespace))
                  holds(left, 'alpha is named');
              }
            }
            holds(!splitRoute(now, pairs, pairs, percent).changed, 'twice is once');
          }
        }
      }),
      runs(100),
    );
  });

  it('is rolled back to the byte, whatever lay between', () => {
    const moves = fc.array(fc.tuple(percents, fc.array(fc.nat(5), { maxLength: 2 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(ready, moves, ({ routes, pairs }, path) => {
        for (const route of routes) {
          const moved = path.reduce((now, [percent, numbers]) => {
            const some = pairs.filter((_, index) => numbers.includes(index));
            return splitRoute(now, pairs, some.length > 0 ? some : pairs, percent).after;
          }, route);
          for (const known of [pairs, pairs.slice(1), []]) {
            const { after: back, findings } = rollbackRoute(moved, known);
            same(back, route);
            same(findings, []);
          }
        }
      }),
      RUNS,
    );
  });

  it('keeps the pairs that were not asked for where they are', () => {
    fc.assert(
      fc.property(ready, percents, percents, fc.nat(5), ({ routes, pairs }, first, second, number) => {
        fc.pre(pairs.length > 1);
        const one = pairs[number % pairs.length]!;
        const others = pairs.filter((pair) => pair !== one);
        for (const route of routes) {
          const namespace = namespaceOf(route);
          const before = splitRoute(route, pairs, others, first).after;
          const then = splitRoute(before, pairs, [one], second).after;
          for (const [index, rule] of rulesOf(then).entries())
            for (const pair of others) {
              const was = rulesOf(before)[index]!;
              const [is, share] = [rule, was].map((each) => percentOf(each, pair, namespace));
              if (share === null) same(is, null);
              else holds(Math.abs(is! - share!) <= 0.01, `${is} instead of ${share}`);
              const [now, then] = [rule, was].map((each) =>
                namesAlpha(directly(each, pairs, namespace), pair, namespace),
              );
              same(now, then);
            }
        }
      }),
      RUNS,
    );
  });

  it('is converted once: what is there then needs no step, and gives the same objects', () => {
    fc.assert(
      fc.property(worlds, choices, ({ objects }, choice) => {
        const first = converted(objects, choice);
        fc.pre(isSettled(first));
        const second = converted(applied(objects, first), choice);
        expect(phaseOne(second)).to.deep.equal([]);
        const own = (subject: typeof first) =>
          subject.conversion.units.flatMap(({ pool, others }) => (pool ? [pool, ...others] : []));
        expect(toYamlStream(own(second))).to.equal(toYamlStream(own(first)));
        expect(second.conversion.companions).to.be.empty;
      }),
      RUNS,
    );
  });

  it('is converted to the same bytes in whatever order it was read', () => {
    fc.assert(
      fc.property(
        worlds.chain(({ objects }) =>
          fc.tuple(fc.constant(objects), fc.shuffledSubarray([...objects], { minLength: objects.length })),
        ),
        choices,
        ([objects, shuffled], choice) => {
          const text = (all: readonly KubeObject[]) => {
            const subject = converted(structuredClone(all), choice);
            const { conversion, inventory } = subject;
            const { objects: _, ...report } = inventory;
            return [
              toYamlStream(convertedObjects(conversion)),
              JSON.stringify(phaseOne(subject)),
              // Findings and references come in the order of what was read.
              canonicalJson(inOrder([conversion.findings, report])),
            ];
          };
          expect(text(shuffled)).to.deep.equal(text(objects));
        },
      ),
      RUNS,
    );
  });

  it('is read without being changed', () => {
    fc.assert(
      fc.property(worlds, choices, ({ objects }, choice) => {
        const before = JSON.stringify(objects);
        const { inventory } = converted(objects, choice);
        const pairs = pairsOf(inventory);
        for (const route of objectsOf(inventory, r.HTTP_ROUTE))
          rollbackRoute(splitRoute(route, pairs, pairs, 100).after, pairs);
        expect(JSON.stringify(objects)).to.equal(before);
        const names = new Set(objects.map((one) => refKey(refOf(one))));
        expect(names.size, 'no two of one name').to.equal(objects.length);
      }),
      runs(80),
    );
  });
});
