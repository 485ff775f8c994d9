// Requests through the Gateway: a sample of a hundred to see the shares, and a client that never stops while
// everything is being changed under it.
import { setTimeout as sleep } from 'node:timers/promises';
import { complete } from '../../test/lab/scenarios/building-blocks.ts';
import type { Stage } from './stage.ts';

export interface Tally {
  requests: number;
  ok: number;
  /** of the v1 pool and of the alpha pool, as the Gateway's answer says */
  v1: number;
  alpha: number;
  /** what was answered instead of 200, the first few */
  failures: string[];
}

const empty = (): Tally => ({ requests: 0, ok: 0, v1: 0, alpha: 0, failures: [] });

async function ask({ url, model }: Stage, tally: Tally): Promise<void> {
  tally.requests++;
  try {
    const { status, pool, body } = await complete(url, model);
    if (status === 200) tally.ok++;
    else tally.failures.push(`${status} ${body.trim().slice(0, 80)}`);
    if (pool?.startsWith('inference.networking.k8s.io/')) tally.v1++;
    if (pool?.startsWith('inference.networking.x-k8s.io/')) tally.alpha++;
  } catch (error) {
    tally.failures.push(String((error as Error).cause ?? error));
  }
}

export async function sample(stage: Stage, requests = 100): Promise<Tally> {
  const tally = empty();
  for (let done = 0; done < requests; done += 10)
    await Promise.all(Array.from({ length: 10 }, () => ask(stage, tally)));
  return tally;
}

export interface Client {
  readonly tally: Tally;
  /** resolves once its last request was answered */
  stop(): Promise<Tally>;
}

const EVERY_MS = 50;

export function startClient(stage: Stage): Client {
  const tally = empty();
  const stopping = new AbortController();
  const open = new Set<Promise<void>>();
  const over = (async () => {
    while (!stopping.signal.aborted) {
      const request = ask(stage, tally).finally(() => open.delete(request));
      open.add(request);
      await sleep(EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    tally,
    async stop() {
      stopping.abort();
      await over;
      await Promise.all(open);
      return tally;
    },
  };
}
