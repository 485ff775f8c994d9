// "None" is only said where it could be looked: of what nobody may read it is not known.
import { expect } from 'chai';
import type { UnreadEntry } from '../../src/api/inventory.ts';
import { ALPHA_POOL, qualifiedName } from '../../src/api/resource.ts';
import { nothing, nothingToMigrate, type Prepared } from '../../src/commands/conversion.ts';

function prepared(unread: readonly UnreadEntry[]): Prepared {
  return { scope: 'in namespace llm', inventory: { unread } } as unknown as Prepared;
}

const pools: UnreadEntry = {
  resource: qualifiedName(ALPHA_POOL),
  state: 'forbidden',
  message: 'you may not',
};
const pods: UnreadEntry = { ...pools, resource: 'pods' };

describe('nothing to migrate', () => {
  it('is said where no pool was found', () => {
    expect(nothingToMigrate(prepared([]))).to.equal('No alpha pool is left to migrate in namespace llm.\n');
    expect(nothingToMigrate(prepared([pods]))).to.match(/^No alpha pool is left/);
    expect(nothing(prepared([]))).to.match(/nothing to convert\.\n$/);
  });

  it('is not said where pools could not be read', () => {
    expect(nothingToMigrate(prepared([pods, pools]))).to.equal(
      'Whether an alpha pool is left in namespace llm is not known: you may not\n',
    );
    expect(nothing(prepared([pools]))).to.match(/could not be read: you may not\n$/);
  });
});
