import { expect } from 'chai';
import { selects, valuesAskedFor, type LabelSelector } from '../../src/inventory/labelSelector.ts';

const one = (operator: string, values?: string[]): LabelSelector => ({
  matchExpressions: [{ key: 'app', operator, ...(values && { values }) }],
});
const epp = { app: 'epp', tier: 'x' };
const other = { app: 'other' };
const none = {};

describe('a label selector', () => {
  // Whether it takes app=epp, app=other, and an object without that label; as the API machinery has it.
  const cases: [selector: LabelSelector, epp: boolean, other: boolean, none: boolean][] = [
    [{}, true, true, true],
    [{ matchLabels: { app: 'epp' } }, true, false, false],
    [{ matchLabels: { app: 'epp', tier: 'y' } }, false, false, false],
    [{ matchLabels: { tier: 'x', app: 'epp' } }, true, false, false],
    [one('In', ['a', 'epp']), true, false, false],
    [one('In', []), false, false, false],
    [one('In'), false, false, false],
    [one('NotIn', ['epp']), false, true, true],
    [one('NotIn'), true, true, true],
    [one('Exists'), true, true, false],
    [one('DoesNotExist'), false, false, true],
    [one('Gt', ['1']), false, false, false],
    [{ matchExpressions: [{ operator: 'Exists' }] }, false, false, false],
    [
      { matchExpressions: [...one('Exists').matchExpressions!, ...one('NotIn', ['epp']).matchExpressions!] },
      false,
      true,
      false,
    ],
    [{ ...one('Exists'), matchLabels: { app: 'other' } }, false, true, false],
  ];
  for (const [selector, ...expected] of cases)
    it(`takes ${JSON.stringify(selector)}: ${expected.join(', ')}`, () => {
      expect([epp, other, none].map((labels) => selects(selector, labels))).to.deep.equal(expected);
    });

  it('asks by name for the values of its labels and of its lists, not for those that it does not want', () => {
    const selector: LabelSelector = {
      matchLabels: { a: '1' },
      matchExpressions: [
        { key: 'b', operator: 'In', values: ['2', '3'] },
        { key: 'c', operator: 'NotIn', values: ['4'] },
        { key: 'd', operator: 'In' },
        { key: 'e', operator: 'Exists' },
      ],
    };
    expect(valuesAskedFor(selector)).to.deep.equal(['1', '2', '3']);
    expect(valuesAskedFor({})).to.deep.equal([]);
  });
});
