import { WriteRefused, type ClusterReader, type ClusterWriter } from '../api/cluster.ts';
import { shellWord } from '../api/shellWord.ts';
import { kubectl } from '../api/kubectl.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { KubeObject } from '../api/object.ts';
import { isUnread } from '../api/read.ts';
import { describeRef, refKey, refOf, type Ref } from '../api/ref.ts';
import { deleteClaim } from './deleteClaim.ts';
import { claimText, holderText, standingOf, type Holder } from './holder.ts';
import { CLAIM_SECONDS, claimIn, leaseFor, leaseRef, RENEW_MS, renewPatch, takeOverPatch } from './lease.ts';

/** What claiming needs of the world. */
export interface Surroundings {
  readonly me: Holder;
  now(): Date;
  /** Whether a process of that id runs here. */
  runs(pid: number): boolean;
  pause(ms: number): Promise<void>;
  say(line: string): void;
}

const ATTEMPTS = 5;
/** A claim whose time seems over is watched for this long: the clocks of two machines may differ. */
const DOUBT_MS = 1.5 * RENEW_MS;
/** A write within this time of a sign that we hold the claim needs no other. */
const FRESH_MS = 1000;

interface Held {
  readonly pool: Ref;
  readonly lease: KubeObject;
  /** when the API server last took a sign of life, in ms since 1970 */
  readonly at: number;
}

/** The claims of one run on its pools: taken, kept, and given back. */
export class Claims {
  private readonly cluster: ClusterReader & ClusterWriter;
  private readonly around: Surroundings;
  private readonly held = new Map<string, Held>();
  private ended: UserError | null = null;
  private renewing: Promise<void> | null = null;
  private taking: Promise<void> | null = null;
  /** Why the last write of a claim came to nothing, where that was not somebody else. */
  private trouble: UserError | null = null;
  /** Why the last sign of life did not arrive. */
  private unheard: UserError | WriteRefused | null = null;

  constructor(cluster: ClusterReader & ClusterWriter, around: Surroundings) {
    this.cluster = cluster;
    this.around = around;
  }

  /** @throws UserError (exit 3) that says who is at it, where another run holds one of them */
  async take(pools: readonly Ref[], takeOver: boolean): Promise<void> {
    this.taking = this.takeAll(pools, takeOver);
    await this.taking;
  }

  private async takeAll(pools: readonly Ref[], takeOver: boolean): Promise<void> {
    for (const pool of pools) {
      this.standFast();
      const lease = await this.takeOne(pool, takeOver);
      this.held.set(refKey(pool), { pool, lease, at: this.now() });
    }
    this.standFast();
  }

  /** @throws UserError once a claim is another's, or was given back: then nothing may be written any more */
  standFast(): void {
    if (this.ended) throw this.ended;
  }

  /**
   * To be awaited before each write.
   * @throws UserError (exit 4) where no sign of life has arrived for so long that others may go on
   */
  async confirm(): Promise<void> {
    this.standFast();
    if (this.oldest().silence > FRESH_MS) await this.renew();
    this.standFast();
    const { pool, silence } = this.oldest();
    if (pool && silence > CLAIM_SECONDS * 1000) throw lapsed(pool, silence, this.unheard);
  }

  private now(): number {
    return this.around.now().getTime();
  }

  private oldest(): { pool: Ref | null; silence: number } {
    let oldest: Held | null = null;
    for (const held of this.held.values()) if (!oldest || held.at < oldest.at) oldest = held;
    return { pool: oldest?.pool ?? null, silence: oldest ? this.now() - oldest.at : 0 };
  }

  /** A sign of life. A server that is away for a moment is no reason to stop. */
  async renew(): Promise<void> {
    this.renewing ??= this.renewAll().finally(() => (this.renewing = null));
    await this.renewing;
  }

  /** Gives back what is still ours. `because`: what whoever wants to write afterwards is told. */
  async release(because: UserError | null = null): Promise<void> {
    this.ended ??= because;
    // Ctrl-C may come while they are taken: nobody else would give them back.
    await this.taking?.catch(() => undefined);
    await this.renewing;
    const mine = [...this.held.values()];
    this.held.clear();
    await Promise.all(mine.map(({ lease }) => this.giveBack(lease)));
  }

