import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { Interlock } from '../api/interlock.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { migrationTable, type StepSummary } from '../report/migration.ts';
import { paint, safe, shellWord } from '../report/text.ts';
import { parseSteps, remainingSteps } from '../rollout/schedule.ts';
import type { GatePolicy } from '../rollout/gate.ts';
import { decideStrategy, type Strategy } from '../traffic/strategy.ts';
import type { KubeObject } from '../api/object.ts';
import { sameRef } from '../api/ref.ts';
import { gatewaysOf } from '../verify/verify.ts';
import { claimLocks, type Claiming } from './claimed.ts';
import { text, on, type Args } from './command.ts';
import { cleanUp } from './cleanup.ts';
import { cleanupLocksAhead } from './cleanupAhead.ts';
import type { Context } from './context.ts';
import { conversionOf, nothingToMigrate, type Prepared } from './conversion.ts';
import { execute } from './execute.ts';
import { durationMs, flagsToRepeat } from './flags.ts';
import { holdGate } from './gate.ts';
import { nextCommand } from './next.ts';
import { phaseOneInterlocks, planPhaseOne } from './phaseOne.ts';
import { patiently } from './patiently.ts';
import { rightsInterlocks } from './preflight.ts';
import { Recorder, type Round } from './record.ts';
import { Rivals } from './rivals.ts';
import { namesAnyPair } from './routes.ts';
import { readWhole } from './readWhole.ts';
import { completeness, enforce, showFindings, writeScope, type World } from './session.ts';
import { shift } from './shift.ts';
import { stopped, summaryOf, tellStopped, turnedBack } from './stepEnds.ts';
import { requireNoneStranded } from './stranded.ts';
import { trafficStep } from './trafficStep.ts';

/** Fewer requests than this at one step prove nothing. */
const MIN_PROBES = 5;

/** The way without downtime. State lives in the cluster only: run again, it goes on from there. */
export async function gradual(claiming: Claiming, args: Args, context: Context): Promise<ExitCode> {
  const record = new Recorder(args, context, claiming.cluster.server);
  try {
    return await onTheWay(claiming, args, context, record);
  } catch (error) {
    record.end('failed', (error as Error).message);
    throw error;
  }
}

async function onTheWay(
  claiming: Claiming,
  args: Args,
  context: Context,
  record: Recorder,
): Promise<ExitCode> {
  const { cluster } = claiming;
  const asked = parseSteps(text(args, 'steps') ?? '');
  const policy = gatePolicy(args);
  const prepared = await conversionOf(cluster, args, context);
  if (prepared.pools.length === 0) return nothingLeft(prepared, cluster, args, context);
  const swap = swaps(prepared, args);
  const steps = swap ? [100] : asked;
  if (swap)
    context.stderr.write(
      'The controller serves v1 pools only, so the alpha pool is replaced in one step, with no shares in between.\n',
    );
  context.onInterrupt(() => tellStopped(context));
  const started = await phaseOne(prepared, claiming, args, context, steps);
  if (started !== null) return started;

  const pools = prepared.pools.map(({ ref }) => `${ref.namespace}/${ref.name}`);
  const summaries: StepSummary[] = [];
  const rivals = new Rivals(prepared.pools, prepared.inventory);
  const watch = ({ inventory }: World) => {
    claiming.standFast();
    rivals.look(inventory);
  };
  const onRound = (round: Round) => record.look(round);
  const gateFor = async (intervalMs: number) => {
    const request = { pools, intervalMs, patienceMs: context.patienceMs, policy, watch, onRound };
    const gate = await holdGate(cluster, args, context, request);
    record.gate(gate.decision);
    return gate;
  };
  record.begin(pools);
  const at = await currentPercent(cluster, args, context, pools);
  // Where alpha is not served at all there is nothing to compare with.
  if (at === 0 && !swap) {
    context.stderr.write('Baseline: how requests are answered before anything moves\n');
    record.step(0);
    const before = await gateFor(0);
    summaries.push(summaryOf(0, before, 0));
    if (before.decision.verdict !== 'pass') {
      record.end('stopped', before.decision.because);
      return stopped(summaries, 0, before, context);
    }
  }
  for (const percent of remainingSteps(steps, at)) {
    const from = context.now().getTime();
    context.stderr.write(`${paint(context.style, 'bold', `Step: ${percent} percent to v1`)}\n`);
    record.step(percent);
    const gate = await trafficStep(rivals, context, {
      percent,
      move: () =>
        shift(cluster, { ...args, 'all-namespaces': true, yes: true, output: 'table' }, context, {
          percent,
          routes: [],
          pools,
          strategy: (text(args, 'strategy') ?? 'auto') as Strategy | 'auto',
          confirmed: true,
        }),
      hold: () => gateFor(durationMs('interval', text(args, 'interval') ?? '2m')),
    });
    summaries.push(summaryOf(percent, gate, context.now().getTime() - from));
    context.stderr.write(`  gate: ${gate.decision.verdict}: ${safe(gate.decision.because)}\n`);
    if (gate.decision.verdict === 'fail') {
      const code = await turnedBack(cluster, args, context, { pools, summaries, gate });
      record.end('rolledBack', gate.decision.because);
      return code;
    }
    if (gate.decision.verdict !== 'pass') {
      record.end('stopped', gate.decision.because);
      return stopped(summaries, percent, gate, context);
    }
  }
  record.end('done', '');
  context.stdout.write(migrationTable(summaries, context.outStyle.width));
  context.stderr.write('All traffic goes to v1.\n');
  return finish(cluster, args, context, pools, rivals.interlocks());
}

