import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../src/api/json.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refKey, refOf } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { destinationRuleReferences, pickerServiceOf } from '../../src/inventory/destinationRules.ts';
import { referencesOf } from '../../src/inventory/references.ts';
import { worlds } from './generate.ts';
import { applied, converted, phaseOne, type Choice } from './migrate.ts';
import { runs } from '../support/runs.ts';

const choices: fc.Arbitrary<Choice> = fc.record({
  provider: fc.constantFrom('gke', 'istio', 'none'),
  epp: fc.constantFrom('chart', 'none'),
  release: fc.constantFrom('v1.0.0', 'v1.0.1', 'v1.3.1', 'v1.5.0'),
});

interface Migrated {
  readonly before: readonly KubeObject[];
  readonly then: readonly KubeObject[];
  /** Each alpha pool with the v1 pool that it became. */
  readonly pairs: readonly { readonly alpha: KubeObject; readonly v1: KubeObject; readonly isNew: boolean }[];
  readonly choice: Choice;
}

const migrations: fc.Arbitrary<Migrated> = fc.tuple(worlds, choices).map(([{ objects }, choice]) => {
  const subject = converted(objects, choice);
  const all = subject.conversion.units.flatMap(({ alpha, pool, existing }) =>
    pool ? [{ alpha, v1: pool, isNew: !existing }] : [],
  );
  // A v1 pool that two alpha pools share has what both of them have.
  const alone = Map.groupBy(all, ({ v1 }) => refKey(refOf(v1)));
  const pairs = all.filter(({ v1 }) => alone.get(refKey(refOf(v1)))!.length === 1);
  return { before: objects, then: applied(objects, subject), pairs, choice };
});

const ofKind = (objects: readonly KubeObject[], ...kinds: r.Resource[]) =>
  objects.filter(({ kind }) => kinds.some((one) => one.kind === kind));

/** Who may refer to this pool, by all grants. */
function allowed(objects: readonly KubeObject[], pool: KubeObject): Set<string> {
  const { group } = refOf(pool);
  const sources = ofKind(objects, r.REFERENCE_GRANT).flatMap(({ metadata, spec }) => {
    const { from, to } = spec as { from: object[]; to: { group: string; kind: string; name?: string }[] };
    const isMeant = to.some(
      (one) =>
        one.group === group &&
        one.kind === pool.kind &&
        (one.name ?? pool.metadata.name) === pool.metadata.name,
    );
    return isMeant && metadata.namespace === pool.metadata.namespace ? from.map(canonicalJson) : [];
  });
  return new Set(sources);
}

/** The policies that hold for this pool. */
function held(objects: readonly KubeObject[], pool: KubeObject, ...kinds: r.Resource[]): KubeObject[] {
  const key = refKey(refOf(pool));
  return ofKind(objects, ...kinds).filter((policy) =>
    referencesOf(policy).some((one) => refKey(one.pool) === key),
  );
}

/** How many DestinationRules of a namespace are for the picker of this pool. */
function ruled(objects: readonly KubeObject[], pool: KubeObject, namespace: string): number {
  const rules = ofKind(objects, r.DESTINATION_RULE).filter(
    ({ metadata }) => metadata.namespace === namespace,
  );
  return destinationRuleReferences(rules, [pool]).length;
}

describe('after phase 1 of any world', function () {
  this.timeout(20_000);
  const check = (test: (migrated: Migrated) => void) => fc.assert(fc.property(migrations, test), runs(200));

  it('whoever may refer to an alpha pool may refer to its v1 pool, and nobody else who could not before', () => {
    check(({ before, then, pairs }) => {
      for (const { alpha, v1 } of pairs) {
        const wanted = new Set([...allowed(before, v1), ...allowed(before, alpha)]);
        expect([...allowed(then, v1)].sort()).to.deep.equal([...wanted].sort());
        expect([...allowed(then, alpha)]).to.deep.equal([...allowed(before, alpha)]);
      }
    });
  });

  it('each policy of an alpha pool has one of its kind for the v1 pool', () => {
    check(({ before, then, pairs, choice }) => {
      for (const kind of [r.HEALTH_CHECK_POLICY, r.GCP_BACKEND_POLICY])
        for (const { alpha, v1, isNew } of pairs) {
          const [was, is] = [held(before, v1, kind).length, held(then, v1, kind).length];
          const byChart = isNew && choice.epp === 'chart' && choice.provider === 'gke';
          if (byChart) expect(is).to.equal(Math.max(was, 1));
          else expect(is).to.equal(was > 0 ? was : held(before, alpha, kind).length);
          expect(held(then, alpha, kind)).to.deep.equal(held(before, alpha, kind));
        }
    });
  });

  it('lists of targets have grown by the v1 pools, where no other list has them', () => {
    check(({ before, then, pairs }) => {
      const byKey = new Map(then.map((one) => [refKey(refOf(one)), one]));
      for (const policy of ofKind(before, r.GCP_TRAFFIC_POLICY)) {
        const targets = policy['spec'].targetRefs as object[];
        const now = byKey.get(refKey(refOf(policy)))!['spec'].targetRefs as { name: string }[];
        expect(now.slice(0, targets.length)).to.deep.equal(targets);
        const wanted = pairs.filter(
          ({ alpha, v1 }) =>
            held([policy], alpha, r.GCP_TRAFFIC_POLICY).length > 0 &&
            held(before, v1, r.GCP_TRAFFIC_POLICY).length === 0,
        );
        expect(now.slice(targets.length).map(({ name }) => name)).to.include.members(
          wanted.map(({ v1 }) => v1.metadata.name),
        );
      }
      for (const { alpha, v1 } of pairs) {
        const [was, is] = [before, then].map((all) => held(all, v1, r.GCP_TRAFFIC_POLICY).length);
        expect(is).to.equal(was! > 0 ? was : held(before, alpha, r.GCP_TRAFFIC_POLICY).length);
      }
    });
  });

  it('each DestinationRule of an alpha picker has one for the v1 picker, in its own namespace', () => {
    check(({ before, then, pairs, choice }) => {
      for (const { alpha, v1, isNew } of pairs) {
        if (pickerServiceOf(alpha) === pickerServiceOf(v1)) continue;
        const byChart =
          isNew && choice.epp === 'chart' && choice.provider === 'istio' && choice.release !== 'v1.0.0';
        for (const namespace of ['llm', 'web', 'a']) {
          const charts = byChart && namespace === v1.metadata.namespace ? 1 : 0;
          const wanted = Math.max(ruled(before, v1, namespace), ruled(before, alpha, namespace), charts);
          expect(ruled(then, v1, namespace)).to.equal(wanted);
        }
      }
    });
  });

  it('nothing else was written, and nothing that is there was taken for new', () => {
    fc.assert(
      fc.property(worlds, choices, ({ objects }, choice) => {
        const there = new Set(objects.map((one) => refKey(refOf(one))));
        for (const step of phaseOne(converted(objects, choice))) {
          const key = refKey(step.ref);
          if (step.action === 'apply') {
            expect(['HTTPRoute', 'InferenceModel', 'Gateway']).not.to.include(step.ref.kind);
            expect(refKey(refOf(step.manifest))).to.equal(key);
            expect(step.live !== null, key).to.equal(there.has(key));
          }
          if (step.action === 'patch')
            expect(['ReferenceGrant', 'GCPTrafficDistributionPolicy']).to.include(step.ref.kind);
          expect(step.ref.group === r.ALPHA_GROUP && step.ref.kind === 'InferencePool', key).to.be.false;
        }
      }),
      runs(150),
    );
  });
});