  private async takeOne(pool: Ref, takeOver: boolean): Promise<KubeObject> {
    const { me, now } = this.around;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const lease = await this.look(pool);
      const written = lease
        ? await this.inherit(pool, lease, takeOver)
        : await this.attempt(() => this.cluster.create(leaseFor(pool, me, now()), { dryRun: 'none' }));
      if (written) return written;
    }
    if (this.trouble) throw this.trouble;
    throw new UserError(`${describeRef(leaseRef(pool))}, which claims pool ${pool.name}, kept changing.`, {
      exitCode: EXIT.refused,
      hint: `See who writes it: ${get(pool)}`,
    });
  }

  // Null: it has changed meanwhile.
  private async inherit(pool: Ref, lease: KubeObject, takeOver: boolean): Promise<KubeObject | null> {
    const { me, now, runs } = this.around;
    const claim = claimIn(lease);
    const standing = standingOf(claim, me, now(), runs);
    if (standing === 'ours') return lease;
    if (standing === 'live' && !takeOver) throw claimed(pool, lease, now());
    if (standing === 'silent' && !takeOver) {
      this.around.say(
        `Pool ${pool.namespace}/${pool.name} ${claimText(claim, now())}. Watching for ${DOUBT_MS / 1000} s whether it is still running …`,
      );
      await this.around.pause(DOUBT_MS);
      const later = await this.look(pool);
      if (later && later.metadata.resourceVersion !== lease.metadata.resourceVersion)
        throw claimed(pool, later, now());
    }
    const written = await this.attempt(() =>
      this.cluster.patch(leaseRef(pool), takeOverPatch(lease, me, now()), { dryRun: 'none' }),
    );
    if (written) this.around.say(takenOver(pool, claim.holder, standing));
    return written;
  }

  private async look(pool: Ref): Promise<KubeObject | null> {
    const read = await this.cluster.get(leaseRef(pool));
    if (isUnread(read))
      throw new UserError(
        `Whether somebody else is migrating pool ${pool.name} could not be read: ${read.message}`,
        {
          exitCode: EXIT.incomplete,
          hint: `What the API server says: ${get(pool)}`,
        },
      );
    return read.state === 'ok' ? read.object : null;
  }

  // Someone else was faster, or the answer was lost: look again.
  private async attempt(write: () => Promise<KubeObject>): Promise<KubeObject | null> {
    this.trouble = null;
    try {
      return await write();
    } catch (error) {
      if (error instanceof UserError) {
        this.trouble = error;
        return null;
      }
      if (error instanceof WriteRefused && ['conflict', 'exists'].includes(error.reason)) return null;
      if (error instanceof WriteRefused)
        throw new UserError(`The claim could not be written: ${error.message}`, { cause: error });
      throw error;
    }
  }

  private async renewAll(): Promise<void> {
    for (const { pool, lease } of [...this.held.values()]) {
      if (this.ended) return;
      const renewed = await this.renewOne(pool, lease).catch((error: unknown) => {
        if (!(error instanceof UserError || error instanceof WriteRefused)) throw error;
        this.unheard = error;
        return null;
      });
      if (!renewed) continue;
      this.unheard = null;
      this.held.set(refKey(pool), { pool, lease: renewed, at: this.now() });
    }
  }

  // Null: it is not known, and the next sign will tell.
  private async renewOne(pool: Ref, lease: KubeObject): Promise<KubeObject | null> {
    try {
      return await this.cluster.patch(leaseRef(pool), renewPatch(lease, this.around.now()), {
        dryRun: 'none',
      });
    } catch (error) {
      if (!(error instanceof WriteRefused) || !['conflict', 'absent'].includes(error.reason)) throw error;
    }
    const live = await this.cluster.get(leaseRef(pool));
    if (isUnread(live)) return null;
    if (live.state === 'absent')
      return this.cluster.create(leaseFor(pool, this.around.me, this.around.now()), { dryRun: 'none' });
    const claim = claimIn(live.object);
    if (standingOf(claim, this.around.me, this.around.now(), () => true) === 'ours') return live.object;
    this.held.delete(refKey(pool));
    this.ended = new UserError(
      `${holderText(claim.holder)} took over the migration of pool ${pool.namespace}/${pool.name} at ${claim.since}. This run has stopped, and has written nothing since.`,
      {
        exitCode: EXIT.refused,
        hint: `See how far it has come: kubectl infpool status ${shellWord(`${pool.namespace}/${pool.name}`)}`,
      },
    );
    return null;
  }

  private async giveBack(lease: KubeObject): Promise<void> {
    const ref = refOf(lease);
    const began = this.now();
    let said = false;
    const mine = (live: KubeObject) =>
      standingOf(claimIn(live), this.around.me, this.around.now(), () => true) === 'ours';
    // After that long it is nobody's claim any more, removed or not.
    const isWorthwhile = ({ message }: Error) => {
      if (!said)
        this.around.say(
          `The claim ${describeRef(ref)} could not be removed yet (${message}); trying again for ${CLAIM_SECONDS} s at most.`,
        );
      said = true;
      return this.now() - began < CLAIM_SECONDS * 1000;
    };
    try {
      await deleteClaim(this.cluster, lease, mine, isWorthwhile);
    } catch (error) {
      if (!(error instanceof UserError || error instanceof WriteRefused)) throw error;
      this.around.say(
        `The claim ${describeRef(ref)} could not be removed (${error.message}). It has no effect once this program has ended; to remove it by hand: ${kubectl('delete', ref)}`,
      );
    }
  }
}

/** Who is at it and since when, for whoever would be the second. */
export function claimed(pool: Ref, lease: KubeObject, now: Date): UserError {
  return new UserError(
    `Pool ${pool.namespace}/${pool.name} ${claimText(claimIn(lease), now)}. Nothing was written.`,
    { exitCode: EXIT.refused, hint: takeOverHint(pool) },
  );
}

// What whoever holds a Lease does that ran out: it writes nothing, since somebody else may be at it by now.
// The cause tells those who wait for an API server that is away that this may pass.
function lapsed(pool: Ref, silence: number, unheard: UserError | WriteRefused | null): UserError {
  return new UserError(
    `The claim on pool ${pool.namespace}/${pool.name} could not be renewed for ${Math.round(silence / 1000)} s, so somebody else may have gone on with its migration; nothing more is written${unheard ? `: ${unheard.message}` : '.'}`,
    {
      exitCode: EXIT.incomplete,
      hint: `Who holds it now: ${get(pool)}`,
      cause: unheard instanceof UserError ? unheard.cause : unheard,
    },
  );
}

export function takeOverHint(pool: Ref): string {
  return `Let it finish; or, if it is no longer running: kubectl infpool migrate ${shellWord(`${pool.namespace}/${pool.name}`)} --take-over`;
}

function takenOver(pool: Ref, from: Holder, standing: 'live' | 'over' | 'silent'): string {
  const why = {
    live: 'as --take-over says; that run stops before its next write',
    over: 'whose process has ended',
    silent: 'which gives no sign of life any more',
  }[standing];
  return `Took pool ${pool.namespace}/${pool.name} over from ${holderText(from)}, ${why}.`;
}

function get(pool: Ref): string {
  return `${kubectl('get', leaseRef(pool))} -o yaml`;
}
