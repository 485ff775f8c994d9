// A part of real.lab.spec.ts.
import { expect } from 'chai';
import { EXIT, UserError } from '../../src/api/errors.ts';
import type { KubeObject } from '../../src/api/object.ts';
import { ref } from '../../src/api/ref.ts';
import * as r from '../../src/api/resource.ts';
import { configMap, failure, LIVE, NS, soon, v1Pool, type Real } from './real.ts';

export function describeWaiting(real: Real): void {
  describe('waiting', () => {
    const target = ref(r.CONFIG_MAP, NS, 'awaited');

    it('sees the object come, change and go, by watching', async () => {
      const seen: string[] = [];
      const look = (object: KubeObject | null) => {
        seen.push(object === null ? 'absent' : String(object['data'].value));
        return object === null && seen.length > 1;
      };
      const waiting = real.cluster.waitFor(target, look, { timeoutMs: 20_000, what: 'the end' });
      await soon(() => seen.length === 1);
      await real.cluster.apply(configMap('awaited', 'a'), LIVE);
      await soon(() => seen.includes('a'));
      await real.cluster.apply(configMap('awaited', 'b'), LIVE);
      await soon(() => seen.includes('b'));
      await real.cluster.delete(target, LIVE);
      expect(await waiting).to.equal(null);
      expect(seen[0]).to.equal('absent');
      expect(seen.at(-1)).to.equal('absent');
    });

    it('ends with exit code 124 and what it waited for', async () => {
      const error = await failure(
        real.cluster.waitFor(target, () => false, { timeoutMs: 300, what: 'config map awaited to settle' }),
      );
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).exitCode).to.equal(EXIT.timeout);
      expect(error.message).to.equal('Timed out after 0.3 s waiting for config map awaited to settle');
    });

    it('outlasts a kind that is installed later', async () => {
      const pool = ref(r.V1_POOL, NS, 'later');
      let looks = 0;
      const there = (object: KubeObject | null) => ++looks > 0 && object !== null;
      const waiting = real.cluster.waitFor(pool, there, { timeoutMs: 40_000, what: 'the v1 pool' });
      await soon(() => looks > 0);
      await real.lab.installCrds(['gie-v1.0.1']);
      await real.cluster.apply(v1Pool('later'), LIVE);
      expect((await waiting)!.metadata.name).to.equal('later');
    });

    it('says at once when watching is not allowed', async () => {
      const restricted = await real.as(await real.lab.addUser('nothing', []));
      const error = await failure(restricted.waitFor(target, () => false, { timeoutMs: 20_000, what: 'it' }));
      expect(error.message).to.match(/^Cannot wait for it: .*cannot list resource "configmaps"/);
    });
  });
}
