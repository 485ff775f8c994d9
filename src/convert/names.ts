import type { Finding } from '../api/finding.ts';
import type { FindingId } from '../api/ids.ts';
import type { Ref } from '../api/ref.ts';

/** Helm's limit for a release name; the chart names the pool after the release. */
const MAX_RELEASE_NAME = 53;
/** The chart cuts the release name to this before it appends -epp. */
const EPP_BASE = 40;

/** The name of every object of the endpoint picker that the chart makes for this release. */
export function eppNameOf(releaseName: string): string {
  return `${releaseName.slice(0, EPP_BASE)}-epp`;
}

export interface NameContext {
  /** v1 pools of the namespace that are not this pool's counterpart. */
  readonly takenPools: ReadonlySet<string>;
  /** Endpoint picker names of the namespace that belong to other pools, the alpha pool's own included. */
  readonly takenEpps: ReadonlySet<string>;
}

/** What is wrong with this name for the v1 pool; null when nothing is. A name that works is in the hint. */
export function nameFinding(alpha: Ref, name: string, context: NameContext): Finding | null {
  const problem = problemWith(name, context);
  if (!problem) return null;
  const own =
    problem.id === 'name-taken' ? `; or, if it is the one that takes over: --pair ${alpha.name}=${name}` : '';
  const better = workingName(name, context);
  return {
    id: problem.id,
    severity: 'error',
    ref: alpha,
    field: 'metadata.name',
    message: `The v1 pool can't be called "${name}": ${problem.message}`,
    hint: `${better ? `Use --name ${alpha.name}=${better}` : `Choose another: --name ${alpha.name}=NAME`}${own}`,
  };
}

function problemWith(
  name: string,
  { takenPools, takenEpps }: NameContext,
): { id: FindingId; message: string } | null {
  // The endpoint picker's Service is named after it, and a Service's name begins with a letter (DNS-1035).
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name))
    return {
      id: 'name-invalid',
      message:
        'lower case letters, digits and dashes only, beginning with a letter and not ending with a dash.',
    };
  if (name.length > MAX_RELEASE_NAME)
    return {
      id: 'name-too-long',
      message: `it has ${name.length} characters; a Helm release may have ${MAX_RELEASE_NAME}.`,
    };
  if (takenPools.has(name))
    return {
      id: 'name-taken',
      message:
        'a v1 pool of this name is there or planned already, and nothing says that it takes over from this one.',
    };
  if (takenEpps.has(eppNameOf(name)))
    return {
      id: 'name-collides',
      message: `the chart cuts names to ${EPP_BASE} characters, and its endpoint picker "${eppNameOf(name)}" is already there.`,
    };
  return null;
}

/** A shorter name with the same ending that has none of the problems, or null. */
function workingName(name: string, context: NameContext): string | null {
  const clean = name
    .toLowerCase()
    .replace(/[^-a-z0-9]/g, '-')
    .replace(/^-+/, '');
  const named = /^[a-z]/.test(clean) ? clean : `pool-${clean}`;
  const stem = named.replace(/-ga$/, '');
  for (const ending of ['-ga', '-v1', '-ga2', '-ga3', '-ga4', '-ga5']) {
    const candidate = `${stem.slice(0, EPP_BASE - ending.length).replace(/-+$/, '')}${ending}`;
    if (!problemWith(candidate, context)) return candidate;
  }
  return null;
}
