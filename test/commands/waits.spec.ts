import { expect } from 'chai';
import type { UserError } from '../../src/api/errors.ts';
import type { Unread } from '../../src/api/read.ts';
import { refOf } from '../../src/api/ref.ts';
import { waiter } from '../../src/commands/waits.ts';
import { service } from '../support/healthy.ts';
import { v1Pool } from '../support/objects.ts';
import { played } from './played.ts';

describe('waiting for an endpoint picker', () => {
  const unread = async (lists: Unread) => {
    const { cluster, of } = played([v1Pool(), service({}, 'food-ga-epp')]);
    cluster.lists = () => lists;
    const step = { action: 'wait', ref: refOf(v1Pool()), reason: '', condition: 'eppReady' } as const;
    return waiter(
      of,
      1000,
    )(step).then(
      () => expect.fail('it should have failed'),
      (error: unknown) => error as UserError,
    );
  };

  it('says why it could not look, and asks for rights only where they are missing', async () => {
    const lost = await unread({ state: 'failed', message: 'the connection broke' });
    expect(lost.message).to.contain('the connection broke');
    expect(lost.hint).to.contain('Run this again').and.not.contain('Allow');
    const forbidden = await unread({ state: 'forbidden', message: 'dev may not list them' });
    expect(forbidden.hint).to.contain('Allow "list" on deployments.apps');
  });
});
