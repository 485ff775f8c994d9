import { expect } from 'chai';
import type { KubeObject } from '../../../src/api/object.ts';
import type { ApplyStep } from '../../../src/api/plan.ts';
import * as r from '../../../src/api/resource.ts';
import { alphaChartPolicies, chartPolicies } from '../../../src/convert/chartObjects.ts';
import { releaseOf } from '../../../src/convert/releases.ts';
import { alphaPool, byHelm, NS, policy, toAlpha, toService, toV1, v1Pool } from '../../support/objects.ts';
import { ids } from '../../support/snapshot.ts';
import { afterwards, brief, pairOf } from './pair.ts';
import { made, none, traffic } from './policy.ts';

const health = (
  target = toAlpha(),
  fields: object = { default: { config: { type: 'TCP' } } },
  name = target.name,
) => policy(r.HEALTH_CHECK_POLICY, target, { spec: { targetRef: target, ...fields } }, { name });
const backend = (target = toAlpha(), fields: object = { default: { timeoutSec: 7 } }, name = target.name) =>
  policy(r.GCP_BACKEND_POLICY, target, { spec: { targetRef: target, ...fields } }, { name });
/** As the chart of this version made the alpha pool and its policies. */
const helmed = (version?: string) => {
  const labels = version ? { 'app.kubernetes.io/version': version } : {};
  const alpha = alphaPool('food', {}, byHelm('food', { namespace: NS, labels }));
  return { alpha, policies: alphaChartPolicies(alpha) };
};

describe("GKE's policies with one target", () => {
  it('get a twin for the v1 pool, with all that they say', () => {
    const target = toAlpha('food', { namespace: NS });
    const { companions, manifests } = made([health(target), backend(target)]);
    expect(brief(companions)).to.deep.equal([
      'apply HealthCheckPolicy food-ga',
      'apply GCPBackendPolicy food-ga',
    ]);
    expect(manifests[1]).to.deep.equal({
      apiVersion: 'networking.gke.io/v1',
      kind: 'GCPBackendPolicy',
      metadata: { name: 'food-ga', namespace: NS },
      spec: { targetRef: toV1('food-ga', { namespace: NS }), default: { timeoutSec: 7 } },
    });
    expect((companions[0]!.step as ApplyStep).live).to.equal(null);
  });

  it('leave what tools wrote behind', () => {
    const subject = health();
    subject.metadata = byHelm('food', {
      ...subject.metadata,
      uid: 'u',
      resourceVersion: '1',
    }) as KubeObject['metadata'];
    subject.metadata.annotations!['team'] = 'a';
    expect(made([subject]).manifests[0]!.metadata).to.deep.equal({
      name: 'food-ga',
      namespace: NS,
      annotations: { team: 'a' },
    });
  });

  for (const [what, subject] of [
    ['a Service', health(toService('food'))],
    ['the v1 pool', health(toV1('food'))],
    ['a pool that is not converted', health(toAlpha('drinks'))],
    ['a pool of another namespace', { ...health(), metadata: { name: 'food', namespace: 'other' } }],
  ] as [string, KubeObject][])
    it(`get none where the target is ${what}`, () => expect(made([subject])).to.deep.include(none));

  for (const [what, name, taken, expected] of [
    ['the v1 pool, where the alpha one is after the alpha pool', 'food', [], 'food-ga'],
    ['the alpha one else', 'probe-preview', [], 'probe-ga'],
    ['pool and kind where that is taken', 'probe', ['probe-ga'], 'food-ga-healthcheckpolicy'],
    ['these and a number', 'food', ['food-ga', 'food-ga-healthcheckpolicy'], 'food-ga-healthcheckpolicy-2'],
  ] as [string, string, string[], string][])
    it(`get a twin named after ${what}`, () => {
      const others = taken.map((one) => health(toService('x'), {}, one));
      expect(brief(made([health(toAlpha(), {}, name), ...others]).companions)).to.deep.equal([
        `apply HealthCheckPolicy ${expected}`,
      ]);
    });

  it('get names of their own where two of a kind would have one', () => {
    const pairs = [pairOf(alphaPool('a')), pairOf(alphaPool('b'))];
    const { companions } = made(
      [health(toAlpha('a'), {}, 'b'), health(toAlpha('b'), {}, 'b-preview')],
      pairs,
    );
    expect(brief(companions)).to.deep.equal([
      'apply HealthCheckPolicy b-ga',
      'apply HealthCheckPolicy b-ga-healthcheckpolicy',
    ]);
  });

  it('share a name with one of another kind or namespace', () => {
    const others = [
      backend(toService('x'), {}, 'food-ga'),
      { ...health(toService('x'), {}, 'food-ga'), metadata: { name: 'food-ga', namespace: 'other' } },
    ];
    expect(brief(made([health(), ...others]).companions)).to.deep.equal(['apply HealthCheckPolicy food-ga']);
  });
});

