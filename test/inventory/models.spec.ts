import { expect } from 'chai';
import { ALPHA_GROUP, V1_GROUP } from '../../src/api/resource.ts';
import { modelEntries } from '../../src/inventory/models.ts';
import { model } from '../support/objects.ts';

describe('InferenceModels', () => {
  it('belong to the alpha pool of their namespace unless they name the v1 group', () => {
    const [unset, alpha, v1] = modelEntries([
      model('a'),
      model('b', { poolRef: { group: ALPHA_GROUP, kind: 'InferencePool', name: 'x' } }, { namespace: 'n' }),
      model('c', { poolRef: { group: V1_GROUP, name: 'x' } }, { namespace: 'n' }),
    ]);
    expect(unset!.pool).to.include({ group: ALPHA_GROUP, namespace: 'llm', name: 'food' });
    expect(alpha!.pool).to.include({ group: ALPHA_GROUP, namespace: 'n', name: 'x' });
    expect(v1!.pool).to.include({ group: V1_GROUP, namespace: 'n' });
  });

  it('are listed by namespace and name', () => {
    const entries = modelEntries([model('b'), model('a'), model('z', {}, { namespace: 'a' })]);
    expect(entries.map(({ ref }) => ref.name)).to.deep.equal(['z', 'a', 'b']);
  });

  it('that are half-written are no error', () => {
    const [entry] = modelEntries([{ ...model('a'), spec: undefined }]);
    expect(entry).to.deep.include({ modelName: '' });
    expect(entry!.pool.name).to.equal('');
  });
});
