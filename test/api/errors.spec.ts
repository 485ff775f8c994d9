import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';

describe('a user error', () => {
  it('is exit code 1 without a hint unless told', () => {
    const error = new UserError('no');
    expect(error).to.include({ exitCode: 1, hint: '', message: 'no', name: 'UserError' });
    expect(error).not.to.have.property('cause');
  });

  it('keeps its cause for those who debug', () => {
    const cause = new Error('inner');
    expect(new UserError('no', { cause, exitCode: 3, hint: 'do' })).to.include({
      cause,
      exitCode: 3,
      hint: 'do',
    });
  });
});