describe("GKE's policies where the chart makes some for the v1 pool", () => {
  for (const version of [undefined, 'v0.3.0', 'v0.4.0', 'v0.5.1'])
    for (const release of ['v1.0.0', 'v1.3.1'])
      it(`get none where they are as the chart of ${version ?? 'an unknown version'} made them, for ${release}`, () => {
        const { alpha, policies } = helmed(version);
        expect(made(policies, [pairOf(alpha, { provider: 'gke', release })])).to.deep.include(none);
      });

  it('get twins, untouched or not, where the chart is not run', () => {
    const { alpha, policies } = helmed('v0.3.0');
    for (const provider of ['gke', 'none'] as const)
      expect(brief(made(policies, [pairOf(alpha, { provider, byChart: false })]).companions)).to.deep.equal([
        'apply HealthCheckPolicy food-ga',
        'apply GCPBackendPolicy food-ga',
      ]);
  });

  it('get twins where the chart is run for another provider', () => {
    const { alpha, policies } = helmed('v0.3.0');
    for (const provider of ['none', 'istio'] as const)
      expect(made(policies, [pairOf(alpha, { provider, byChart: true })]).companions).to.have.length(2);
  });

  it("probe no longer than from one probe to the next, where the chart's pace meets a person's", () => {
    const pair = pairOf(alphaPool(), { provider: 'gke', release: 'v1.0.1' });
    const paceOf = (own: object) => {
      const { manifests } = made(
        [health(toAlpha(), { default: { ...own, config: { type: 'TCP' } } })],
        [pair],
      );
      const { timeoutSec, checkIntervalSec } = manifests[0]!['spec'].default;
      return [timeoutSec, checkIntervalSec];
    };
    expect(paceOf({ timeoutSec: 5 })).to.deep.equal([5, 5]);
    expect(paceOf({ timeoutSec: 5, checkIntervalSec: 9 })).to.deep.equal([5, 9]);
    expect(paceOf({ timeoutSec: 1 })).to.deep.equal([1, undefined]);
    expect(paceOf({})).to.deep.equal([undefined, undefined]);
  });

  it("have what a person changed carried over to the chart's new one", () => {
    const { alpha, policies } = helmed('v0.4.0');
    policies[1]!['spec'].default.timeoutSec = 3600;
    policies[1]!.metadata.name = 'by-hand';
    const { companions, manifests } = made(policies, [pairOf(alpha, { provider: 'gke' })]);
    expect(brief(companions)).to.deep.equal(['force GCPBackendPolicy food-ga']);
    expect(manifests[0]!['spec']).to.deep.equal({
      targetRef: toV1('food-ga'),
      default: { timeoutSec: 3600, logging: { enabled: true } },
    });
    expect((companions[0]!.step as ApplyStep).live).to.equal(null);
  });

  it("are left to the chart where its new defaults say what a person's change said", () => {
    const { alpha, policies } = helmed('v0.3.0');
    policies[1]!['spec'].default.logging = { enabled: true };
    expect(made(policies, [pairOf(alpha, { provider: 'gke' })])).to.deep.include(none);
  });

  it('get a twin in any case where the chart makes none of the kind', () => {
    const subject = { ...health(), kind: 'GCPTrafficDistributionPolicy' };
    expect(brief(made([subject], [pairOf(alphaPool(), { provider: 'gke' })]).companions)).to.deep.equal([
      'apply GCPTrafficDistributionPolicy food-ga',
    ]);
  });

  it('take the port of the pool for a default, not any other', () => {
    const alpha = alphaPool('food', { targetPortNumber: 8080 });
    const [probe] = alphaChartPolicies(alphaPool('food', { targetPortNumber: 8000 }));
    const v1 = v1Pool('food-ga', { targetPorts: [{ number: 8080 }] });
    expect(made([probe!], [pairOf(alpha, { provider: 'gke' }, v1)]).companions).to.have.length(1);
  });
});

