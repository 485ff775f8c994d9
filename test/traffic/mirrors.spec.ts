import { expect } from 'chai';
import { canonicalJson } from '../../src/api/json.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import type { PatchStep } from '../../src/api/plan.ts';
import { refOf } from '../../src/api/ref.ts';
import { rulesOf, type BackendRef, type RouteRule } from '../../src/inventory/backendRefs.ts';
import { mirrorsOf } from '../../src/inventory/mirrors.ts';
import { readOriginals } from '../../src/traffic/original.ts';
import type { PoolPair } from '../../src/traffic/pair.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { concerns, rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { shiftSteps } from '../../src/traffic/steps.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, NS, route, rule, toAlpha, toService, toV1, v1Pool } from '../support/objects.ts';
import { ids } from '../support/snapshot.ts';

const food: PoolPair = { alpha: refOf(alphaPool()), v1: refOf(v1Pool()) };
const drinks: PoolPair = { alpha: refOf(alphaPool('drinks')), v1: refOf(v1Pool('drinks-ga')) };
const pairs = [food, drinks];

const mirror = (backendRef: BackendRef, more: object = {}) => ({
  type: 'RequestMirror',
  requestMirror: { backendRef, ...more },
});
const header = {
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-a', value: 'b' }] },
};
const split = (subject: KubeObject, percent: number, selected = pairs) =>
  splitRoute(subject, pairs, selected, percent).after;
const rollback = (subject: KubeObject, known = pairs) => rollbackRoute(subject, known);
const filtersOf = (subject: KubeObject) => rulesOf(subject).map((one) => one.filters);

/** A route of one rule with these filters; requests go to `food`. */
const mirroring = (filters: object[], refs: BackendRef[] = [toAlpha()]) => route([rule(refs, { filters })]);

function edited(subject: KubeObject, change: (only: RouteRule) => void): KubeObject {
  const copy = structuredClone(subject);
  change(rulesOf(copy)[0]!);
  return copy;
}

const originals: [string, KubeObject][] = [
  ['of a rule', mirroring([mirror(toAlpha())])],
  ['of a rule among other filters', mirroring([header, mirror(toAlpha()), mirror(toService())])],
  ['of a backendRef', route([[toAlpha('food', { filters: [mirror(toAlpha())] })]])],
  ['of another backendRef', route([[toAlpha(), toService('x', { filters: [header, mirror(toAlpha())] })]])],
  ['of both', mirroring([mirror(toAlpha())], [toService('x', { filters: [mirror(toAlpha())] })])],
  ['and nothing else to the pool', mirroring([mirror(toAlpha())], [toService()])],
  ['and no backend at all', route([{ matches: [], filters: [mirror(toAlpha())] }])],
  ['with a percent', mirroring([mirror(toAlpha(), { percent: 42 })])],
  ['with a fraction', mirroring([mirror(toAlpha(), { fraction: { numerator: 1, denominator: 1000 } })])],
  ['with port and namespace', mirroring([mirror(toAlpha('food', { port: 8000, namespace: NS }))])],
  ['several', mirroring([mirror(toAlpha(), { percent: 1 }), mirror(toAlpha(), { percent: 2 })])],
  ['of several pools', mirroring([mirror(toAlpha('drinks')), mirror(toAlpha()), mirror(toAlpha('drinks'))])],
  ['beside one to v1 by hand', mirroring([mirror(toV1()), mirror(toAlpha())])],
  ['from another namespace', abroad()],
  ['in several rules', route([rule([toAlpha()]), rule([toService()], { filters: [mirror(toAlpha())] })])],
];

/** A route of another namespace, which mirrors to the pool and to a namesake of its own. */
function abroad(): KubeObject {
  const there = toAlpha('food', { namespace: NS });
  return route([rule([there], { filters: [mirror(there), mirror(toAlpha())] })], { namespace: 'web' });
}

