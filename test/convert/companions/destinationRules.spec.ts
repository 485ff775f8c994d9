import { expect } from 'chai';
import type { KubeObject } from '../../../src/api/object.ts';
import type { ApplyStep } from '../../../src/api/plan.ts';
import { DESTINATION_RULE } from '../../../src/api/resource.ts';
import type { CompanionPair } from '../../../src/convert/companions/companion.ts';
import { destinationRuleCompanions } from '../../../src/convert/companions/destinationRules.ts';
import { alphaPool, byHelm, NS, object, v1Pool } from '../../support/objects.ts';
import { ids } from '../../support/snapshot.ts';
import { afterwards, brief, pairOf } from './pair.ts';

const tls = { trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } } };
const pooled = { trafficPolicy: { ...tls.trafficPolicy, connectionPool: { tcp: { maxConnections: 9 } } } };

function rule(host = 'food-epp', more: object = tls, name = 'food-epp', namespace = NS): KubeObject {
  return object(DESTINATION_RULE, name, { spec: { host, ...more } }, { namespace });
}

function made(rules: KubeObject[], pairs: CompanionPair[] = [pairOf()]) {
  const { companions, findings } = destinationRuleCompanions(pairs, rules);
  return { companions, findings, manifests: companions.map(({ manifest }) => manifest) };
}

const istio = pairOf(alphaPool(), { provider: 'istio' });

