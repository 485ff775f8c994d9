import type { Check } from '../api/verification.ts';

/** What one look at the cluster and a round of requests showed. */
export interface Look {
  readonly checks: readonly Check[];
  /** Restarts of the v1 endpoint pickers so far; null when this look could not see them. */
  readonly restarts: number | null;
  /** Requests that the v1 endpoint pickers have counted so far; null where their metrics can't be read. */
  readonly picked: number | null;
  /** One for each request sent: did it get a 2xx. */
  readonly probes: readonly { readonly ok: boolean; readonly text: string }[];
}

export interface GatePolicy {
  /** Failed requests that are borne, 0 to 1. */
  readonly maxErrorRate: number;
  /** Fewer requests than this prove nothing; 0 where no requests are sent at all. */
  readonly minProbes: number;
}

/** `wait`: go on looking. `notEnough`: the time is over and too little was seen to say yes or no. */
export interface GateDecision {
  readonly verdict: 'pass' | 'fail' | 'wait' | 'notEnough';
  readonly because: string;
}

/** A failure has to be seen this often in a row, so that one look in the middle of a change doesn't turn a migration back. */
const SEEN_TWICE = 2;

/** Below this a rate of failures is guesswork. */
const ENOUGH_FOR_A_RATE = 20;

// A controller takes its time to catch up with a change: that is a reason to wait, not to turn back.
const CATCHING_UP = new Set([
  'gateway-current',
  'route-current',
  'pool-current',
  'route-reconciled',
  'policy-attached',
]);
// Not about whether requests are served.
const IRRELEVANT = new Set(['objectives-present']);

/**
 * One look more. Of the older ones only the counts matter from here on: what each of their checks said, every second for
 * hours, would fill the memory.
 */
export function withLook(looks: readonly Look[], look: Look): Look[] {
  const kept = [...looks, look];
  const old = kept.at(-SEEN_TWICE - 1);
  if (old) kept[kept.length - SEEN_TWICE - 1] = { ...old, checks: [] };
  return kept;
}

/** Decides on all looks of a step so far. `over`: the interval has passed. `expired`: no more time to gather evidence. */
export function decideGate(
  looks: readonly Look[],
  policy: GatePolicy,
  time: { readonly over: boolean; readonly expired: boolean; readonly v1Expected?: boolean },
): GateDecision {
  const wrong = certain(looks);
  if (wrong !== null) return { verdict: 'fail', because: wrong };
  const probes = looks.flatMap((look) => look.probes);
  const failed = probes.filter((probe) => !probe.ok);
  const rate = probes.length === 0 ? 0 : failed.length / probes.length;
  const tooMany = rate > policy.maxErrorRate;
  const words = `${failed.length} of ${probes.length} requests failed (${failed[0]?.text ?? ''})`;
  // Early only on more than one failure: a single one may be an accident, and is judged at the end.
  // Where some may fail, a few tell nothing of the rate.
  const enough = policy.maxErrorRate > 0 ? ENOUGH_FOR_A_RATE : policy.minProbes / 2;
  const early = failed.length >= SEEN_TWICE && probes.length >= enough;
  if (tooMany && (early || time.over)) return { verdict: 'fail', because: words };
  if (!time.over) return { verdict: 'wait', because: '' };

  const doubt =
    lacking(looks, probes.length, policy) ?? unpicked(looks, probes.length, time.v1Expected ?? false);
  if (doubt === null)
    return {
      verdict: 'pass',
      because: `${probes.length} requests, ${failed.length} failed${countedText(looks)}`,
    };
  return time.expired ? { verdict: 'notEnough', because: doubt } : { verdict: 'wait', because: doubt };
}

// What no request has to prove: a check that goes on failing, a picker that was restarted.
function certain(looks: readonly Look[]): string | null {
  const broken = persistent(looks, 'fail');
  if (broken) return `${broken.id}: ${broken.evidence}`;
  const restarts = restartsSeen(looks);
  if (restarts === 0) return null;
  return `the v1 endpoint picker was restarted ${restarts === 1 ? 'once' : `${restarts} times`} while it was watched`;
}

function countedText(looks: readonly Look[]): string {
  const counted = pickedSeen(looks);
  return counted === null ? '' : `; the v1 endpoint picker counted ${counted}`;
}

// What the pickers counted between the first and the last look at their metrics; null where fewer than two could be had.
function pickedSeen(looks: readonly Look[]): number | null {
  const counts = looks.flatMap((look) => look.picked ?? []);
  return counts.length < 2 ? null : counts.at(-1)! - counts[0]!;
}

/** So many of our own requests at any share from 10 percent on, and not one picked, is no accident (1 in 10,000). */
const ENOUGH_TO_TELL = 90;

// A 200 does not prove that the picker ran: FailOpen serves without it.
function unpicked(looks: readonly Look[], probes: number, v1Expected: boolean): string | null {
  if (!v1Expected || probes < ENOUGH_TO_TELL || pickedSeen(looks) !== 0) return null;
  return 'the v1 endpoint picker counted no request, so something else may have picked';
}

// A picker that crashes and is back within a second loses requests that ours may have missed.
function restartsSeen(looks: readonly Look[]): number {
  const counts = looks.flatMap((look) => look.restarts ?? []);
  return Math.max(0, (counts.at(-1) ?? 0) - (counts[0] ?? 0));
}

/** The first thing that a person would worry about: a failed request, or a check that fails and isn't just slow. */
export function isTroubled(look: Look): boolean {
  return (
    look.probes.some((one) => !one.ok) ||
    look.checks.some(
      (check) => check.verdict === 'fail' && !CATCHING_UP.has(check.id) && !IRRELEVANT.has(check.id),
    )
  );
}

function lacking(looks: readonly Look[], probes: number, policy: GatePolicy): string | null {
  const last = looks.at(-1);
  if (!last) return 'nothing was seen yet';
  const failing = last.checks.find((check) => check.verdict === 'fail' && !IRRELEVANT.has(check.id));
  if (failing) return `${failing.id}: ${failing.evidence}`;
  const unknown = last.checks.find((check) => check.verdict === 'unknown');
  if (unknown) return `${unknown.id} could not be told: ${unknown.evidence}`;
  if (probes < policy.minProbes) return `only ${probes} of at least ${policy.minProbes} requests were sent`;
  return null;
}

function persistent(looks: readonly Look[], verdict: Check['verdict']): Check | undefined {
  const recent = looks.slice(-SEEN_TWICE);
  if (recent.length < SEEN_TWICE) return undefined;
  const [before, now] = recent as [Look, Look];
  return now.checks.find(
    (check) =>
      check.verdict === verdict &&
      !CATCHING_UP.has(check.id) &&
      !IRRELEVANT.has(check.id) &&
      before.checks.some(
        (other) =>
          other.verdict === verdict && other.id === check.id && other.subject.name === check.subject.name,
      ),
  );
}
