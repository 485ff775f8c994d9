// Who migrates a pool, and what becomes of the claim of someone who is gone.

/** One run of the program: what a person can tell it by, and what another run can tell it is over by. */
export interface Holder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** The same for two processes exactly if one can see whether the other's pid still runs: a boot and its pid namespace. */
  readonly origin: string;
}

/** A claim as it stands in the cluster. */
export interface Claim {
  readonly holder: Holder;
  /** RFC 3339. */
  readonly since: string;
  readonly renewed: string;
  /** Seconds after `renewed` in which nobody else may take it. */
  readonly seconds: number;
}

/** `live`: hands off. `over`: its process has ended. `silent`: it was not renewed in time. */
export type Standing = 'ours' | 'live' | 'over' | 'silent';

/** `alice@laptop (pid 4711)`: the Lease's holderIdentity. */
export function holderText({ user, host, pid }: Holder): string {
  return `${user}@${host} (pid ${pid})`;
}

/** `runs` tells of a pid of our own origin whether such a process runs. */
export function standingOf(claim: Claim, me: Holder, now: Date, runs: (pid: number) => boolean): Standing {
  const { holder } = claim;
  const here = holder.origin !== '' && holder.origin === me.origin;
  if (here && holder.pid === me.pid) return 'ours';
  // Of another user's process nothing but its pid is known here, which may be another program's by now.
  if (here && holder.user === me.user && holder.host === me.host && !runs(holder.pid)) return 'over';
  return now.getTime() - Date.parse(claim.renewed) > claim.seconds * 1000 ? 'silent' : 'live';
}

/** `is being migrated by alice@laptop (pid 4711) since 10:00:00 UTC (2 min ago; last sign 4 s ago)`. */
export function claimText(claim: Claim, now: Date): string {
  const [since, renewed] = [claim.since, claim.renewed].map((time) => agoText(time, now));
  return `is being migrated by ${holderText(claim.holder)} since ${claim.since} (${since}; last sign of life ${renewed})`;
}

function agoText(time: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(time)) / 1000);
  // Two clocks are never quite the same.
  if (seconds < 0) return 'just now';
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}
