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
  /** Of `wait` and `notEnough`: what there was too little of. */
  readonly lacks?: Lack;
}

/** `requests`: too few were sent. `sight`: something could not be read. `certainty`: what was read does not say yes. */
export type Lack = 'requests' | 'sight' | 'certainty';

interface Doubt {
  readonly because: string;
  readonly lacks: Lack;
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

/** All looks of a step so far, as far as a decision needs them: it goes on for hours, and must not grow with them. */
export interface Watched {
  /** The newest ones; older ones count only in what follows. */
  readonly recent: readonly Look[];
  readonly sent: number;
  readonly failed: number;
  /** How the first of those failed. */
  readonly firstFailure: string;
  readonly restarts: Span | null;
  readonly picked: Span | null;
}

/** A count that others keep, from the first look that could see it to the last. */
interface Span {
  readonly first: number;
  readonly last: number;
  readonly looks: number;
}

export const NOTHING_WATCHED: Watched = {
  recent: [],
  sent: 0,
  failed: 0,
  firstFailure: '',
  restarts: null,
  picked: null,
};

/** One look more. */
export function withLook(watched: Watched, look: Look): Watched {
  const failures = look.probes.filter(({ ok }) => !ok);
  return {
    recent: [...watched.recent, look].slice(-SEEN_TWICE),
    sent: watched.sent + look.probes.length,
    failed: watched.failed + failures.length,
    firstFailure: watched.failed > 0 ? watched.firstFailure : (failures[0]?.text ?? ''),
    restarts: withCount(watched.restarts, look.restarts),
    picked: withCount(watched.picked, look.picked),
  };
}

function withCount(span: Span | null, count: number | null): Span | null {
  if (count === null) return span;
  return { first: span?.first ?? count, last: count, looks: (span?.looks ?? 0) + 1 };
}

/** Decides on all looks of a step so far. `over`: the interval has passed. `expired`: no more time to gather evidence. */
export function decideGate(
  watched: Watched,
  policy: GatePolicy,
  time: { readonly over: boolean; readonly expired: boolean; readonly v1Expected?: boolean },
): GateDecision {
  const wrong = certain(watched);
  if (wrong !== null) return { verdict: 'fail', because: wrong };
  const { sent, failed } = watched;
  const tooMany = sent > 0 && failed / sent > policy.maxErrorRate;
  const words = `${failed} of ${sent} requests failed (${watched.firstFailure})`;
  // Early only on more than one failure: a single one may be an accident, and is judged at the end.
  // Where some may fail, a few tell nothing of the rate.
  const enough = policy.maxErrorRate > 0 ? ENOUGH_FOR_A_RATE : policy.minProbes / 2;
  const early = failed >= SEEN_TWICE && sent >= enough;
  if (tooMany && (early || time.over)) return { verdict: 'fail', because: words };
  if (!time.over) return { verdict: 'wait', because: '' };

  const doubt = lacking(watched, policy) ?? unpicked(watched, time.v1Expected ?? false);
  if (doubt === null)
    return { verdict: 'pass', because: `${sent} requests, ${failed} failed${countedText(watched)}` };
  return { verdict: time.expired ? 'notEnough' : 'wait', ...doubt };
}

// What no request has to prove: a check that goes on failing, a picker that was restarted.
function certain({ recent, restarts: seen }: Watched): string | null {
  const broken = persistent(recent, 'fail');
  if (broken) return `${broken.id}: ${broken.evidence}`;
  // A picker that crashes and is back within a second loses requests that ours may have missed. Fewer: another pod.
  const restarts = seen ? seen.last - seen.first : 0;
  if (restarts <= 0) return null;
  return `the v1 endpoint picker was restarted ${restarts === 1 ? 'once' : `${restarts} times`} while it was watched`;
}

function countedText(watched: Watched): string {
  const counted = pickedSeen(watched);
  return counted === null ? '' : `; the v1 endpoint picker counted ${counted}`;
}

// What the pickers counted between the first and the last look at their metrics; null where fewer than two could be had.
function pickedSeen({ picked }: Watched): number | null {
  return picked && picked.looks >= 2 ? picked.last - picked.first : null;
}

/** So many of our own requests at any share from 10 percent on, and not one picked, is no accident (1 in 10,000). */
const ENOUGH_TO_TELL = 90;

// A 200 does not prove that the picker ran: FailOpen serves without it.
function unpicked(watched: Watched, v1Expected: boolean): Doubt | null {
  if (!v1Expected || watched.sent < ENOUGH_TO_TELL || pickedSeen(watched) !== 0) return null;
  const because = 'the v1 endpoint picker counted no request, so something else may have picked';
  return { because, lacks: 'certainty' };
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

function lacking({ recent, sent }: Watched, policy: GatePolicy): Doubt | null {
  const last = recent.at(-1);
  if (!last) return { because: 'nothing was seen yet', lacks: 'sight' };
  const failing = last.checks.find((check) => check.verdict === 'fail' && !IRRELEVANT.has(check.id));
  if (failing) return { because: `${failing.id}: ${failing.evidence}`, lacks: 'certainty' };
  const unknown = last.checks.find((check) => check.verdict === 'unknown');
  if (unknown)
    return {
      because: `${unknown.id} could not be told: ${unknown.evidence}`,
      lacks: unknown.id === 'cluster-readable' ? 'sight' : 'certainty',
    };
  if (sent >= policy.minProbes) return null;
  return { because: `only ${sent} of at least ${policy.minProbes} requests were sent`, lacks: 'requests' };
}

function persistent(recent: readonly Look[], verdict: Check['verdict']): Check | undefined {
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