describe('a mirror to an alpha pool', () => {
  for (const [what, original] of originals) {
    it(`stays below 100 percent: ${what}`, () => {
      for (const percent of [0, 10, 99]) {
        const after = split(original, percent);
        expect(filtersOf(after), `${percent}`).to.deep.equal(filtersOf(original));
        for (const [index, one] of rulesOf(after).entries())
          expect(mirrored(one)).to.deep.equal(mirrored(rulesOf(original)[index]!));
      }
    });

    it(`goes over with the last percent, and nothing but its pool: ${what}`, () => {
      const after = split(original, 100);
      expect(toPools(after, 'x-k8s.io', NS)).to.equal(0);
      expect(neutral(after['spec'])).to.equal(neutral(original['spec']));
    });

    it(`comes back exactly, by any way: ${what}`, () => {
      for (const path of [[100], [50, 100], [100, 50], [0, 100, 0, 100], [10, 50, 100, 50, 0]]) {
        const moved = path.reduce((subject, percent) => split(subject, percent), original);
        for (const known of [pairs, [], [food], [drinks]]) {
          const { after, findings } = rollback(moved, known);
          expect(JSON.stringify(after), path.join()).to.equal(JSON.stringify(original));
          expect(findings).to.be.empty;
        }
        expect(JSON.stringify(split(moved, 0))).to.equal(JSON.stringify(original));
      }
    });

    it(`is where it should be already, the second time: ${what}`, () => {
      for (const percent of [0, 50, 100])
        expect(splitRoute(split(original, percent), pairs, pairs, percent).changed, `${percent}`).to.be.false;
    });

    it(`is patched by operations that make what was planned: ${what}`, () => {
      for (const [from, to] of [
        [0, 100],
        [100, 0],
        [50, 100],
        [100, 50],
      ] as const) {
        const before = split(original, from);
        const change = splitRoute(before, pairs, pairs, to);
        if (change.changed)
          expect(applyJsonPatch(before, patchStep(change, '').patch)).to.deep.equal(change.after);
      }
    });
  }

  it('of another pair stays, and so does one to something else', () => {
    const others = [mirror(toAlpha('drinks')), mirror(toService()), mirror(toAlpha('unknown'))];
    const after = split(mirroring([mirror(toAlpha()), ...others]), 100, [food]);
    expect(filtersOf(after)).to.deep.equal([[mirror(toV1()), ...others]]);
  });

  it('of a pair that went before stays gone while another moves', () => {
    const original = mirroring([mirror(toAlpha()), mirror(toAlpha('drinks'))], [toService()]);
    const first = split(original, 100, [food]);
    for (const percent of [0, 50, 100]) {
      const second = split(first, percent, [drinks]);
      expect(filtersOf(second)![0]![0], `${percent}`).to.deep.equal(mirror(toV1()));
      expect(rollback(second).after).to.deep.equal(original);
    }
  });

  it('of a pair that somebody set on v1 by hand stays while another moves', () => {
    const byHand = mirroring([mirror(toAlpha())], [toV1(), toAlpha('drinks')]);
    for (const percent of [50, 100])
      expect(filtersOf(split(byHand, percent, [drinks]))).to.deep.equal(filtersOf(byHand));
    const both = mirroring([mirror(toAlpha()), mirror(toV1())], [toAlpha('drinks')]);
    expect(filtersOf(split(both, 100, [drinks]))).to.deep.equal(filtersOf(both));
  });
});

describe('a mirror to a v1 pool that somebody made', () => {
  for (const refs of [[toAlpha()], [toService()], [toV1()]])
    it(`is never touched, beside ${refs[0]!.kind} ${refs[0]!.name}`, () => {
      const original = mirroring([mirror(toV1(), { percent: 5 })], refs);
      for (const percent of [0, 50, 100]) {
        const moved = split(original, percent);
        expect(filtersOf(moved), `${percent}`).to.deep.equal(filtersOf(original));
        expect(rollback(moved).after).to.deep.equal(original);
      }
    });

  it('is nothing to split by itself', () => {
    const shadow = mirroring([mirror(toV1())], [toService()]);
    expect(concerns(shadow, pairs)).to.be.false;
    expect(concerns(mirroring([mirror(toAlpha())], [toService()]), pairs)).to.be.true;
    expect(concerns(split(mirroring([mirror(toAlpha())], [toService()]), 100), pairs)).to.be.true;
  });

  it('is told from one that we moved, whatever else changed', () => {
    for (const filters of [
      [mirror(toV1()), mirror(toAlpha())],
      [mirror(toAlpha()), mirror(toV1())],
    ]) {
      const moved = edited(split(mirroring(filters), 100), (only) => only.filters!.unshift(header));
      expect(filtersOf(rollback(moved).after)).to.deep.equal([[header, ...filters]]);
    }
  });
});

