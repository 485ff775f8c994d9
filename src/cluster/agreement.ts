// Two answers of one API server that disagree on what there is. It needs a moment after a CRD came or went, and of several
// API servers one may be behind: so it is asked again, a few times, before that is called unreadable.
import { setTimeout as sleep } from 'node:timers/promises';
import type { GetRead, ListRead, Unread } from '../api/read.ts';
import type { Resource } from '../api/resource.ts';
import type { Served } from './list.ts';

/** Before each time, in ms; two seconds together. */
const PAUSES_MS = [0, 100, 300, 600, 1000];
/** Where the answers themselves take long, it is not asked again after this. */
const PATIENCE_MS = 3000;

const BOTH: Unread = {
  state: 'failed',
  message: 'the API server says that it serves this kind, and that there is none (404)',
};

export class Agreement {
  private readonly pausesMs: readonly number[];

  /** @param pausesMs before each time that it looks again */
  constructor(pausesMs: readonly number[] = PAUSES_MS) {
    this.pausesMs = pausesMs;
  }

  /** @param look null while the answers disagree */
  async reached<T>(look: () => Promise<T | null>): Promise<T | Unread> {
    const began = performance.now();
    for (const pause of this.pausesMs) {
      if (performance.now() - began > PATIENCE_MS) break;
      if (pause > 0) await sleep(pause);
      const found = await look();
      if (found !== null) return found;
    }
    return BOTH;
  }

  /** "Not installed" decides on deletions, so one 404 does not do: discovery has to say the same. */
  async confirmed(
    discovered: Served,
    resource: Resource,
    found: ListRead,
    list: (resource: Resource) => Promise<ListRead>,
  ): Promise<ListRead> {
    if (found.state !== 'notInstalled' || !(await discovered.has(resource))) return found;
    return this.reached(async () => {
      const again = await list(resource);
      return again.state === 'notInstalled' && (await discovered.anew().has(resource)) ? null : again;
    });
  }

  /** A CRD that is not there, while its objects could be listed: which of them it is. */
  async eitherOf(
    discovered: Served,
    resource: Resource,
    getCrd: () => Promise<GetRead>,
    list: (resource: Resource) => Promise<ListRead>,
  ): Promise<{ crd: GetRead; list?: ListRead }> {
    const found = await this.reached(async () => {
      const crd = await getCrd();
      if (crd.state !== 'absent') return { crd };
      const again = await list(resource);
      const gone = again.state === 'notInstalled' && !(await discovered.anew().has(resource));
      return gone ? { crd, list: again } : null;
    });
    return 'crd' in found ? found : { crd: found };
  }
}
