import { expect } from 'chai';
import type { Owner } from '../../src/api/inventory.ts';
import { describeOwner } from '../../src/api/owner.ts';

describe('describing an owner', () => {
  for (const [kind, text] of [
    ['Helm', 'Helm release x'],
    ['ArgoCD', 'Argo CD application x'],
    ['Flux', 'Flux x'],
    ['Controller', 'controller x'],
  ] as const satisfies [Owner['kind'], string][])
    it(`says "${text}"`, () => expect(describeOwner({ kind, name: 'x', namespace: 'a' })).to.equal(text));
});
