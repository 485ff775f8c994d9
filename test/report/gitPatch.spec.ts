import { expect } from 'chai';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import type { KubeObject, ObjectMeta } from '../../src/api/object.ts';
import { ORIGINAL_REFS_ANNOTATION } from '../../src/api/names.ts';
import { gitPatch } from '../../src/report/gitPatch.ts';
import { toSortedYaml } from '../../src/report/yaml.ts';
import { expectGolden } from '../support/golden.ts';
import { route, rule, toAlpha, toV1 } from '../support/objects.ts';

const path = (value: string) => ({ matches: [{ path: { type: 'PathPrefix', value } }] });
const before = route(
  [
    rule([toAlpha('food', { weight: 1 })], path('/food')),
    rule([toAlpha('other', { weight: 1 })], path('/other')),
  ],
  {
    uid: 'u-1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['gateway/cleanup'],
    labels: {
      team: 'ml',
      'app.kubernetes.io/managed-by': 'Helm',
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'applyset.kubernetes.io/part-of': 'applyset-1-v1',
    },
    annotations: {
      'argocd.argoproj.io/tracking-id': 'app:gateway.networking.k8s.io/HTTPRoute:llm/llm-route',
      'argocd.argoproj.io/sync-wave': '3',
      'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{}}',
      'meta.helm.sh/release-name': 'rel',
      'configsync.gke.io/resource-id': 'x',
    },
  },
  { status: { parents: [] } },
);

function changed(object: KubeObject, meta: Partial<ObjectMeta> = {}): KubeObject {
  const after = structuredClone(object);
  after['spec'].rules[0].backendRefs = [toAlpha('food', { weight: 90 }), toV1('food-ga', { weight: 10 })];
  return { ...after, metadata: { ...after.metadata, ...meta } };
}

describe('the patch for the source of an object', () => {
  it('has the fields that a source holds, and nothing that tools or the server wrote', () => {
    const annotations = { ...before.metadata.annotations, [ORIGINAL_REFS_ANNOTATION]: '[]' };
    const patch = gitPatch(before, changed(before, { resourceVersion: '8', generation: 2, annotations }));
    expectGolden('report/git-patch.diff', patch);
    expect(patch).to.match(/^--- a\/llm\/httproutes\.gateway\.networking\.k8s\.io\/llm-route$/m);
    for (const word of [
      'uid',
      'status',
      'finalizers',
      'resourceVersion',
      'last-applied',
      'original-backend-refs',
    ])
      expect(patch).to.not.include(word);
  });

  it('keeps what people wrote, options for those tools among it', () => {
    const after = changed(before, { labels: { ...before.metadata.labels, team: 'llm' } });
    const patch = gitPatch(before, after);
    expect(patch).to.include('-    team: ml').and.include('+    team: llm').and.include('sync-wave');
  });

  it('is empty where only bookkeeping differs', () => {
    const annotations = { ...before.metadata.annotations, [ORIGINAL_REFS_ANNOTATION]: '[]' };
    const after = {
      ...before,
      metadata: { ...before.metadata, annotations, resourceVersion: '8' },
      status: {},
    };
    expect(gitPatch(before, after)).to.equal('');
    expect(gitPatch(before, before)).to.equal('');
  });

  it('says which rule it is about, though that is not what changes', () => {
    const patch = gitPatch(before, changed(before));
    expect(patch).to.include('value: /food');
  });

  it('prints nothing that a terminal would act on, wherever it comes from', () => {
    const nasty = '\u001b]0;owned\u0007\u001b[2J\u202egpj\u200b\r';
    const object = changed(before, { labels: { team: nasty }, name: `x${nasty}` });
    object['spec'].hostnames = [nasty];
    const patch = gitPatch(before, object);
    expect(patch).to.include('hostnames');
    for (const character of ['\u001b', '\u0007', '\u202e', '\u200b', '\r'])
      expect(patch).to.not.include(character);
  });

  it('applied to the source as it was gives the source as it will be', () => {
    const weight = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(weight, weight, fc.constantFrom(0, 1), (alpha, v1, index) => {
        const after = structuredClone(before);
        after['spec'].rules[index].backendRefs = [
          toAlpha('food', { weight: alpha }),
          toV1('food-ga', { weight: v1 }),
        ];
        const patched = applyPatch(sourceOf(before), gitPatch(before, after));
        expect(patched).to.equal(sourceOf(after));
      }),
    );
  });
});

// As it stands in Git: written out, so that the patch is not held against itself.
function sourceOf({ apiVersion, kind, spec }: KubeObject): string {
  const metadata = {
    name: 'llm-route',
    namespace: 'llm',
    labels: { team: 'ml' },
    annotations: { 'argocd.argoproj.io/sync-wave': '3' },
  };
  return toSortedYaml({ apiVersion, kind, metadata, spec: spec as unknown });
}
