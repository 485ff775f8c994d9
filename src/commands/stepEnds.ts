// How a step of a gradual migration ends that others may want to know of: a row of the table, the way back, a stop.
import type { Cluster } from '../api/cluster.ts';
import { EXIT, type ExitCode } from '../api/errors.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { objectsOf } from '../inventory/build.ts';
import { migrationTable, type StepSummary } from '../report/migration.ts';
import { safe } from '../report/text.ts';
import { percentile } from '../rollout/stats.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import type { GateResult } from './gate.ts';
import { givenPairs } from './pairs.ts';
import { rollBack } from './rollback.ts';
import { namesAnyPair, pairsOf } from './routes.ts';
import { readWorld } from './session.ts';

export function summaryOf(wanted: number, gate: GateResult, ms: number): StepSummary {
  const answered = gate.results
    .filter((result) => result.status >= 200 && result.status <= 299)
    .map((result) => result.ms);
  return {
    wanted,
    seen: gate.percent,
    gate: gate.decision.verdict === 'notEnough' ? 'not enough' : gate.decision.verdict,
    probes: gate.results.length,
    failed: gate.results.length - answered.length,
    p50: percentile(answered, 50),
    p99: percentile(answered, 99),
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
  const { inventory } = await readWorld(cluster, '', [], givenPairs(args));
  const pairs = pairsOf(inventory.pools.filter(({ ref }) => pools.includes(`${ref.namespace}/${ref.name}`)));
  const routes = objectsOf(inventory, HTTP_ROUTE)
    .filter((route) => namesAnyPair(route, pairs))
    .map((route) => `${route.metadata.namespace}/${route.metadata.name}`);
  context.stderr.write('The gate failed: putting the original backendRefs back.\n');
  await rollBack(
    cluster,
    { ...args, positionals: routes, 'all-namespaces': true, yes: true, output: 'table', force: true },
    context,
  );
  const seconds = ((gate.noticedMs ?? 0) + context.now().getTime() - from) / 1000;
  const lost = gate.results.filter((result) => result.status < 200 || result.status > 299).length;
  context.stdout.write(migrationTable(summaries));
  context.stderr.write(
    `Rolled back ${seconds.toFixed(1)} s after the first sign; ${lost} of our own ${gate.results.length} requests of this step failed. Cause: ${safe(gate.decision.because)}\n`,
  );
  context.stderr.write(
    'The v1 pools are still there, without traffic. Look: kubectl infpool verify; then run this again.\n',
  );
  return EXIT.findings;
}

export function stopped(
  summaries: readonly StepSummary[],
  percent: number,
  gate: GateResult,
  context: Context,
): ExitCode {
  context.stdout.write(migrationTable(summaries));
  const failed = gate.decision.verdict === 'fail';
  context.stderr.write(
    failed
      ? `Stopped before anything moved: ${safe(gate.decision.because)}\n`
      : `Stopped at ${percent} percent, neither passed nor failed: ${safe(gate.decision.because)}.\nTraffic stays as it is. Give --model or --address so that requests can be sent, or --no-probe to do without; then run this again. Back: kubectl infpool rollback\n`,
  );
  return failed ? EXIT.findings : EXIT.incomplete;
}
