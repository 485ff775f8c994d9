import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import { parseRequestTimeout } from '../../src/cluster/duration.ts';

describe('--request-timeout', () => {
  it('is a Go duration or whole seconds', () => {
    const texts = ['0', '5', '30s', '1m30s', '500ms', '1.5h', '2m'];
    expect(texts.map(parseRequestTimeout)).to.deep.equal([0, 5000, 30_000, 90_000, 500, 5_400_000, 120_000]);
  });

  it('refuses anything else', () => {
    for (const text of ['', 'soon', '5 s', '-1s', '1d']) {
      expect(() => parseRequestTimeout(text), text).to.throw(UserError, '--request-timeout');
    }
  });
});