describe('a policy that the v1 pool has already', () => {
  for (const [what, live] of [
    ['the same', health(toV1('food-ga'), undefined, 'mine')],
    ['the same and more', health(toV1('food-ga'), { default: { config: { type: 'TCP' }, timeoutSec: 1 } })],
  ] as [string, KubeObject][])
    it(`is kept where it says ${what}`, () => expect(made([health(), live])).to.deep.include(none));

  it('is kept where it says something else, and named', () => {
    const live = health(toV1('food-ga'), { default: { config: { type: 'HTTP' } } }, 'mine');
    const { companions, findings } = made([health(), live]);
    expect(companions).to.be.empty;
    expect(ids(findings)).to.deep.equal(['companion-differs']);
    expect(findings[0]).to.deep.include({ severity: 'warning', field: 'spec' });
    expect(findings[0]!.ref).to.include({ name: 'mine', kind: 'HealthCheckPolicy' });
    expect(findings[0]!.hint).to.contain('healthcheckpolicies.networking.gke.io/mine');
  });

  it("is kept without a word where the alpha one is the chart's own, untouched", () => {
    const { alpha, policies } = helmed();
    const live = [health(toV1('food-ga')), backend(toV1('food-ga'))];
    expect(made([...policies, ...live], [pairOf(alpha)])).to.deep.include(none);
  });

  it("is written over where it is the chart's own, untouched: a run was interrupted behind helm", () => {
    const { alpha, policies } = helmed();
    policies[1]!['spec'].default.timeoutSec = 3600;
    const pair = pairOf(alpha, { provider: 'gke', byChart: false });
    const live = chartPolicies(releaseOf('v1.3.1'), 'gke', pair.v1);
    const { companions } = made([...policies, ...live], [pair]);
    expect(brief(companions)).to.deep.equal(['force GCPBackendPolicy food-ga']);
    expect((companions[0]!.step as ApplyStep).live).to.equal(live[1]);
  });

  it('stands for what it says the same as, whichever comes first', () => {
    const [quick, slow] = [{ default: { timeoutSec: 1 } }, { default: { timeoutSec: 9 } }];
    const alphas = [backend(toAlpha(), quick, 'a'), backend(toAlpha(), slow, 'b')];
    const live = [backend(toV1(), slow, 'x'), backend(toV1(), quick, 'y')];
    for (const all of [
      [...alphas, ...live],
      [...alphas.toReversed(), ...live],
    ])
      expect(made(all)).to.deep.include(none);
    const health_ = health(toV1(), { default: { timeoutSec: 9 } }, 'h');
    expect(ids(made([alphas[1]!, health_, live[1]!]).findings), 'never one of another kind').to.deep.equal([
      'companion-differs',
    ]);
  });

  it("is not the chart's where somebody changed it", () => {
    const { alpha, policies } = helmed();
    policies[1]!['spec'].default.timeoutSec = 3600;
    const pair = pairOf(alpha, { provider: 'gke', byChart: false });
    const live = chartPolicies(releaseOf('v1.3.1'), 'gke', pair.v1);
    live[1]!['spec'].default.timeoutSec = 5;
    const { companions, findings } = made([...policies, ...live], [pair]);
    expect(companions).to.be.empty;
    expect(ids(findings)).to.deep.equal(['companion-differs']);
  });

  it('says what it is for', () => {
    const reasons = made([health(), traffic([toAlpha()])]).companions.map(({ step }) => step.reason);
    expect(reasons).to.deep.equal([
      'what healthcheckpolicies.networking.gke.io/food in namespace llm says for the alpha pool, for the v1 one',
      'it then holds for the v1 pool too',
    ]);
  });

  it('of another kind stands for none', () => {
    expect(brief(made([health(), backend(toV1('food-ga'))]).companions)).to.deep.equal([
      'apply HealthCheckPolicy food-ga',
    ]);
  });

  it('is not made again', () => {
    const policies = [health(toAlpha(), undefined, 'probe'), backend(), traffic([toAlpha(), toService()])];
    const after = afterwards(policies, made(policies).companions);
    expect(after).to.have.length(5);
    expect(made(after)).to.deep.include(none);
  });

  it('stands for the one of two that it is like', () => {
    const two = [backend(toAlpha(), { default: { timeoutSec: 1 } }, 'p1'), backend()];
    const after = afterwards(two, made(two).companions);
    expect(after.map(({ metadata }) => metadata.name)).to.deep.equal(['p1', 'food', 'p1-ga', 'food-ga']);
    for (const all of [after, after.toReversed()]) expect(made(all)).to.deep.include(none);
  });

  it('may be of a v1 pool that a person made under any name', () => {
    const pair = pairOf(alphaPool(), {}, v1Pool('other'));
    expect(made([health()], [pair]).manifests[0]).to.deep.include({
      metadata: { name: 'other', namespace: NS },
    });
  });
});
