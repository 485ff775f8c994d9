import { EXIT, type ExitCode } from '../api/errors.ts';
import { shellWord } from '../api/shellWord.ts';
import type { Step } from '../api/plan.ts';
import { refOf } from '../api/ref.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { planCleanup } from '../cleanup/plan.ts';
import { objectsOf } from '../inventory/build.ts';
import { patchStep } from '../traffic/patch.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { splitRoute } from '../traffic/split.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { backupPath, writeBackup } from './backupFile.ts';
import { claimLocks, type Claiming } from './claimed.ts';
import { cleanupTarget, liveCrds } from './cleanupReads.ts';
import { on, text, type Args } from './command.ts';
import type { Context } from './context.ts';
import { conversionOf } from './conversion.ts';
import { Downtime } from './downtime.ts';
import { execute } from './execute.ts';
import { durationMs } from './flags.ts';
import { phaseOneInterlocks, planPhaseOne } from './phaseOne.ts';
import { givenPairs } from './pairs.ts';
import { completeness, enforce, readWorld, showFindings } from './session.ts';
import { probeTargets } from './verification.ts';

// That the pool has traffic and no counterpart is the point of this way, and the question says so.
const MEANT = new Set(['still-referenced', 'no-counterpart']);

/** The way with downtime: alpha goes, v1 comes, the routes follow. Needs room for one endpoint picker, not for two. */
export async function simple(claiming: Claiming, args: Args, context: Context): Promise<ExitCode> {
  const { cluster } = claiming;
  const prepared = await conversionOf(cluster, args, context);
  if (prepared.pools.length === 0) {
    context.stderr.write(`No alpha pool is left to migrate ${prepared.scope}.\n`);
    return completeness(prepared.inventory);
  }
  const world = await readWorld(cluster, '', VERIFY_RESOURCES, givenPairs(args));
  const owners = on(args, 'ignore-owner') ? 'ignore' : 'helm-uninstall';
  const targets = await Promise.all(
    prepared.pools.map((entry) => cleanupTarget(entry, world, cluster, owners)),
  );
  const crdObjects = on(args, 'crds') ? await liveCrds(cluster) : [];
  const removal = planCleanup(targets, world.inventory, { owners, crds: on(args, 'crds'), crdObjects });
  const arrival = await planPhaseOne(prepared, cluster, args);
  const pairs: PoolPair[] = prepared.conversion.units.flatMap((unit) =>
    unit.pool ? [{ alpha: refOf(unit.alpha), v1: refOf(unit.pool) }] : [],
  );
  const moves = objectsOf(world.inventory, HTTP_ROUTE)
    .map((route) => splitRoute(route, pairs, pairs, 100))
    .filter((change) => change.changed)
    .map((change): Step => patchStep(change, 'to the v1 pool only'));
  // The alpha CRDs that go here must not come back with the release's own copy of them.
  const goes = new Set(crdObjects.map((crd) => crd.metadata.name));
  const coming = arrival.steps.filter((step) => !(step.action === 'crd' && goes.has(step.ref.name)));
  const plan = {
    objects: arrival.objects,
    steps: [...removal.steps, ...coming, ...moves],
    findings: [...removal.findings, ...arrival.findings],
  };
  const claimed = prepared.pools.map((entry) => entry.ref);
  showFindings(plan.findings, context);
  enforce(
    [
      ...(await claimLocks(claiming, claimed, args, context)),
      ...removal.interlocks.filter(({ finding }) => !MEANT.has(finding.id)),
      ...phaseOneInterlocks(prepared, arrival, args),
    ],
    args,
    context,
  );

  const path = backupPath(args, context);
  const downtime = new Downtime(
    args['probe'] === false ? undefined : probeTargets(prepared.pools, world.inventory, args).targets[0],
    context,
  );
  try {
    const result = await execute({
      plan,
      cluster,
      args,
      context,
      question: `This has downtime: requests fail from the first deletion until the v1 pool serves. Go on? A backup is written first: ${path}`,
      released: removal.backup,
      beforeWrite: async () => {
        await claiming.claim(claimed);
        await writeBackup(path, removal, cluster.server, context);
        downtime.start();
      },
    });
    if (result.state === 'shown') return result.exitCode;
    const seconds = await downtime.untilServed(durationMs('timeout', text(args, 'timeout') ?? '5m'));
    context.stderr.write(
      seconds === null
        ? 'The downtime was not measured: no request could be sent (give --model or --address).\n'
        : `Downtime: ${seconds.toFixed(1)} s without a 2xx.\n`,
    );
    context.stderr.write(
      `Done. Check: kubectl infpool verify. To undo: kubectl infpool restore -f ${shellWord(path)}, then kubectl infpool rollback\n`,
    );
    return EXIT.ok;
  } finally {
    downtime.stop();
  }
}
