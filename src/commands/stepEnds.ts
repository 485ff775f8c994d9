// How a step of a gradual migration ends that others may want to know of: a row of the table, the way back, a stop.
import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError, type ExitCode } from '../api/errors.ts';
import type { PoolEntry } from '../api/inventory.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { migrationTable, type StepSummary } from '../report/migration.ts';
import { safe } from '../report/text.ts';
import type { Lack } from '../rollout/gate.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import type { GateResult } from './gate.ts';
import { patiently } from './patiently.ts';
import { readWhole } from './readWhole.ts';
import { rollBack } from './rollback.ts';
import { namesAnyPair, pairsOf, remembersAny } from './routes.ts';

/** So many times the usual patience the way back has with an API server that is away: nothing else helps. */
const PATIENCE = 5;

export function summaryOf(wanted: number, gate: GateResult, ms: number): StepSummary {
  const { sent, failed, latencies } = gate.requests;
  return {
    wanted,
    seen: gate.percent,
    gate: gate.decision.verdict === 'notEnough' ? 'not enough' : gate.decision.verdict,
    probes: sent,
    failed,
    p50: latencies.percentile(50),
    p99: latencies.percentile(99),
    seconds: ms / 1000,
  };
}

interface Turning {
  readonly pools: readonly string[];
  readonly summaries: readonly StepSummary[];
  readonly gate: GateResult;
}

export async function turnedBack(
  cluster: Cluster,
  args: Args,
  context: Context,
  { pools, summaries, gate }: Turning,
): Promise<ExitCode> {
  const from = context.now().getTime();
  context.stderr.write('The gate failed: putting the original backendRefs back.\n');
  await patiently(() => putBack(cluster, args, context, pools), context, PATIENCE * context.patienceMs).catch(
    notBack,
  );
  const seconds = ((gate.noticedMs ?? 0) + context.now().getTime() - from) / 1000;
  const { sent, failed } = gate.requests;
  context.stdout.write(migrationTable(summaries, context.outStyle.width));
  context.stderr.write(
    `Rolled back ${seconds.toFixed(1)} s after the first sign; ${failed} of our own ${sent} requests of this step failed. Cause: ${safe(gate.decision.because)}\n`,
  );
  context.stderr.write(
    'The v1 pools are still there, without traffic. See what is wrong: kubectl infpool verify; then run this again.\n',
  );
  return EXIT.findings;
}

// The same gate fails where the API server is away for a moment and requests fail: it is waited for.
async function putBack(
  cluster: Cluster,
  args: Args,
  context: Context,
  pools: readonly string[],
): Promise<void> {
  const { inventory } = await readWhole(cluster, args);
  const own = inventory.pools.filter(({ ref }) => pools.includes(`${ref.namespace}/${ref.name}`));
  refuseWithout(pools, own);
  const pairs = pairsOf(own);
  // Of a v1 pool that somebody deleted no pair is left; what it was put in the place of, the route remembers.
  const alphas = own.map(({ ref }) => ref);
  const routes = objectsOf(inventory, HTTP_ROUTE)
    .filter((route) => namesAnyPair(route, pairs) || remembersAny(route, alphas))
    .map((route) => `${route.metadata.namespace}/${route.metadata.name}`);
  // Without a name every split route would be meant, those of other pools, too.
  if (routes.length === 0) return;
  await rollBack(
    cluster,
    { ...args, positionals: routes, 'all-namespaces': true, yes: true, output: 'table', force: true },
    context,
  );
}

// A pool that somebody deleted meanwhile answers nothing: all requests would be lost, where now a share is.
function refuseWithout(pools: readonly string[], there: readonly PoolEntry[]): void {
  const gone = pools.filter((pool) => !there.some(({ ref }) => pool === `${ref.namespace}/${ref.name}`));
  if (gone.length > 0)
    throw new UserError(
      `the alpha pool ${gone.join(', ')} is not there any more, and requests that are sent back to it would all be lost.`,
      { exitCode: EXIT.refused },
    );
}

function notBack(error: unknown): never {
  if (!(error instanceof UserError)) throw error;
  throw new UserError(
    `The gate failed, and the original backendRefs could not be put back; traffic stays split: ${error.message}`,
    {
      exitCode: error.exitCode,
      hint: 'See what is wrong: kubectl infpool status; kubectl infpool verify. As soon as that is dealt with: kubectl infpool rollback',
      cause: error,
    },
  );
}

const CURES: Readonly<Record<Lack, string>> = {
  requests:
    'Give --model NAME or --address HOST:PORT so that requests can be sent, or --no-probe to do without',
  sight:
    'See whether the API server answers: kubectl get --raw /readyz; and what you may read: kubectl infpool auth migrate --check',
  certainty: 'See what is wrong: kubectl infpool verify',
};

export function stopped(
  summaries: readonly StepSummary[],
  percent: number,
  gate: GateResult,
  context: Context,
): ExitCode {
  context.stdout.write(migrationTable(summaries, context.outStyle.width));
  const failed = gate.decision.verdict === 'fail';
  context.stderr.write(
    failed
      ? `Stopped before anything moved: ${safe(gate.decision.because)}\nThat is how requests are answered without v1, so a gate could not tell what v1 breaks: deal with it first, then run this again.\n`
      : `Stopped at ${percent} percent, because the gate could neither pass nor fail: ${safe(gate.decision.because)}.\nTraffic stays as it is. ${CURES[gate.decision.lacks ?? 'certainty']}; then run this again. To go back: kubectl infpool rollback\n`,
  );
  return failed ? EXIT.findings : EXIT.incomplete;
}

/** At Ctrl-C: nothing is put back by itself, and whoever stopped it has to know how to go on, and how to go back. */
export function tellStopped({ stderr }: Pick<Context, 'stderr'>): Promise<void> {
  stderr.write(
    '\nInterrupted: traffic stays as it is now. See how it stands: kubectl infpool status. To go on, run the same command again. To go back: kubectl infpool rollback\n',
  );
  return Promise.resolve();
}
