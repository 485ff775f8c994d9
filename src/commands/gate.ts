import type { Cluster } from '../api/cluster.ts';
import { UserError } from '../api/errors.ts';
import type { PoolEntry } from '../api/inventory.ts';
import type { Check } from '../api/verification.ts';
import { safe } from '../report/text.ts';
import {
  decideGate,
  isTroubled,
  NOTHING_WATCHED,
  withLook,
  type GateDecision,
  type GatePolicy,
  type Look,
} from '../rollout/gate.ts';
import { Requests } from '../rollout/requests.ts';
import { ALPHA_POOL, GATEWAY, HTTP_ROUTE, qualifiedName, V1_POOL } from '../api/resource.ts';
import { objectOf } from '../inventory/build.ts';
import { eppPods, restartsOf } from '../verify/epp.ts';
import { requestsPicked } from '../verify/picked.ts';
import type { KubeObject } from '../api/object.ts';
import { VERIFY_RESOURCES } from '../verify/evidence.ts';
import { probe, type ProbeResult } from '../verify/probe.ts';
import { verifyPools } from '../verify/verify.ts';
import type { Args } from './command.ts';
import type { Context } from './context.ts';
import { givenPairs } from './pairs.ts';
import type { Round } from './record.ts';
import { selectPools } from './select.ts';
import { readWorld, type World } from './session.ts';
import { probeTargets } from './verification.ts';

/** Requests a look, over all models: where there are few models each is asked for more often. */
const PROBES_A_LOOK = 4;
/** A look at the cluster and a few requests for each model, this often. */
const LOOK_MS = 1000;

const LOOKED_AT = new Set([HTTP_ROUTE, GATEWAY, V1_POOL, ALPHA_POOL].map(qualifiedName));

export interface GateRequest {
  /** As NAMESPACE/NAME. */
  readonly pools: readonly string[];
  readonly intervalMs: number;
  /** After the interval, how long to wait for evidence that is lacking. */
  readonly patienceMs: number;
  readonly policy: GatePolicy;
  /** Called with each look at the cluster; what it throws ends the step. */
  readonly watch?: (world: World) => void;
  /** Called after each look with what it showed, for the record. */
  readonly onRound?: (round: Round) => void;
}

export interface GateResult {
  readonly decision: GateDecision;
  readonly requests: Requests;
  /** What the routes said last; null when no route names the pools. */
  readonly percent: number | null;
  /** Milliseconds from the first sign of trouble to the decision; null where there was none. */
  readonly noticedMs: number | null;
}

/** Looks until the gate is decided. Goes on looking all through the interval, not only at its end. */
export async function holdGate(
  cluster: Cluster,
  args: Args,
  context: Context,
  request: GateRequest,
): Promise<GateResult> {
  const started = context.now().getTime();
  let watched = NOTHING_WATCHED;
  const requests = new Requests();
  let percent: number | null = null;
  let firstSign: number | null = null;
  for (;;) {
    const round = await lookOnce(cluster, args, request);
    request.onRound?.(round);
    watched = withLook(watched, round.look);
    requests.add(round.results);
    percent = round.percent ?? percent;
    const passed = context.now().getTime() - started;
    if (firstSign === null && isTroubled(round.look)) firstSign = passed;
    const decision = decideGate(watched, request.policy, {
      v1Expected: (percent ?? 0) > 0,
      over: passed >= request.intervalMs,
      expired: passed >= request.intervalMs + request.patienceMs,
    });
    progress(context, request, passed, requests, decision);
    if (decision.verdict !== 'wait') {
      context.progress('');
      return { decision, requests, percent, noticedMs: firstSign === null ? null : passed - firstSign };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function lookOnce(
  cluster: Cluster,
  args: Args,
  { pools, watch }: GateRequest,
): Promise<{ look: Look; results: ProbeResult[]; percent: number | null }> {
  let world: World;
  let entries: PoolEntry[];
  try {
    world = await readWorld(cluster, '', VERIFY_RESOURCES, givenPairs(args));
    entries = selectPools(world.inventory, pools, { namespace: '', selector: '' });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // An API server that is away for a moment, or a pool that somebody makes anew, says nothing about the traffic.
    return {
      look: { checks: [unreadable(error.message)], probes: [], restarts: null, picked: null },
      results: [],
      percent: null,
    };
  }
  watch?.(world);
  const unread = world.inventory.unread.find(({ resource }) => LOOKED_AT.has(resource));
  const checks = [
    ...(unread ? [unreadable(`${unread.resource}: ${unread.message}`)] : []),
    ...verifyPools(entries, world.inventory, world.snapshot),
  ];
  const targets = args['probe'] === false ? [] : probeTargets(entries, world.inventory, args).targets;
  const several = targets.flatMap((target) =>
    Array.from({ length: Math.max(1, Math.ceil(PROBES_A_LOOK / targets.length)) }, () => target),
  );
  const results = await Promise.all(several.map((target) => probe(target)));
  const probes = results.map((result, index) => ({
    ok: result.status >= 200 && result.status <= 299,
    text: `model "${several[index]!.model}": ${result.status === 0 ? result.text : `${result.status} ${result.text}`}`,
  }));
  const pods = pickerPods(entries, world);
  const shares = entries.flatMap((entry) => entry.trafficPercentV1 ?? []);
  return {
    look: { checks, probes, restarts: restartsOf(pods), picked: await picked(cluster, pods) },
    results,
    percent: shares.length === 0 ? null : Math.min(...shares),
  };
}

/** The metrics port of upstream's endpoint pickers. */
const METRICS_PORT = 9090;

function pickerPods(entries: readonly PoolEntry[], { inventory, snapshot }: World): KubeObject[] {
  return entries.flatMap((entry) => {
    const pool = entry.v1 ? objectOf(inventory, entry.v1) : undefined;
    return pool ? eppPods(pool, snapshot) : [];
  });
}

// Null as soon as one picker's metrics can't be had: half a sum proves nothing.
async function picked(cluster: Cluster, pods: readonly KubeObject[]): Promise<number | null> {
  const texts = await Promise.all(
    pods.map(({ metadata }) => cluster.podMetrics(metadata.namespace ?? '', metadata.name, METRICS_PORT)),
  );
  if (texts.length === 0 || texts.includes(null)) return null;
  return texts.reduce((sum, text) => sum + requestsPicked(text ?? ''), 0);
}

function unreadable(message: string): Check {
  const subject = { group: '', version: 'v1', kind: 'Cluster', namespace: '', name: 'API server' };
  return {
    id: 'cluster-readable',
    group: 'Cluster',
    subject,
    verdict: 'unknown',
    evidence: message,
    hint: '',
  };
}

function progress(
  context: Context,
  request: GateRequest,
  passed: number,
  { sent, failed }: Requests,
  decision: GateDecision,
): void {
  const left = Math.max(0, request.intervalMs - passed);
  const what = left > 0 ? `${Math.ceil(left / 1000)} s left` : safe(decision.because);
  context.progress(`    watching: ${sent} requests, ${failed} failed, ${what}`);
}
