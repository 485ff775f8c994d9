import { expect } from 'chai';
import type { PatchStep } from '../../../src/api/plan.ts';
import { applyJsonPatch } from '../../support/jsonPatch.ts';
import { alphaPool, toAlpha, toService, toV1 } from '../../support/objects.ts';
import { ids } from '../../support/snapshot.ts';
import { brief, pairOf } from './pair.ts';
import { made, none, traffic } from './policy.ts';

describe('a policy with a list of targets', () => {
  it('has the v1 pool as another target, and keeps all that it has', () => {
    const subject = traffic([toService('a'), toAlpha(), toV1('other')]);
    subject.metadata.resourceVersion = '5';
    const [only] = made([subject]).companions;
    const step = only!.step as PatchStep;
    expect(step.patch).to.deep.equal([
      { op: 'replace', path: '/metadata/resourceVersion', value: '5' },
      { op: 'add', path: '/spec/targetRefs/-', value: toV1() },
    ]);
    expect(applyJsonPatch(subject, step.patch)).to.deep.equal(step.after);
    expect(step.after['spec'].targetRefs).to.deep.equal([toService('a'), toAlpha(), toV1('other'), toV1()]);
  });

  it('has its target taken from any place of a long list', () => {
    const targets = [
      ...Array.from({ length: 11 }, (_, at) => toService(`s${at}`)),
      toAlpha('food', { port: 1 }),
    ];
    const [only] = made([traffic(targets)]).manifests;
    expect(only!['spec'].targetRefs.at(-1)).to.deep.equal(toV1('food-ga', { port: 1 }));
  });

  it('is patched once for all of its pools', () => {
    const pairs = [pairOf(), pairOf(alphaPool('drinks'))];
    const { companions, manifests } = made([traffic([toAlpha('drinks'), toAlpha()])], pairs);
    expect(brief(companions)).to.deep.equal(['patch GCPTrafficDistributionPolicy spread']);
    expect(manifests[0]!['spec'].targetRefs.slice(2)).to.deep.equal([toV1(), toV1('drinks-ga')]);
  });

  it('stays where the v1 pool is in it, or where none of the pools is', () => {
    expect(made([traffic([toAlpha(), toV1()])])).to.deep.include(none);
    expect(made([traffic([toService(), toAlpha('drinks')])])).to.deep.include(none);
    expect(made([traffic([])])).to.deep.include(none);
  });

  it('stays where another policy of the kind holds for the v1 pool; what differs is named', () => {
    expect(made([traffic([toAlpha()]), traffic([toV1()], 'mine')])).to.deep.include(none);
    const other = traffic([toV1()], 'mine', { default: { localityLbAlgorithm: 'ROUND_ROBIN' } });
    const { companions, findings } = made([traffic([toAlpha()]), other]);
    expect(companions).to.be.empty;
    expect(ids(findings)).to.deep.equal(['companion-differs']);
    expect(findings[0]!.ref).to.include({ name: 'mine' });
  });
});
