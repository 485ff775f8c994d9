import { expect } from 'chai';
import { allCommands, CATALOGUE } from '../../src/commands/catalogue.ts';

describe('the catalogue of commands', () => {
  it('says of each what the command says of itself', async () => {
    const commands = await allCommands();
    expect(CATALOGUE.map(({ name, summary }) => ({ name, summary }))).to.deep.equal(
      commands.map(({ name, summary }) => ({ name, summary })),
    );
  });
});
