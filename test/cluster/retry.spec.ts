import { expect } from 'chai';
import { MAX_ATTEMPTS, retryDelay } from '../../src/cluster/retry.ts';

const LEAST = { random: 0, backoffMs: 200 };
const MOST = { random: 1, backoffMs: 200 };

describe('whether a request is sent again', () => {
  const lost = { failure: 'lost' } as const;

  it('only where twice is the same as once, after a broken connection', () => {
    expect(retryDelay(lost, 1, true, LEAST)).to.be.a('number');
    expect(retryDelay(lost, 1, false, LEAST)).to.equal(null);
  });

  it('whatever it is, where the server went away before it was sent', () => {
    expect(retryDelay({ failure: 'unsent' }, 1, false, LEAST)).to.be.a('number');
    expect(retryDelay({ failure: 'unsent' }, MAX_ATTEMPTS, false, LEAST)).to.equal(null);
  });

  it('never after a failure that would only come again', () => {
    expect(retryDelay({ failure: 'other' }, 1, true, LEAST)).to.equal(null);
  });

  it('for a server or load balancer that is overloaded or just starting', () => {
    for (const status of [429, 502, 503]) expect(retryDelay({ status }, 1, true, LEAST)).to.be.a('number');
    for (const status of [200, 400, 401, 403, 404, 409, 410, 422, 500, 504]) {
      expect(retryDelay({ status }, 1, true, LEAST), String(status)).to.equal(null);
    }
  });

  it('a write when the server turned it away before looking at it', () => {
    expect(retryDelay({ status: 429, retryAfter: '1' }, 1, false, LEAST)).to.equal(1000);
    expect(retryDelay({ status: 429 }, 1, false, LEAST)).to.equal(null);
    expect(retryDelay({ status: 503, retryAfter: '1' }, 1, false, LEAST)).to.equal(null);
  });

  it('waits as long as the server asks for, within reason', () => {
    expect(retryDelay({ status: 503, retryAfter: '7' }, 1, true, LEAST)).to.equal(7000);
    expect(retryDelay({ status: 503, retryAfter: '3600' }, 1, true, LEAST)).to.equal(null);
    expect(retryDelay({ status: 503, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 1, true, LEAST)).to.equal(
      100,
    );
  });

  it('waits longer each time, spread out, and then takes what came', () => {
    expect([1, 2, 3].map((attempt) => retryDelay(lost, attempt, true, LEAST))).to.deep.equal([100, 200, 400]);
    expect([1, 2, 3].map((attempt) => retryDelay(lost, attempt, true, MOST))).to.deep.equal([200, 400, 800]);
    expect(retryDelay(lost, MAX_ATTEMPTS, true, LEAST)).to.equal(null);
  });
});