function nothingLeft(
  prepared: Prepared,
  cluster: Cluster,
  args: Args,
  context: Context,
): Promise<ExitCode> | ExitCode {
  requireNoneStranded(prepared.inventory, writeScope(args, cluster));
  context.stderr.write(nothingToMigrate(prepared));
  // A run that was killed after the last pool goes on with what comes after it: a release's own end, the CRDs.
  if (on(args, 'cleanup')) return cleanUp(cluster, args, context);
  return completeness(prepared.inventory);
}

function routesOf({ inventory, pools }: Prepared): KubeObject[] {
  return objectsOf(inventory, HTTP_ROUTE).filter((route) =>
    pools.some((entry) => namesAnyPair(route, [{ alpha: entry.ref, v1: entry.v1 ?? entry.ref }])),
  );
}

function swaps(prepared: Prepared, args: Args): boolean {
  const wanted = routesOf(prepared).flatMap(gatewaysOf);
  const gateways = prepared.inventory.gateways.filter((gateway) =>
    wanted.some((ref) => sameRef(ref, gateway.ref)),
  );
  return (
    decideStrategy((text(args, 'strategy') ?? 'auto') as Strategy | 'auto', 100, gateways).strategy === 'swap'
  );
}

// Null when phase 1 is done; an exit code when this was a dry run.
async function phaseOne(
  prepared: Prepared,
  claiming: Claiming,
  args: Args,
  context: Context,
  steps: readonly number[],
): Promise<ExitCode | null> {
  const { cluster } = claiming;
  const claimed = prepared.pools.map((entry) => entry.ref);
  const plan = await planPhaseOne(prepared, cluster, args);
  showFindings(
    plan.findings.filter(({ severity }) => severity !== 'error'),
    context,
  ); // those are interlocks
  const routes = routesOf(prepared);
  const rights = await rightsInterlocks(
    cluster,
    plan.steps,
    routes.map((route) => route.metadata.namespace ?? ''),
  );
  const locks = await claimLocks(claiming, claimed, args, context);
  const atTheEnd = on(args, 'cleanup') ? await cleanupLocksAhead(cluster, claimed, args) : [];
  enforce([...phaseOneInterlocks(prepared, plan, args), ...rights, ...atTheEnd, ...locks], args, context);
  const interval = text(args, 'interval');
  context.stderr.write(
    `Phase 1 (v1 beside alpha), then ${steps.join(' → ')} percent of ${routes.length} route${routes.length === 1 ? '' : 's'}, watching ${interval} at each step; rolled back automatically if a gate fails.\n`,
  );
  const result = await execute({
    plan,
    cluster,
    args,
    context,
    question: `Migrate ${prepared.pools.map(({ ref }) => ref.name).join(', ')}?`,
    alwaysAsk: true,
    beforeWrite: () => claiming.claim(claimed),
  });
  return result.state === 'shown' ? result.exitCode : null;
}

/** The least of what goes to v1, over the pools that any route names. */
export async function currentPercent(
  cluster: Cluster,
  args: Args,
  context: Context,
  pools: readonly string[],
): Promise<number> {
  const { inventory } = await patiently(() => readWhole(cluster, args), context, context.patienceMs);
  const shares = inventory.pools
    .filter(({ ref }) => pools.includes(`${ref.namespace}/${ref.name}`))
    .flatMap((entry) => entry.trafficPercentV1 ?? []);
  return shares.length === 0 ? 0 : Math.min(...shares);
}

function gatePolicy(args: Args): GatePolicy {
  const rate = Number((text(args, 'max-error-rate') ?? '0').replace(/%$/, ''));
  if (!Number.isFinite(rate) || rate < 0 || rate > 100)
    throw new UserError(
      `--max-error-rate ${JSON.stringify(text(args, 'max-error-rate'))} is not a percentage.`,
      { hint: 'As in: --max-error-rate 1' },
    );
  return { maxErrorRate: rate / 100, minProbes: args['probe'] === false ? 0 : MIN_PROBES };
}

/** What is left when all traffic goes to v1. `remade`: what keeps a cleanup from deleting pools for good. */
export async function finish(
  cluster: Cluster,
  args: Args,
  context: Context,
  pools: readonly string[],
  remade: readonly Interlock[],
): Promise<ExitCode> {
  if (on(args, 'cleanup')) return cleanUpAfter(cluster, args, context, pools, remade);
  const { inventory } = await patiently(() => readWhole(cluster, args), context, context.patienceMs);
  const repeat = flagsToRepeat(args, shellWord);
  const next = inventory.pools
    .filter(({ ref }) => pools.includes(`${ref.namespace}/${ref.name}`))
    .map((entry) => `  ${nextCommand(entry, inventory, repeat)}\n`);
  context.stderr.write(
    `The alpha pools are still there, so the way back is open: kubectl infpool rollback\nNext, when you are satisfied:\n${next.join('')}`,
  );
  return EXIT.ok;
}

// The traffic has moved by then: that must not be lost behind "nothing was written".
async function cleanUpAfter(
  cluster: Cluster,
  args: Args,
  context: Context,
  pools: readonly string[],
  remade: readonly Interlock[],
): Promise<ExitCode> {
  try {
    enforce(remade, args, context);
    return await cleanUp(cluster, { ...args, positionals: pools, yes: true, output: 'table' }, context);
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== EXIT.refused) throw error;
    throw new UserError(
      `${error.message.replace('Refused: nothing was written.', 'The cleanup is refused.')} Nothing was deleted; all traffic goes to v1 and stays there.`,
      {
        exitCode: EXIT.refused,
        hint: 'When the reasons above are dealt with, run this again: it goes on with the cleanup.',
        cause: error,
      },
    );
  }
}
