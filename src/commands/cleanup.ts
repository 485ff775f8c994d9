import type { Cluster } from '../api/cluster.ts';
import { shellWord } from '../api/shellWord.ts';
import { EXIT, type ExitCode } from '../api/errors.ts';
import type { Finding } from '../api/finding.ts';
import type { Interlock } from '../api/interlock.ts';
import { ADVISED_RELATIONS, type Inventory, type PoolEntry } from '../api/inventory.ts';
import { MIGRATED_FROM_ANNOTATION } from '../api/names.ts';
import { ref, refKey, refOf, sameRef, type Ref } from '../api/ref.ts';
import { ALPHA_POOL } from '../api/resource.ts';
import { objectOf } from '../inventory/build.ts';
import { verificationInterlocks, type OwnerHandling } from '../cleanup/interlocks.ts';
import { planCleanup, type CleanupPlan } from '../cleanup/plan.ts';
import { ADVISORY_RESOURCES } from '../inventory/advisory/wanted.ts';
import { safe } from '../report/text.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { claimsOn, clearClaims } from './claimed.ts';
import { backupPath, writeBackup } from './backupFile.ts';
import { cleanupTarget, liveCrds } from './cleanupReads.ts';
import { on, text, type Args, type Command } from './command.ts';
import type { Context } from './context.ts';
import { execute } from './execute.ts';
import { connectionFlags, outputFlag, scopeFlags, writeFlags } from './flags.ts';
import { interruptedReleases, ReleaseGone } from './interruptedReleases.ts';
import { givenPairs } from './pairs.ts';
import { selectPools } from './select.ts';
import { enforce, readWorld, showFindings, withCluster, writeScope, type World } from './session.ts';
import { tellUnread } from './unread.ts';
import { PROBE_FLAGS, verifyEntries } from './verification.ts';

export const cleanup: Command = {
  name: 'cleanup',
  positionals: '[POOL...]',
  summary: 'Delete what remains of v1alpha2, in the right order, after a backup',
  description:
    'Policies, InferenceModels, the endpoint picker, the alpha pool; with --crds the two alpha CRDs, only when no object of them is left in any namespace. Refuses while a route points at the pool, while the v1 side does not verify, or while something could not be read. InferenceObjectives stay.',
  flags: {
    ...scopeFlags,
    crds: { type: 'boolean', describe: 'Delete the two alpha CRDs at the end' },
    'helm-uninstall': { type: 'boolean', describe: 'Pools that Helm installed: uninstall their release' },
    'ignore-owner': { type: 'boolean', describe: 'Delete one by one what Helm, Argo CD or Flux look after' },
    backup: { type: 'string', describe: 'Path of the backup file (default: ./infpool-backup-TIME.yaml)' },
    ...PROBE_FLAGS,
    ...outputFlag(['table', 'json', 'yaml', 'diff']),
    ...writeFlags,
    ...connectionFlags,
  },
  examples: [
    ['cleanup --dry-run=client', 'Show what would be deleted'],
    ['cleanup my-pool --helm-uninstall', 'A pool that Helm installed'],
    ['cleanup --crds', 'The last one: and the CRDs'],
  ],
  run: (args, context) => withCluster(args, context, (cluster) => cleanUp(cluster, args, context)),
};

const READS = 3;
const PAUSE_MS = 1000;

