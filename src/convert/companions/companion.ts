import type { Finding } from '../../api/finding.ts';
import { kubectl } from '../../api/kubectl.ts';
import type { KubeObject } from '../../api/object.ts';
import type { ApplyStep, JsonPatchOperation, PatchStep } from '../../api/plan.ts';
import { describeRef, refOf } from '../../api/ref.ts';
import type { Provider } from '../chart.ts';
import type { Release } from '../releases.ts';

/** Something beside the pools that has to be there for v1 before any traffic: a grant's entry, a policy, a rule. */
export interface Companion {
  /** The whole object as it will be, ready to apply. */
  readonly manifest: KubeObject;
  readonly step: ApplyStep | PatchStep;
}

export interface Companions {
  readonly companions: readonly Companion[];
  readonly findings: readonly Finding[];
}

/** An alpha pool and the v1 pool it becomes. */
export interface CompanionPair {
  readonly alpha: KubeObject;
  readonly v1: KubeObject;
  /** What upstream's chart makes for the v1 pool besides, with its defaults. */
  readonly chartMakes: readonly KubeObject[];
  /** True where the chart is going to be run for it. */
  readonly byChart: boolean;
}

/** Everything read that may point at the alpha pools. */
export interface CompanionSources {
  readonly grants: readonly KubeObject[];
  /** HealthCheckPolicy, GCPBackendPolicy, GCPTrafficDistributionPolicy. */
  readonly policies: readonly KubeObject[];
  readonly destinationRules: readonly KubeObject[];
}

export interface CompanionOptions {
  readonly release: Release;
  readonly provider: Provider;
}

/** A new object, for which nothing is there. */
export function created(manifest: KubeObject, reason: string): Companion {
  return { manifest, step: { action: 'apply', ref: refOf(manifest), reason, manifest, live: null } };
}

/** The first of these names that nobody has; at last the last one with a number. */
export function freeName(candidates: readonly string[], isTaken: (name: string) => boolean): string {
  const free = candidates.find((name) => !isTaken(name));
  if (free !== undefined) return free;
  const last = candidates.at(-1)!;
  for (let number = 2; ; number++) if (!isTaken(`${last}-${number}`)) return `${last}-${number}`;
}

/** Over what the chart has just made with its defaults, or made in a run that was interrupted. */
export function carriedOver(manifest: KubeObject, live: KubeObject | null, reason: string): Companion {
  return { manifest, step: { action: 'apply', ref: refOf(manifest), reason, manifest, live, force: true } };
}

/** A change of an object that stays somebody else's. */
export function patched(
  before: KubeObject,
  after: KubeObject,
  operations: readonly JsonPatchOperation[],
  reason: string,
): Companion {
  const resourceVersion = before.metadata.resourceVersion ?? '';
  const patch: JsonPatchOperation[] = [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ...operations,
  ];
  const step: PatchStep = {
    action: 'patch',
    ref: refOf(before),
    reason,
    resourceVersion,
    patch,
    before,
    after,
  };
  return { manifest: asManifest(after), step };
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A live object as a manifest: all that its owners wrote, nothing that the server did. */
export function asManifest(object: KubeObject): KubeObject {
  const { status: _status, metadata, ...rest } = object;
  const { [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations ?? {};
  return {
    ...rest,
    metadata: {
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(metadata.labels ? { labels: metadata.labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
  };
}

/**
 * Which of those that are there for v1 stands for which of the alpha ones: each for one at most, by the first test of
 * `tests` that it passes for any.
 */
export function claims(
  alphas: readonly KubeObject[],
  there: readonly KubeObject[],
  tests: readonly ((alpha: KubeObject, live: KubeObject) => boolean)[],
): Map<KubeObject, KubeObject> {
  const claimed = new Map<KubeObject, KubeObject>();
  for (const fits of tests)
    for (const alpha of alphas.filter((one) => !claimed.has(one))) {
      const taken = new Set(claimed.values());
      const live = there.find((one) => !taken.has(one) && fits(alpha, one));
      if (live) claimed.set(alpha, live);
    }
  return claimed;
}

/** Two of a kind for one pool, with different content: the one that is there is somebody's decision. */
export function differs(live: KubeObject, alphas: KubeObject): Finding {
  return {
    id: 'companion-differs',
    severity: 'warning',
    ref: refOf(live),
    field: 'spec',
    message: `It exists for the v1 pool, with content that differs from what ${describeRef(refOf(alphas))} says for the alpha one; it is kept as it is.`,
    hint: `Compare the two: ${kubectl('get', refOf(live), refOf(alphas))} -o yaml`,
  };
}
