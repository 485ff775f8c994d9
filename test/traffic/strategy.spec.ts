import { expect } from 'chai';
import type { GatewayEntry, Serves } from '../../src/api/inventory.ts';
import { refOf } from '../../src/api/ref.ts';
import { decideStrategy } from '../../src/traffic/strategy.ts';
import { gateway } from '../support/objects.ts';

const entry = (serves: Serves): GatewayEntry => ({
  ref: refOf(gateway(serves)),
  controller: `example.com/${serves}`,
  serves,
  evidence: 'it was seen',
});

describe('the strategy', () => {
  const cases: [
    asked: 'auto' | 'weighted' | 'swap',
    percent: number,
    serves: Serves[],
    strategy: string,
    held: string[],
  ][] = [
    ['auto', 50, ['both'], 'weighted', []],
    ['auto', 50, ['unknown'], 'weighted', []],
    ['auto', 50, [], 'weighted', []],
    ['auto', 100, ['v1'], 'swap', []],
    ['auto', 50, ['v1'], 'swap', ['swap-is-all-or-nothing']],
    ['auto', 100, ['both', 'v1'], 'swap', []],
    ['auto', 100, ['alpha'], 'weighted', ['controller-serves-alpha-only']],
    ['auto', 100, ['alpha', 'v1'], 'swap', ['controller-serves-alpha-only']],
    ['weighted', 50, ['v1'], 'weighted', ['controller-serves-v1-only']],
    ['weighted', 100, ['both', 'unknown'], 'weighted', []],
    ['swap', 100, ['both'], 'swap', []],
    ['swap', 50, ['both', 'unknown'], 'swap', ['swap-is-all-or-nothing']],
    ['swap', 50, [], 'swap', []],
    ['auto', 0, ['alpha', 'v1'], 'weighted', []],
    ['swap', 0, ['v1'], 'weighted', []],
  ];
  for (const [asked, percent, serves, strategy, held] of cases)
    it(`asked ${asked} for ${percent} percent where Gateways serve ${serves.join(' and ') || 'nothing'}: ${[strategy, ...held].join(', ')}`, () => {
      const decision = decideStrategy(asked, percent, serves.map(entry));
      expect(decision.strategy).to.equal(strategy);
      expect(decision.interlocks.map(({ finding }) => finding.id)).to.deep.equal(held);
      for (const { finding, forceable } of decision.interlocks) {
        expect(forceable, 'requests would be lost').to.be.false;
        expect(finding.hint).not.to.equal('');
        expect(finding.ref).to.include({ kind: 'Gateway' });
      }
    });

  it('is refused with the reason: which Gateway, which controller, what was seen', () => {
    const [held] = decideStrategy('weighted', 50, [entry('both'), entry('v1')]).interlocks;
    expect(held!.finding.ref).to.include({ name: 'v1' });
    expect(held!.finding.message).to.contain('example.com/v1').and.to.contain('it was seen');
  });
});
