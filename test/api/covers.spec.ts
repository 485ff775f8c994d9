import { expect } from 'chai';
import { covers } from '../../src/api/covers.ts';

describe('whether what is there holds all that is wanted', () => {
  const rows: [live: unknown, wanted: unknown, holds: boolean][] = [
    [{ a: 1, b: 2 }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }, true],
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }, true],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ a: [1, 2] }, { a: [2, 1] }, false],
    [{ a: { 0: 1, length: 1 } }, { a: [1] }, false],
    [{ a: 1 }, {}, true],
    [null, {}, false],
    ['text', { length: 4 }, false],
    [{ a: null }, { a: null }, true],
    [{ a: {} }, { a: null }, false],
    [undefined, [1], false],
    [1, 1, true],
    [1, '1', false],
  ];
  for (const [live, wanted, holds] of rows)
    it(`${JSON.stringify(wanted)} in ${JSON.stringify(live)}: ${holds ? 'yes' : 'no'}`, () =>
      expect(covers(live, wanted)).to.equal(holds));
});
