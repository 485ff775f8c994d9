import { expect } from 'chai';
import {
  modelCandidates,
  pairCandidates,
  poolCandidates,
  routeCandidates,
} from '../../src/completion/objects.ts';

const object = (namespace: string, name: string, annotations = {}, spec: unknown = {}) => ({
  apiVersion: 'v1',
  kind: 'Any',
  metadata: { namespace, name, annotations },
  spec,
});
const values = (candidates: readonly { value: string }[]) => candidates.map(({ value }) => value);
const from = (name: string) => ({ 'kubectl-infpool/migrated-from': name });

describe('POOL arguments', () => {
  const alpha = [object('a', 'chat'), object('b', 'chat'), object('b', 'code')];

  it('are names, with the namespace where two have the same', () => {
    expect(values(poolCandidates(alpha, [], '', []))).to.deep.equal(['a/chat', 'b/chat', 'code']);
  });

  it('are all with their namespace for who began to type one', () => {
    expect(values(poolCandidates(alpha, [], 'b/', []))).to.deep.equal(['a/chat', 'b/chat', 'b/code']);
  });

  it('are not those given already', () => {
    expect(values(poolCandidates(alpha, [], '', ['a/chat', 'code']))).to.deep.equal(['b/chat']);
    expect(values(poolCandidates(alpha, [], '', ['b/code', 'chat']))).to.deep.equal(['a/chat', 'b/chat']);
  });

  it('are v1 pools only where the alpha pool that they came from is gone', () => {
    const v1 = [
      object('b', 'code-ga', from('code')),
      object('a', 'old-ga', from('old')),
      object('a', 'mine'),
    ];
    expect(values(poolCandidates(alpha, v1, '', []))).to.deep.equal(['a/chat', 'b/chat', 'code', 'old-ga']);
  });
});

describe('ROUTE arguments', () => {
  const rules = (kind: string) => ({ rules: [{ backendRefs: [{ kind, name: 'chat' }] }, {}] });

  it('are routes to pools, and those that were changed before', () => {
    const routes = [
      object('a', 'llm', {}, rules('InferencePool')),
      object('a', 'shop', {}, rules('Service')),
      object('a', 'moved', { 'kubectl-infpool/original-backend-refs': '[]' }),
    ];
    expect(routeCandidates(routes, '', [])).to.deep.equal([
      { value: 'llm', about: 'sends to chat, in a' },
      { value: 'moved', about: 'in a' },
    ]);
  });

  it('need not be routes as we know them', () => {
    for (const spec of [
      undefined,
      null,
      {},
      { rules: null },
      { rules: 7 },
      { rules: [null, { backendRefs: [null] }] },
    ])
      expect(routeCandidates([object('a', 'x', {}, spec)], '', [])).to.deep.equal([]);
  });
});

describe('OLD=NEW', () => {
  const alpha = [object('a', 'chat'), object('a', 'code')];
  const complete = (typed: string, given: string[] = []) =>
    values(pairCandidates(alpha, () => ['x', 'y'], typed, given));

  it('is OLD= first', () => expect(complete('c')).to.deep.equal(['chat=', 'code=']));
  it('then NEW', () => expect(complete('chat=')).to.deep.equal(['chat=x', 'chat=y']));
  it('takes a namespace', () => {
    expect(complete('a/')).to.deep.equal(['a/chat=', 'a/code=']);
    expect(complete('a/code=')).to.deep.equal(['a/code=x', 'a/code=y']);
  });
  it('leaves out the pools that have one', () => expect(complete('', ['chat=z'])).to.deep.equal(['code=']));
});

describe('--model', () => {
  it('is what requests say, which is not the name of the object', () => {
    const models = [
      object('a', 'm', {}, { modelName: 'llama' }),
      object('a', 'n'),
      object('a', 'o', {}, null),
    ];
    expect(values(modelCandidates(models))).to.deep.equal(['llama']);
  });
});
