import { expect } from 'chai';
import { ROLES } from '../../src/access/roles.ts';
import { run } from '../../src/cli.ts';
import type { Context } from '../../src/commands/context.ts';
import { faults, lacking, schemaOf } from '../support/schemas.ts';

/** What `auth` prints without a cluster. */
async function printed(...args: string[]): Promise<unknown> {
  let out = '';
  const context = {
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: () => undefined },
    style: { color: false, width: 80 },
  } as unknown as Context;
  expect(await run(['auth', ...args, '-o', 'json'], context)).to.equal(0);
  return JSON.parse(out);
}

describe('the schema of Access', () => {
  const validate = schemaOf('access');

  it('takes what auth -o json prints, of all commands and of one', async () => {
    const all = (await printed()) as { commands: { id: string }[] };
    expect(faults(validate, all)).to.equal('');
    expect(all.commands.map(({ id }) => id)).to.deep.equal(ROLES.map(({ id }) => id));
    expect(faults(validate, await printed('split'))).to.equal('');
  });

  it('misses any field that is taken away', async () => {
    for (const [path, without] of lacking(await printed('split')))
      expect(validate(without), path).to.equal(false);
  });
});
