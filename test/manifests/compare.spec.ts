import { expect } from 'chai';
import type { KubeObject } from '../../src/api/object.ts';
import { HTTP_ROUTE, MODEL } from '../../src/api/resource.ts';
import { compareWithCluster, comparisonExit, comparisonText } from '../../src/commands/compare.ts';
import { alphaPool, model, route, toAlpha, toService, toV1 } from '../support/objects.ts';
import { inventory } from '../support/snapshot.ts';

const at = { namespace: 'llm', confined: false };
const compare = (files: readonly KubeObject[], live: readonly KubeObject[], options = {}, forbidden = {}) => {
  const { onlyInCluster, onlyInFiles, different, same, unknown } = compareWithCluster(
    files,
    inventory(live, forbidden),
    { ...at, ...options },
  );
  const names = (refs: readonly { namespace: string; name: string }[]) =>
    refs.map(({ namespace, name }) => `${namespace}/${name}`);
  return {
    onlyInCluster: names(onlyInCluster),
    onlyInFiles: names(onlyInFiles),
    different: names(different),
    same: names(same),
    unknown: names(unknown),
  };
};
const NONE = { onlyInCluster: [], onlyInFiles: [], different: [], same: [], unknown: [] };

function without(namespaced: KubeObject): KubeObject {
  const { namespace: _namespace, ...metadata } = namespaced.metadata;
  return { ...namespaced, metadata };
}

describe('files against a cluster', () => {
  it('tell what only one of the two has', () => {
    expect(compare([alphaPool('food')], [alphaPool('other'), model('review')])).to.deep.equal({
      ...NONE,
      onlyInFiles: ['llm/food'],
      onlyInCluster: ['llm/review', 'llm/other'],
    });
  });

  it('are the same where the cluster has defaults besides, and differ where a field does', () => {
    const live = alphaPool('food');
    const { extensionRef: _ref, ...less } = live['spec'] as Record<string, unknown>;
    expect(compare([{ ...live, spec: less }], [live])).to.deep.equal({ ...NONE, same: ['llm/food'] });
    expect(compare([alphaPool('food', { targetPortNumber: 1 })], [live])).to.deep.equal({
      ...NONE,
      different: ['llm/food'],
    });
  });

  it('look at what points at alpha pools on either side, and at nothing else', () => {
    const old = route([[toAlpha()]]);
    expect(compare([route([[toV1()]])], [old])).to.deep.equal({ ...NONE, different: ['llm/llm-route'] });
    expect(compare([old], [route([[toV1()]])])).to.deep.equal({ ...NONE, different: ['llm/llm-route'] });
    expect(compare([], [old])).to.deep.equal({ ...NONE, onlyInCluster: ['llm/llm-route'] });
    expect(compare([route([[toService()]])], [route([[toV1()]])])).to.deep.equal(NONE);
  });

  it('without a namespace are those of the current one, or the only ones of their name', () => {
    const [here, there] = [alphaPool('food'), alphaPool('food', {}, { namespace: 'web' })];
    const file = without(alphaPool('food'));
    expect(compare([file], [here, there])).to.deep.equal({
      ...NONE,
      same: ['llm/food'],
      onlyInCluster: ['web/food'],
    });
    expect(compare([file], [there])).to.deep.equal({ ...NONE, same: ['web/food'] });
    expect(compare([file], [there, alphaPool('food', {}, { namespace: 'x' })])).to.deep.equal({
      ...NONE,
      onlyInFiles: ['llm/food'],
      onlyInCluster: ['web/food', 'x/food'],
    });
  });

  it('of other namespaces are left out where only one was read', () => {
    const file = alphaPool('food', {}, { namespace: 'web' });
    expect(compare([file], [], { confined: true })).to.deep.equal(NONE);
    expect(compare([file], [])).to.deep.equal({ ...NONE, onlyInFiles: ['web/food'] });
  });

  it('are not said to be missing from a cluster that could not be read', () => {
    expect(compare([model('review')], [], {}, { forbidden: [MODEL, HTTP_ROUTE] })).to.deep.equal({
      ...NONE,
      unknown: ['llm/review'],
    });
  });

  const ref = { group: '', version: 'v1', kind: 'X', namespace: 'n', name: 'x' };
  it('end in 4 where not all could be read, in 2 with --exit-code where the files lack something', () => {
    const lacking = { ...NONE, onlyInCluster: [ref] };
    const exits = [
      comparisonExit(lacking, false, true),
      comparisonExit(lacking, true, true),
      comparisonExit(lacking, true, false),
      comparisonExit({ ...NONE, different: [ref] }, true, true),
      comparisonExit({ ...NONE, onlyInFiles: [ref] }, true, true),
    ];
    expect(exits).to.deep.equal([4, 2, 0, 2, 0]);
  });

  it('have everything only where all could be read', () => {
    const same = { ...NONE, same: [ref] };
    expect(comparisonText(same, true)).to.include('The files have everything');
    expect(comparisonText(same, false)).to.include('Not all could be read');
    expect(comparisonText(same, false)).to.not.include('have everything');
    expect(comparisonText({ ...same, onlyInCluster: [ref] }, true)).to.not.include('have everything');
  });
});
