import { expect } from 'chai';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { refOf } from '../../src/api/ref.ts';
import { patchStep } from '../../src/traffic/patch.ts';
import { rollbackRoute, splitRoute } from '../../src/traffic/split.ts';
import { applyJsonPatch } from '../support/jsonPatch.ts';
import { alphaPool, route, toAlpha, toService, v1Pool } from '../support/objects.ts';

const pairs = [{ alpha: refOf(alphaPool()), v1: refOf(v1Pool()) }];
const split = (subject: KubeObject, percent: number) => splitRoute(subject, pairs, pairs, percent);
const rollback = (subject: KubeObject) => rollbackRoute(subject, pairs);

describe('the patch of a route', () => {
  const half = split(route(), 50).after;
  const noted = route([[toAlpha()]], { annotations: { 'a/b': 'c' } });
  const cases = [
    ['adds the annotation where there was none', split(route(), 50)],
    ['adds the annotation beside others', split(noted, 50)],
    ['changes the annotation when the original changed', split(half, 70)],
    ['removes the annotation and leaves others', rollback(split(noted, 100).after)],
    ['removes annotations altogether where ours was the only one', rollback(half)],
    ['touches one rule of several', split(route([[toService()], [toAlpha()], [toService()]]), 50)],
  ] as const;
  for (const [name, change] of cases)
    it(`${name}, and makes of the route what was planned`, () => {
      const { patch } = patchStep(change, 'because');
      expect(applyJsonPatch(change.route, patch)).to.deep.equal(change.after);
    });

  it('names the version that was read first, so that the server refuses what someone else wrote', () => {
    const step = patchStep(split(route([[toAlpha()]], { resourceVersion: '41' }), 50), 'because');
    expect(step).to.include({ action: 'patchRoute', resourceVersion: '41', reason: 'because' });
    expect(step.patch[0]).to.deep.equal({ op: 'replace', path: '/metadata/resourceVersion', value: '41' });
  });

  it('touches the backendRefs of the rules that change, our annotation, and nothing else', () => {
    const { patch } = patchStep(split(route([[toService()], [toAlpha()], [toService()]]), 50), '');
    expect(patch.map(({ op, path }) => `${op} ${path}`)).to.deep.equal([
      'replace /metadata/resourceVersion',
      'replace /spec/rules/1/backendRefs',
      'add /metadata/annotations',
    ]);
    const { patch: beside } = patchStep(split(noted, 50), '');
    expect(beside.at(-1)!.path).to.equal('/metadata/annotations/kubectl-infpool~1original-backend-refs');
    expect(beside.at(-1)!.path.replace('~1', '/')).to.contain(ORIGINAL_REFS_ANNOTATION);
  });
});

describe('our JSON patch applier', () => {
  it('refuses what the API server refuses', () => {
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'replace', path: '/b', value: 1 }])).to.throw('not there');
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }])).to.throw('no b');
    expect(() => applyJsonPatch({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }])).to.throw('another value');
  });

  it('adds, replaces and removes in objects and arrays', () => {
    const patched = applyJsonPatch({ a: [1, 3], b: { 'c/d': 1 } } as object, [
      { op: 'add', path: '/a/1', value: 2 },
      { op: 'add', path: '/a/-', value: 4 },
      { op: 'remove', path: '/a/0' },
      { op: 'remove', path: '/b/c~1d' },
      { op: 'test', path: '/b', value: {} },
    ]);
    expect(patched).to.deep.equal({ a: [2, 3, 4], b: {} });
  });
});
