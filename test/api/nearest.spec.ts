import { expect } from 'chai';
import { nearest } from '../../src/api/nearest.ts';

describe('names most like one that is not there', () => {
  const rows: [what: string, wanted: string, names: string[], found: string[], most?: number][] = [
    ['one letter wrong', 'detcet', ['detect', 'convert', 'status'], ['detect']],
    ['nearest first', 'pool-a', ['pool-bcd', 'pool-b', 'pool-ab'], ['pool-ab', 'pool-b', 'pool-bcd']],
    ['as near: by name', 'abcd', ['abcz', 'abcx', 'abcy'], ['abcx', 'abcy', 'abcz']],
    ['three at most', 'abcd', ['abc4', 'abc3', 'abc2', 'abc1'], ['abc1', 'abc2', 'abc3']],
    ['or as many as are asked for', 'abcd', ['abc2', 'abc1'], ['abc1'], 1],
    ['half of a long name may be wanting', 'llm', ['llm-xx', 'llm-xxxx'], ['llm-xx']],
    ['half of what was typed may be too much', 'llm-xx', ['llm', 'll'], ['llm']],
    ['half of the letters may be others', 'abcd', ['abxy', 'axyz'], ['abxy']],
    [
      'letters that were left out or put in count once each',
      'vllm',
      ['vlm', 'vllmm', 'mllv'],
      ['vllmm', 'vlm', 'mllv'],
    ],
    ['nothing like it', 'food', ['status', 'x'], []],
    ['no names', 'food', [], []],
  ];
  for (const [what, wanted, names, found, most] of rows)
    it(what, () => expect(nearest(wanted, names, most)).to.deep.equal(found));
});