describe('filters that somebody changed after mirrors were moved', () => {
  const original = mirroring([mirror(toAlpha()), mirror(toAlpha('drinks'))]);
  const moved = split(original, 100);

  for (const [what, change, expected] of [
    ['added', (all: object[]) => [header, ...all], [header, mirror(toAlpha()), mirror(toAlpha('drinks'))]],
    ['removed', ([, second]: object[]) => [second!], [mirror(toAlpha('drinks'))]],
    ['all removed', () => [], []],
    ['gone', () => undefined, undefined],
    ['in another order', ([a, b]: object[]) => [b!, a!], [mirror(toAlpha('drinks')), mirror(toAlpha())]],
    [
      'sent elsewhere',
      ([, second]: object[]) => [mirror(toV1('debug')), second!],
      [mirror(toV1('debug')), mirror(toAlpha('drinks'))],
    ],
    [
      'sent to a Service',
      ([first]: object[]) => [first!, mirror(toService())],
      [mirror(toAlpha()), mirror(toService())],
    ],
    [
      'given a percent',
      ([first, second]: object[]) => [
        first!,
        { ...second, requestMirror: { ...mirror(toV1('drinks-ga')).requestMirror, percent: 3 } },
      ],
      [mirror(toAlpha()), mirror(toV1('drinks-ga'), { percent: 3 })],
    ],
  ] as [string, (all: object[]) => object[], object[] | undefined][])
    it(`keep what is theirs at a rollback, and only our moves are undone: ${what}`, () => {
      const theirs = edited(moved, (only) => {
        only.filters = change(only.filters as object[]);
      });
      expect(filtersOf(rollback(theirs).after)).to.deep.equal([expected]);
      expect(filtersOf(split(theirs, 50))).to.deep.equal([expected]);
    });

  it('come back by their place where nobody knows the pairs any more', () => {
    const theirs = edited(moved, (only) => only.filters!.unshift(header));
    expect(filtersOf(rollback(theirs, []).after)).to.deep.equal([
      [header, mirror(toAlpha()), mirror(toAlpha('drinks'))],
    ]);
  });

  it('of a backendRef come back though its rule has other weights now', () => {
    const subject = route([[toAlpha(), toService('x', { weight: 3, filters: [mirror(toAlpha())] })]]);
    const theirs = edited(split(subject, 100), (only) => {
      only.backendRefs![1]!.weight = 30;
    });
    const { after, findings } = rollback(theirs);
    expect(rulesOf(after)[0]!.backendRefs![1]).to.deep.equal(
      toService('x', { weight: 30, filters: [mirror(toAlpha())] }),
    );
    expect(ids(findings)).to.deep.equal(['route-changed-since-split']);
    expect(toPools(after, 'inference.networking.k8s.io')).to.equal(0);
  });
});

describe('what is remembered of mirrors', () => {
  it('is the filters of the rule, and only where they moved', () => {
    const remembered = (subject: KubeObject) => {
      const found = readOriginals(subject);
      return found.state === 'ok' ? found.rules.map((one) => one.filters) : found.state;
    };
    expect(remembered(split(mirroring([mirror(toAlpha())]), 100))).to.deep.equal([[mirror(toAlpha())]]);
    expect(remembered(split(mirroring([mirror(toAlpha())]), 50))).to.deep.equal([undefined]);
    expect(remembered(split(mirroring([header]), 100))).to.deep.equal([undefined]);
  });

  it('is not used where it is no list', () => {
    const moved = split(mirroring([mirror(toAlpha())]), 100);
    const text = moved.metadata.annotations![ORIGINAL_REFS_ANNOTATION]!;
    moved.metadata.annotations![ORIGINAL_REFS_ANNOTATION] = text.replace(
      /"filters":\[/,
      '"filters":"","other":[',
    );
    expect(ids(rollback(moved).findings)).to.deep.equal(['original-refs-unreadable']);
  });
});

describe('the patch of a route with mirrors', () => {
  const paths = (step: PatchStep) => step.patch.map(({ op, path }) => `${op} ${path}`);
  const subject = route([rule([toService()]), rule([toService()], { filters: [mirror(toAlpha())] })]);

  it('has the rules whose mirrors move, our annotation, and nothing else', () => {
    expect(paths(patchStep(splitRoute(subject, pairs, pairs, 100), ''))).to.deep.equal([
      'replace /metadata/resourceVersion',
      'replace /spec/rules/1/filters',
      'add /metadata/annotations',
    ]);
    expect(paths(patchStep(rollbackRoute(split(subject, 100), pairs), ''))).to.deep.equal([
      'replace /metadata/resourceVersion',
      'replace /spec/rules/1/filters',
      'remove /metadata/annotations',
    ]);
  });

  it('needs no warming where nothing but mirrors move, and says where they go', () => {
    const { steps } = shiftSteps([subject], pairs, pairs, 100, 'weighted', true);
    expect(steps.map(({ action, reason }) => `${action}: ${reason}`)).to.deep.equal([
      'patchRoute: 100 percent to v1: rule 1: mirror to food-ga',
    ]);
    expect(splitRoute(subject, pairs, pairs, 100).raisesV1).to.be.true;
    expect(splitRoute(split(subject, 100), pairs, pairs, 0).raisesV1).to.be.false;
  });
});

function mirrored(one: RouteRule): string[] {
  return [...new Set(mirrorsOf(one, NS).map(({ pool }) => `${pool.group}/${pool.name}`))];
}

/** How many refs and mirrors go to pools of this group (of this namespace). */
function toPools(subject: KubeObject, group: string, namespace?: string): number {
  let count = 0;
  JSON.stringify(subject['spec'], (_key, value: { group?: string; namespace?: string } | null) => {
    const there = value?.namespace ?? subject.metadata.namespace;
    if (value?.group?.endsWith(group) && (namespace === undefined || there === namespace)) count++;
    return value;
  });
  return count;
}

function neutral(value: unknown): string {
  return canonicalJson(value)
    .replace(/inference\.networking\.(x-)?k8s\.io/g, 'GROUP')
    .replace(/-ga"/g, '"')
    .replace(/,?"weight":\d+/g, '');
}
