import { expect } from 'chai';
import { isUnread, itemsOf, listOf } from '../../src/api/read.ts';
import { ALPHA_POOL, CONFIG_MAP, MODEL, V1_POOL } from '../../src/api/resource.ts';
import { alphaPool } from '../support/objects.ts';
import { snapshot } from '../support/snapshot.ts';

describe('reads', () => {
  const read = snapshot([alphaPool()], { notInstalled: [V1_POOL], forbidden: [MODEL] });

  it('tell "none" from "not installed" and from "could not be read"', () => {
    expect(itemsOf(read, ALPHA_POOL)).to.have.length(1);
    expect(itemsOf(read, V1_POOL)).to.be.empty;
    expect(itemsOf(read, MODEL)).to.be.empty;
    expect([ALPHA_POOL, V1_POOL, MODEL].map((kind) => isUnread(listOf(read, kind)))).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('of a kind that nobody asked for are a bug, not an empty list', () => {
    expect(() => listOf(read, CONFIG_MAP)).to.throw('bug: configmaps was not among the resources read');
  });
});
