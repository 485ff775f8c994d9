import { expect } from 'chai';
import type { KubeObject } from '../../../src/api/object.ts';
import type { PatchStep } from '../../../src/api/plan.ts';
import { ALPHA_GROUP, V1_GROUP } from '../../../src/api/resource.ts';
import type { CompanionPair } from '../../../src/convert/companions/companion.ts';
import { grantCompanions, toOf } from '../../../src/convert/companions/grants.ts';
import { applyJsonPatch } from '../../support/jsonPatch.ts';
import { alphaPool, grant, NS } from '../../support/objects.ts';
import { afterwards, brief, pairOf } from './pair.ts';

const alpha = (name?: string) => ({ group: ALPHA_GROUP, kind: 'InferencePool', ...(name ? { name } : {}) });
const v1 = (name?: string) => ({ group: V1_GROUP, kind: 'InferencePool', ...(name ? { name } : {}) });
const service = { group: '', kind: 'Service' };
const food = pairOf();
const drinks = pairOf(alphaPool('drinks'));

/** A grant for HTTPRoutes of these namespaces. */
function from(namespaces: string[], to: object[], name = 'other'): KubeObject {
  const one = (namespace: string) => ({ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace });
  const subject = grant(to as Record<string, unknown>[], name);
  return { ...subject, spec: { ...subject['spec'], from: namespaces.map(one) } };
}

/** What `to` of the first grant is afterwards, and null when it is left alone. */
function added(to: object[], pairs: CompanionPair[] = [food], neighbours: KubeObject[] = []) {
  const subject = grant(to as Record<string, unknown>[]);
  const companions = grantCompanions(pairs, [subject, ...neighbours]);
  const mine = companions.find(({ step }) => step.ref.name === 'grant');
  return mine ? toOf(mine.manifest).slice(to.length) : null;
}

describe('the entry of a ReferenceGrant for the v1 pool', () => {
  for (const [what, to, pairs, expected] of [
    ['has the new name where the alpha one is named', [alpha('food')], [food], [v1('food-ga')]],
    ['has no name where the alpha one has none', [alpha()], [food], [v1()]],
    ['stands behind all others', [service, alpha('food'), service], [food], [v1('food-ga')]],
    ['is one without a name for all pools', [alpha()], [food, drinks], [v1()]],
    [
      'is one for each named pool',
      [alpha('food'), alpha('drinks')],
      [food, drinks],
      [v1('food-ga'), v1('drinks-ga')],
    ],
    ['is one only where one without a name covers the named one', [alpha(), alpha('food')], [food], [v1()]],
    ['is not made for a pool that is not converted', [alpha('drinks')], [food], null],
    ['is not made for a namesake of another kind', [{ ...alpha('food'), kind: 'Service' }], [food], null],
    ['is not made for a v1 entry', [v1('food')], [food], null],
    ['is not made twice', [alpha('food'), v1('food-ga')], [food], null],
    ['is not made where one without a name is there', [alpha('food'), v1()], [food], null],
    [
      'is made where the v1 entry is for another pool',
      [alpha('food'), v1('drinks-ga')],
      [food],
      [v1('food-ga')],
    ],
    [
      'is made without a name where only a named one is there',
      [alpha(), v1('food-ga')],
      [food, drinks],
      [v1()],
    ],
  ] as [string, object[], CompanionPair[], object[] | null][])
    it(what, () => expect(added(to, pairs)).to.deep.equal(expected));

  for (const [what, other, expected] of [
    ['another grant that allows the same has it', from(['web'], [v1('food-ga')]), null],
    ['another grant that allows more has it', from(['web', 'more'], [v1()]), null],
    ['a narrower grant has it', from(['elsewhere'], [v1('food-ga')]), [v1('food-ga')]],
    [
      'a grant of another namespace has it',
      { ...from(['web'], [v1()]), metadata: { name: 'other', namespace: 'other' } },
      [v1('food-ga')],
    ],
  ] as [string, KubeObject, object[] | null][])
    it(`is ${expected ? 'made' : 'not made'} where ${what}`, () =>
      expect(added([alpha('food')], [food], [other])).to.deep.equal(expected));

  it('is made in every grant that names the alpha pool', () => {
    const grants = [grant([alpha('food')], 'a'), grant([alpha()], 'b')];
    expect(brief(grantCompanions([food], grants))).to.deep.equal([
      'patch ReferenceGrant a',
      'patch ReferenceGrant b',
    ]);
  });

  it('is not made for a pool of that name in another namespace', () => {
    const elsewhere = pairOf(alphaPool('food', {}, { namespace: 'other' }));
    expect(added([alpha('food')], [elsewhere])).to.equal(null);
  });

  it('is a patch of just that, on what was read; the manifest has nothing that the server wrote', () => {
    const subject: KubeObject = {
      ...grant([alpha('food')]),
      metadata: {
        name: 'grant',
        namespace: NS,
        uid: 'u',
        resourceVersion: '42',
        labels: { a: 'b' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'yes' },
      },
    };
    const [only] = grantCompanions([food], [subject]);
    const step = only!.step as PatchStep;
    expect(step.patch).to.deep.equal([
      { op: 'replace', path: '/metadata/resourceVersion', value: '42' },
      { op: 'add', path: '/spec/to/-', value: v1('food-ga') },
    ]);
    expect(applyJsonPatch(subject, step.patch)).to.deep.equal(step.after);
    expect(only!.manifest).to.deep.equal({
      ...subject,
      metadata: { name: 'grant', namespace: NS, labels: { a: 'b' }, annotations: { mine: 'yes' } },
      spec: { ...subject['spec'], to: [alpha('food'), v1('food-ga')] },
    });
  });

  it('is not made again', () => {
    const grants = [
      grant([alpha(), alpha('drinks')], 'a'),
      from(['more'], [alpha('food'), alpha('drinks')], 'b'),
    ];
    const after = afterwards(grants, grantCompanions([food, drinks], grants));
    expect(after.map(toOf).map((to) => to.length)).to.deep.equal([3, 4]);
    expect(grantCompanions([food, drinks], after)).to.be.empty;
  });

  it('goes into a grant of its own where the list is full', () => {
    const full = Array.from({ length: 15 }, (_, index) => ({ ...service, name: `s${index}` }));
    const subject = grant([alpha('food'), ...full]);
    const companions = grantCompanions([food], [subject]);
    expect(brief(companions)).to.deep.equal(['apply ReferenceGrant grant-ga']);
    expect(companions[0]!.manifest).to.deep.equal({
      ...subject,
      metadata: { name: 'grant-ga', namespace: NS },
      spec: { from: subject['spec'].from, to: [v1('food-ga')] },
    });
    expect(grantCompanions([food], afterwards([subject], companions))).to.be.empty;
  });
});
