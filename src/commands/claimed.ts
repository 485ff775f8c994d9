import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Interlock } from '../api/interlock.ts';
import type { KubeObject } from '../api/object.ts';
import { describeRef, type Ref } from '../api/ref.ts';
import { ALPHA_GROUP, LEASE, qualifiedName } from '../api/resource.ts';
import { Claims, takeOverHint, type Surroundings } from '../claim/claims.ts';
import { deleteClaim } from '../claim/deleteClaim.ts';
import { guarded } from '../claim/guard.ts';
import { claimText, standingOf } from '../claim/holder.ts';
import { CLAIM_VERBS, claimIn, leaseRef, RENEW_MS } from '../claim/lease.ts';
import { safe } from '../report/text.ts';
import { on, type Args } from './command.ts';
import type { Context } from './context.ts';

/** What stands in the cluster of other runs, seen before anything is decided. */
export interface ClaimsSeen {
  readonly interlocks: readonly Interlock[];
  /** Of runs that are over, and gave nothing back. */
  readonly over: readonly KubeObject[];
}

/** Who else migrates these pools just now. A claim of ours is none. */
export async function claimsOn(
  cluster: Cluster,
  pools: readonly Ref[],
  context: Context,
): Promise<ClaimsSeen> {
  // v1 pools have no claim of their own: what is done with them has to do with an alpha pool that is there, or with none.
  const alphas = pools.filter(({ group }) => group === ALPHA_GROUP);
  const reads = await Promise.all(
    alphas.map(async (pool) => ({ pool, read: await cluster.get(leaseRef(pool)) })),
  );
  const interlocks: Interlock[] = [];
  const over: KubeObject[] = [];
  for (const { pool, read } of reads) {
    if (read.state === 'absent') continue;
    if (read.state !== 'ok') {
      context.stderr.write(
        `Whether somebody is migrating pool ${safe(pool.name)} is not known: ${safe(read.message)}\n`,
      );
      continue;
    }
    const claim = claimIn(read.object);
    const standing = standingOf(claim, context.holder(), context.now(), context.runs);
    if (standing === 'over' || standing === 'silent') over.push(read.object);
    if (standing === 'live')
      interlocks.push({
        forceable: true,
        finding: {
          id: 'pool-claimed',
          severity: 'error',
          ref: pool,
          field: '',
          message: `It ${claimText(claim, context.now())}; two at once would undo each other's steps.`,
          hint: takeOverHint(pool),
        },
      });
  }
  return { interlocks, over };
}

/** Removes what runs left that are over. It is a courtesy: who may not do it has done the rest all the same. */
export async function clearClaims(cluster: Cluster, { over }: ClaimsSeen, context: Context): Promise<void> {
  for (const lease of over) {
    const gone = ({ metadata }: KubeObject) => metadata.resourceVersion === lease.metadata.resourceVersion;
    await deleteClaim(cluster, lease, gone).catch(() =>
      context.stderr.write(
        `${describeRef(leaseOf(lease))}, the claim of a run that is over, could not be removed; it has no effect.\n`,
      ),
    );
  }
}

function leaseOf({ metadata: { name, namespace = '' } }: KubeObject): Ref {
  return { group: LEASE.group, version: LEASE.version, kind: LEASE.kind, namespace, name };
}

/** What `work` gets to write with: nothing goes out through `cluster` once a claim is lost. */
export interface Claiming {
  readonly cluster: Cluster;
  /** Takes the claims on these pools; to be called after the yes and before the first write. */
  claim(pools: readonly Ref[]): Promise<void>;
  /** @throws UserError once a claim was lost */
  standFast(): void;
}

/** Does `work` with claims that are renewed as long as it takes, and given back however it ends, by Ctrl-C too. */
export async function withClaims<T>(
  cluster: Cluster,
  args: Args,
  context: Context,
  work: (claiming: Claiming) => Promise<T>,
): Promise<T> {
  const around: Surroundings = {
    me: context.holder(),
    now: () => context.now(),
    runs: (pid) => context.runs(pid),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    say: (line) => context.stderr.write(`${safe(line)}\n`),
  };
  const claims = new Claims(cluster, around);
  const forget = context.onInterrupt(() =>
    claims.release(new UserError('Interrupted.', { exitCode: EXIT.interrupted })),
  );
  let timer: ReturnType<typeof setInterval> | undefined;
  try {
    return await work({
      cluster: guarded(cluster, claims),
      async claim(pools) {
        if (!(await mayClaim(cluster, pools, context))) return;
        timer ??= setInterval(() => void claims.renew(), RENEW_MS);
        await claims.take(pools, on(args, 'take-over'));
      },
      standFast: () => claims.standFast(),
    });
  } finally {
    clearInterval(timer);
    await claims.release();
    forget();
  }
}

/** What keeps a migration from beginning: another run, unless it is to be taken over. */
export async function claimLocks(
  { cluster }: Claiming,
  pools: readonly Ref[],
  args: Args,
  context: Context,
): Promise<Interlock[]> {
  if (on(args, 'take-over')) return [];
  const { interlocks } = await claimsOn(cluster, pools, context);
  return interlocks.map((interlock) => ({ ...interlock, forceable: false }));
}

// Who has every other right is not kept from migrating by this one, but has to know.
async function mayClaim(cluster: Cluster, pools: readonly Ref[], context: Context): Promise<boolean> {
  const namespaces = [...new Set(pools.map(({ namespace }) => namespace))];
  const asked = namespaces.flatMap((namespace) => CLAIM_VERBS.map((verb) => ({ namespace, verb })));
  const answers = await Promise.all(
    asked.map(async (one) => ({ ...one, may: await cluster.allowed(one.verb, LEASE, one.namespace) })),
  );
  const missing = answers.find(({ may }) => may === false);
  if (!missing) return true;
  context.stderr.write(
    `Warning: you may not "${missing.verb}" ${qualifiedName(LEASE)} in namespace ${missing.namespace}, so others are not told that you migrate these pools. Going on without.\n`,
  );
  return false;
}
