import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import { refOf, sameRef, type Ref } from '../api/ref.ts';
import { shellWord } from '../api/shellWord.ts';
import type { CleanupOptions, CleanupTarget } from '../cleanup/plan.ts';
import { objectOf } from '../inventory/build.ts';
import { safe } from '../report/text.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { backupPath, writeBackup } from './backupFile.ts';
import { claimLocks, claimsOn, clearClaims, type Claiming } from './claimed.ts';
import { isShowing } from './cleanup.ts';
import { cleanupTarget, liveCrds } from './cleanupReads.ts';
import { on, text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { nothingToMigrate, type Prepared } from './conversion.ts';
import { Downtime } from './downtime.ts';
import { execute } from './execute.ts';
import { durationMs } from './flags.ts';
import { interruptedReleases } from './interruptedReleases.ts';
import { ownedChanges } from './owned.ts';
import { phaseOneInterlocks, planPhaseOne } from './phaseOne.ts';
import type { Recalled } from './recalled.ts';
import { completeness, enforce, showFindings, writeScope, type World } from './session.ts';
import { ATTEMPTS, keptChanging } from './shift.ts';
import { lookWhole } from './simpleLook.ts';
import { planSimple, type SimplePlan } from './simplePlan.ts';
import { requireNoneStranded } from './stranded.ts';
import { probeTargets } from './verification.ts';

// That the pool has traffic and no counterpart is the point of this way, and the question says so.
const MEANT = new Set(['still-referenced', 'no-counterpart']);

/**
 * The way with downtime: alpha goes, v1 comes, the routes follow. Needs room for one endpoint picker, not for two. Interrupted
 * and run again, it goes on from the state of the cluster and from its backup.
 */
export async function simple(claiming: Claiming, args: Args, context: Context): Promise<ExitCode> {
  if (text(args, 'record') !== undefined)
    throw new UserError('--record keeps what is seen at the steps of a migration; --simple has none.', {
      hint: 'Leave out one of the two.',
    });
  const run = new SimpleRun(claiming, args, context);
  try {
    return await run.through();
  } finally {
    run.downtime?.stop();
  }
}

class SimpleRun {
  readonly #claiming: Claiming;
  readonly #context: Context;
  #args: Args;
  /** The backups that have what is gone. */
  #backups: readonly string[] = [];
  downtime: Downtime | undefined;

  constructor(claiming: Claiming, args: Args, context: Context) {
    this.#claiming = claiming;
    this.#args = args;
    this.#context = context;
  }

  async through(): Promise<ExitCode> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#once();
      if ('exitCode' in result) return result.exitCode;
      if (result.conflicts.length === 0) return this.#served();
      if (attempt === ATTEMPTS) throw await keptChanging(this.#claiming.cluster, result.conflicts);
      this.#args = { ...this.#args, yes: true }; // it was said
    }
  }

  // One look at the cluster, and what there is to do by it.
  async #once(): Promise<{ conflicts: readonly Ref[] } | { exitCode: ExitCode }> {
    const [args, context, { cluster }] = [this.#args, this.#context, this.#claiming];
    const { world, recalled, prepared } = await lookWhole(cluster, args, context);
    if (prepared.pools.length === 0) {
      requireNoneStranded(world.inventory, writeScope(args, cluster));
      context.stderr.write(nothingToMigrate(prepared));
      return { exitCode: completeness(prepared.inventory) };
    }
    const arrival = await planPhaseOne(prepared, cluster, args);
    const plan = planSimple(arrival, {
      ...(await this.#leaving(prepared, world)),
      pairs: prepared.conversion.units.flatMap((unit): PoolPair[] =>
        unit.pool ? [{ alpha: refOf(unit.alpha), v1: refOf(unit.pool) }] : [],
      ),
      inventory: world.inventory,
    });
    const claimed = prepared.pools.map((entry) => entry.ref);
    showFindings(plan.findings, context);
    enforce(
      [
        ...(await claimLocks(this.#claiming, claimed, args, context)),
        ...plan.interlocks.filter(({ finding }) => !MEANT.has(finding.id)),
        ...phaseOneInterlocks(prepared, arrival, args),
        ...ownedChanges(plan.moves, args, world.snapshot),
      ],
      args,
      context,
    );
    if (plan.steps.length === 0) return this.#nothingLeft(claimed);
    if (recalled.files.length > 0)
      context.stderr.write(
        `Going on where a run was interrupted. What it had deleted is in ${recalled.files.map(safe).join(', ')}.\n`,
      );
    const targets = probeTargets(prepared.pools, prepared.inventory, args).targets;
    this.downtime ??= new Downtime(args['probe'] === false ? undefined : targets[0], context);
    return this.#carryOut(plan, claimed, recalled);
  }

  // What there is of alpha, and how it goes.
  async #leaving(
    { pools }: Prepared,
    world: World,
  ): Promise<{ targets: CleanupTarget[]; options: CleanupOptions }> {
    const [args, { cluster }] = [this.#args, this.#claiming];
    const owners = on(args, 'ignore-owner') ? 'ignore' : 'helm-uninstall';
    const there = pools.filter(({ ref }) => objectOf(world.inventory, ref));
    const targets = await Promise.all(there.map((entry) => cleanupTarget(entry, world, cluster, owners)));
    const crds = on(args, 'crds');
    const crdObjects = crds ? await liveCrds(cluster) : [];
    const uninstalling =
      owners === 'helm-uninstall' ? await interruptedReleases(cluster, writeScope(args, cluster)) : [];
    // Of a pool that has gone since the world was read it is known already what goes with it.
    const interrupted = uninstalling.filter(({ pool }) => !there.some(({ ref }) => sameRef(ref, pool)));
    return { targets, options: { owners, crds, crdObjects, interrupted } };
  }

  async #carryOut(
    plan: SimplePlan,
    claimed: readonly Ref[],
    { files }: Recalled,
  ): Promise<{ conflicts: readonly Ref[] } | { exitCode: ExitCode }> {
    const [args, context, { cluster }] = [this.#args, this.#context, this.#claiming];
    // What a run that was interrupted has kept stays as it is.
    const named = backupPath(args, context);
    const path = files.includes(named) ? backupPath({ ...args, backup: undefined }, context) : named;
    const keeps = plan.backup.length > 0;
    let begun = false;
    try {
      const result = await execute({
        plan,
        cluster,
        args,
        context,
        replans: true,
        question: `This has downtime: requests fail from the first deletion until the v1 pool serves. Go on?${keeps ? ` A backup is written first: ${path}` : ''}`,
        released: plan.backup,
        beforeWrite: async () => {
          await this.#claiming.claim(claimed);
          if (keeps) await writeBackup(path, plan, cluster.server, context, true);
          this.#backups = [...new Set([...files, ...(keeps ? [path] : [])])];
          begun = true;
          this.downtime?.start();
        },
      });
      return result.state === 'shown' ? { exitCode: result.exitCode } : result;
    } catch (error) {
      if (begun)
        context.stderr.write(
          `The migration is not finished, and requests may fail meanwhile. Run the same command again from here: it goes on, by ${this.#backups.map(safe).join(', ')}. To go back: ${this.#undo()}\n`,
        );
      throw error;
    }
  }

  async #nothingLeft(claimed: readonly Ref[]): Promise<{ exitCode: ExitCode }> {
    const [args, context, { cluster }] = [this.#args, this.#context, this.#claiming];
    // A run that was killed when all was done has left its claims.
    if (on(args, 'yes') && !isShowing(args))
      await clearClaims(cluster, await claimsOn(cluster, claimed, context), context);
    context.stderr.write('Nothing is left to do. Check: kubectl infpool verify\n');
    return { exitCode: EXIT.ok };
  }

  async #served(): Promise<ExitCode> {
    const [args, context] = [this.#args, this.#context];
    const timeoutMs = durationMs('timeout', text(args, 'timeout') ?? '5m');
    const seconds = (await this.downtime?.untilServed(timeoutMs)) ?? null;
    context.stderr.write(
      seconds === null
        ? 'The downtime was not measured: no request could be sent (give --model or --address).\n'
        : `Downtime: ${seconds.toFixed(1)} s without a 2xx.\n`,
    );
    context.stderr.write(`Done. Check: kubectl infpool verify. To undo: ${this.#undo()}\n`);
    return EXIT.ok;
  }

  #undo(): string {
    const restores = this.#backups.map((path) => `kubectl infpool restore -f ${shellWord(path)}, then `);
    return `${restores.join('')}kubectl infpool rollback`;
  }
}