export async function cleanUp(cluster: Cluster, args: Args, context: Context): Promise<ExitCode> {
  for (let read = 1; ; read++)
    try {
      return await cleanUpAsRead(cluster, args, context);
    } catch (error) {
      // Run again after we were killed, while our own helm was still at it: once more, on what there is now.
      if (!(error instanceof ReleaseGone) || read === READS) throw error;
      context.stderr.write(
        `${safe(error.message)} Looking again, in case another helm is uninstalling it just now.\n`,
      );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
}

async function cleanUpAsRead(cluster: Cluster, args: Args, context: Context): Promise<ExitCode> {
  const namespace = writeScope(args, cluster);
  const world = await readWorld(cluster, '', [...VERIFY_RESOURCES, ...ADVISORY_RESOURCES], givenPairs(args));
  const selected = selectPools(world.inventory, args.positionals, {
    namespace,
    selector: text(args, 'selector') ?? '',
  });
  const entries = selected.filter((entry) => entry.phase !== 'Done');
  const owners = ownerHandling(args);
  const targets = await Promise.all(entries.map((entry) => cleanupTarget(entry, world, cluster, owners)));
  const crdObjects = on(args, 'crds') ? await liveCrds(cluster) : [];
  const uninstalling = owners === 'helm-uninstall' ? await interruptedReleases(cluster, namespace) : [];
  // Of a pool that has gone since the world was read it is known already what goes with it.
  const interrupted = uninstalling.filter(({ pool }) => !entries.some((entry) => sameRef(entry.ref, pool)));
  const crds = on(args, 'crds');
  const plan = planCleanup(targets, world.inventory, { owners, crds, crdObjects, interrupted });
  const verified = await verifyV1(entries, world, args);
  const claims = await claimsOn(
    cluster,
    entries.map(({ ref }) => ref),
    context,
  );
  const gone = await claimsOn(cluster, alphasThatWere(selected, world.inventory), context);
  const left = { ...claims, over: [...claims.over, ...gone.over] };
  tellUnread({ unread: world.inventory.unread.filter(({ advisory }) => advisory) }, context);
  showFindings([...plan.findings, ...leftToOthers(plan, entries, world.inventory)], context);
  enforce([...plan.interlocks, ...verified, ...claims.interlocks], args, context);
  if (plan.steps.length === 0) {
    context.stderr.write(
      `Nothing to clean up ${namespace === '' ? 'in any namespace' : `in namespace ${namespace}`}: no alpha pool is left${on(args, 'crds') ? ', and no alpha CRD' : ''}.\n`,
    );
    if (on(args, 'yes') && !isShowing(args)) await clearClaims(cluster, left, context);
    return EXIT.ok;
  }
  const path = backupPath(args, context);
  const result = await execute({
    plan: { objects: [], steps: plan.steps, findings: plan.findings },
    cluster,
    args,
    context,
    question: `Delete ${plan.backup.length} objects? A backup is written first: ${path}`,
    released: plan.backup,
    beforeWrite: () => writeBackup(path, plan, cluster.server, context),
  });
  if (result.state === 'shown') return result.exitCode;
  await clearClaims(cluster, left, context);
  context.stderr.write(`Done. To undo: kubectl infpool restore -f ${shellWord(path)}\n`);
  return EXIT.ok;
}

/** What the flags say of objects that Helm, Argo CD or Flux look after. */
export function ownerHandling(args: Args): OwnerHandling {
  if (on(args, 'helm-uninstall')) return 'helm-uninstall';
  return on(args, 'ignore-owner') ? 'ignore' : 'refuse';
}

// A run that was killed after it had deleted the pool left its claim on it: v1 remembers which pool that was.
function alphasThatWere(entries: readonly PoolEntry[], inventory: Inventory): Ref[] {
  return entries.flatMap((entry) => {
    const was =
      entry.phase === 'Done' &&
      objectOf(inventory, entry.ref)?.metadata.annotations?.[MIGRATED_FROM_ANNOTATION];
    return was ? [ref(ALPHA_POOL, entry.ref.namespace, was)] : [];
  });
}

/** A dry run or a diff: nothing is written. */
export const isShowing = (args: Args) =>
  text(args, 'output') === 'diff' || (text(args, 'dry-run') ?? 'none') !== 'none';

// What points at the pools and is not ours to take away: it will point at nothing.
function leftToOthers(plan: CleanupPlan, entries: readonly PoolEntry[], { findings }: Inventory): Finding[] {
  const gone = new Set(plan.backup.map((object) => refKey(refOf(object))));
  const left = new Set(
    entries
      .flatMap(({ references }) => references)
      .filter(({ relation }) => ADVISED_RELATIONS.has(relation))
      .map(({ from }) => refKey(from))
      .filter((key) => !gone.has(key)),
  );
  return findings.filter(({ ref }) => ref && left.has(refKey(ref)));
}

// Only where something takes over is there a v1 side to look at; without one another interlock holds.
async function verifyV1(entries: readonly PoolEntry[], world: World, args: Args): Promise<Interlock[]> {
  const taken = entries.filter((entry) => entry.v1);
  const results = await Promise.all(taken.map((entry) => verifyEntries([entry], world, args)));
  return taken.flatMap((entry, index) => verificationInterlocks(entry, results[index]!));
}
