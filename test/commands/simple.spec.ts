import { expect } from 'chai';
import { UserError } from '../../src/api/errors.ts';
import type { Claiming } from '../../src/commands/claimed.ts';
import type { Context } from '../../src/commands/context.ts';
import { simple } from '../../src/commands/simple.ts';

describe('migrate --simple', () => {
  it('says that it keeps no record, before it looks at anything', async () => {
    const args = { positionals: [], record: 'record.json' };
    const error = await simple({} as Claiming, args, {} as Context).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).message).to.match(/^--record .*--simple/);
  });
});