describe('the DestinationRule for the v1 endpoint picker', () => {
  for (const [host, expected] of [
    ['food-epp', 'food-ga-epp'],
    ['food-epp.llm', 'food-ga-epp.llm'],
    ['food-epp.llm.svc', 'food-ga-epp.llm.svc'],
    ['food-epp.llm.svc.cluster.local', 'food-ga-epp.llm.svc.cluster.local'],
    ['food-epp.llm.svc.corp.example', 'food-ga-epp.llm.svc.corp.example'],
    ['food-epp.other.svc.cluster.local', null],
    ['food-epp.example.com', null],
    ['*.llm.svc.cluster.local', null],
    ['food-epp-2', null],
    ['food', null],
    ['', null],
  ] as const)
    it(`${expected ? `has the host ${expected}` : 'is not made'} for ${host || 'no host'}`, () => {
      const { manifests } = made([rule(host, pooled)]);
      expect(manifests.map((one) => one['spec'])).to.deep.equal(
        expected ? [{ host: expected, ...pooled }] : [],
      );
    });

  it('stands in the namespace of the alpha one, whose short host is of that namespace', () => {
    expect(made([rule('food-epp', tls, 'x', 'mesh')]).companions).to.be.empty;
    const [only] = made([rule('food-epp.llm.svc.cluster.local', tls, 'x', 'mesh')]).manifests;
    expect(only!.metadata).to.include({ name: 'x-ga', namespace: 'mesh' });
    expect(only!['spec'].host).to.equal('food-ga-epp.llm.svc.cluster.local');
  });

  it('has what people wrote, and nothing that a tool or the server did', () => {
    const subject = rule();
    subject.metadata = {
      ...byHelm('food', subject.metadata),
      name: 'food-epp',
      uid: 'u',
      resourceVersion: '1',
    };
    subject.metadata.labels = { ...subject.metadata.labels, team: 'a' };
    expect(made([subject]).manifests[0]!.metadata).to.deep.equal({
      name: 'food-ga-epp',
      namespace: NS,
      labels: { team: 'a' },
    });
  });

  for (const [what, name, taken, expected] of [
    ['the Service where the alpha one is', 'food-epp', [], 'food-ga-epp'],
    ['the usual name else', 'tls-preview', [], 'tls-ga'],
    ['the Service where the usual name is taken', 'tls-preview', ['tls-ga'], 'food-ga-epp'],
    ['both where that is taken, too', 'tls', ['tls-ga', 'food-ga-epp'], 'food-ga-epp-tls'],
    ['both and a number at last', 'tls', ['tls-ga', 'food-ga-epp', 'food-ga-epp-tls'], 'food-ga-epp-tls-2'],
  ] as [string, string, string[], string][])
    it(`is named after ${what}`, () => {
      const others = taken.map((one) => rule('elsewhere', tls, one));
      expect(brief(made([rule('food-epp', tls, name), ...others]).companions)).to.deep.equal([
        `apply DestinationRule ${expected}`,
      ]);
    });

  it('is left to the chart where that makes one like it', () => {
    expect(made([rule()], [istio]).companions).to.be.empty;
    expect(
      made([rule()], [pairOf(alphaPool(), { provider: 'istio', release: 'v1.0.0' })]).companions,
    ).to.have.length(1);
    expect(
      made([rule()], [pairOf(alphaPool(), { provider: 'istio', byChart: false })]).companions,
    ).to.have.length(1);
  });

  it("goes over the chart's where a person set more", () => {
    const { companions, manifests } = made([rule('food-epp', pooled)], [istio]);
    expect(brief(companions)).to.deep.equal(['force DestinationRule food-ga-epp']);
    expect(manifests[0]).to.deep.equal({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'DestinationRule',
      metadata: { name: 'food-ga-epp', namespace: NS },
      spec: { host: 'food-ga-epp.llm.svc.cluster.local', ...pooled },
    });
  });

  it("is the chart's only in the pool's own namespace: what holds for another namespace's clients stays apart", () => {
    const far = rule('food-epp.llm.svc.cluster.local', pooled, 'food-epp', 'mesh');
    const { companions, manifests } = made([rule(), far], [istio]);
    expect(brief(companions)).to.deep.equal(['apply DestinationRule food-ga-epp']);
    expect(manifests[0]).to.deep.include({ metadata: { name: 'food-ga-epp', namespace: 'mesh' } });
  });

  it("goes over the chart's from the one that says what the chart does, or has its name, or comes first", () => {
    const subsets = { subsets: [{ name: 'a' }] };
    const forced = (...rules: KubeObject[]) =>
      brief(made(rules, [istio]).companions).filter((one) => one.startsWith('force'));
    const [named, other] = [rule('food-epp', pooled), rule('food-epp', subsets, 'other')];
    for (const rules of [
      [named, other],
      [other, named],
    ]) {
      expect(forced(...rules)).to.deep.equal(['force DestinationRule food-ga-epp']);
      const [over] = made(rules, [istio]).companions.filter(
        ({ step }) => step.action === 'apply' && step.force,
      );
      expect(over!.manifest['spec'], 'the one of that name').to.have.property('trafficPolicy');
    }
    const plain = rule('food-epp', tls, 'plain');
    expect(forced(other, plain), 'the chart says that').to.deep.equal([]);
    const far = rule('food-epp.llm', pooled, 'food-epp', 'mesh');
    expect(forced(far, rule('food-epp', subsets, 'z'))).to.deep.equal(['force DestinationRule food-ga-epp']);
  });

  it('says what it is for', () => {
    const [only] = made([rule()]).companions;
    expect(only!.step.reason).to.equal(
      'what destinationrules.networking.istio.io/food-epp in namespace llm says for the alpha endpoint picker, for the v1 one',
    );
  });

  it('of several for one Service is one each', () => {
    const subsets = { subsets: [{ name: 'a', labels: { a: 'b' } }] };
    const rules = [rule(), rule('food-epp', subsets, 'subsets')];
    expect(brief(made(rules).companions)).to.deep.equal([
      'apply DestinationRule food-ga-epp',
      'apply DestinationRule subsets-ga',
    ]);
    const changed = [rule('food-epp', pooled), rule('food-epp', subsets, 'subsets')];
    expect(brief(made(changed, [istio]).companions)).to.deep.equal([
      'force DestinationRule food-ga-epp',
      'apply DestinationRule subsets-ga',
    ]);
  });

  describe('that is there already', () => {
    it('is kept where it says the same, or more', () => {
      for (const more of [tls, pooled])
        expect(made([rule(), rule('food-ga-epp.llm', more, 'mine')])).to.deep.include({
          companions: [],
          findings: [],
        });
    });

    it('is kept where it says something else, and named', () => {
      const { companions, findings } = made([rule('food-epp', pooled), rule('food-ga-epp', tls, 'mine')]);
      expect(companions).to.be.empty;
      expect(ids(findings)).to.deep.equal(['companion-differs']);
      expect(findings[0]!.ref).to.include({ name: 'mine' });
      expect(findings[0]!.hint).to.contain(
        '-n llm destinationrules.networking.istio.io/mine destinationrules.networking.istio.io/food-epp',
      );
    });

    it("is written over where it is the chart's own, untouched: a run was interrupted behind helm", () => {
      const live = rule('food-ga-epp.llm.svc.cluster.local', tls, 'food-ga-epp');
      const { companions } = made(
        [rule('food-epp', pooled), live],
        [pairOf(alphaPool(), { provider: 'istio', byChart: false })],
      );
      expect(brief(companions)).to.deep.equal(['force DestinationRule food-ga-epp']);
      expect((companions[0]!.step as ApplyStep).live).to.equal(live);
    });

    it('stands for the one that it is named after and says the same as, before one of the two, before any', () => {
      const other = { trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } };
      const [mine, second] = [rule(), rule('food-epp', other, 'tuned')];
      const [like, unlike] = [
        rule('food-ga-epp', other, 'tuned-ga'),
        rule('food-ga-epp', pooled, 'food-ga-epp'),
      ];
      for (const rules of [
        [mine, second, like, unlike],
        [second, mine, unlike, like],
        [mine, second, unlike, like],
      ])
        expect(made(rules), 'by what they say').to.deep.include({ companions: [], findings: [] });
      const changed = rule('food-ga-epp', other, 'food-ga-epp');
      const told = made([mine, second, changed, rule('food-ga-epp', tls, 'x')]);
      expect(told, 'what it says comes before its name').to.deep.include({ companions: [], findings: [] });
      const neither = [rule('food-ga-epp', { a: 1 }, 'y'), rule('food-ga-epp', { a: 2 }, 'food-ga-epp')];
      const differing = made([mine, second, ...neither]).findings.map(
        ({ ref, hint }) => `${ref!.name} for ${hint.includes('/tuned ') ? 'tuned' : 'mine'}`,
      );
      expect(differing).to.have.members(['food-ga-epp for mine', 'y for tuned']);
    });

    it('and that somebody changed is not the chart’s, though it has its name', () => {
      const live = rule('food-ga-epp.llm.svc.cluster.local', { subsets: [] }, 'food-ga-epp');
      const pair = pairOf(alphaPool(), { provider: 'istio', byChart: false });
      const { companions, findings } = made([rule('food-epp', pooled), live], [pair]);
      expect(companions).to.be.empty;
      expect(ids(findings)).to.deep.equal(['companion-differs']);
    });

    it('in another namespace stands for nobody here', () => {
      const far = rule('food-ga-epp.llm.svc.cluster.local', tls, 'far', 'mesh');
      expect(brief(made([rule(), far]).companions)).to.deep.equal(['apply DestinationRule food-ga-epp']);
    });
  });

  it('is not made again', () => {
    const rules = [
      rule('food-epp', pooled),
      rule('food-epp', { subsets: [{ name: 'a' }] }, 'subsets'),
      rule('food-epp.llm', tls, 'food-epp', 'mesh'),
    ];
    const after = afterwards(rules, made(rules).companions);
    expect(after).to.have.length(6);
    expect(made(after)).to.deep.include({ companions: [], findings: [] });
  });

  it('is not made where either picker is no Service', () => {
    const odd = { kind: 'Other', name: 'food-epp' };
    expect(made([rule()], [pairOf(alphaPool('food', { extensionRef: odd }))]).companions).to.be.empty;
    const v1 = v1Pool('food-ga', { endpointPickerRef: { kind: 'Other', name: 'x' } });
    expect(made([rule()], [pairOf(alphaPool(), {}, v1)]).companions).to.be.empty;
  });

  it('is the same one where both pools have one picker', () => {
    const shared = v1Pool('food-ga', { endpointPickerRef: { kind: 'Service', name: 'food-epp' } });
    expect(made([rule()], [pairOf(alphaPool(), {}, shared)])).to.deep.include({
      companions: [],
      findings: [],
    });
  });

  it('is made once for each v1 pool that has a picker of its own', () => {
    const shared = { kind: 'Service', name: 'food-epp' };
    const pairs = [
      pairOf(alphaPool('food', { extensionRef: shared })),
      pairOf(alphaPool('b', { extensionRef: shared })),
    ];
    expect(made([rule('food-epp', tls, 'x')], pairs).manifests.map((one) => one['spec'].host)).to.deep.equal([
      'food-ga-epp',
      'b-ga-epp',
    ]);
  });
});
