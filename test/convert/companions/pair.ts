// What the specs of companions share: alpha pools with the v1 pools they become.
import type { KubeObject } from '../../../src/api/object.ts';
import type { Step } from '../../../src/api/plan.ts';
import type { Provider } from '../../../src/convert/chart.ts';
import { chartPolicies } from '../../../src/convert/chartObjects.ts';
import type { Companion, CompanionPair } from '../../../src/convert/companions/companion.ts';
import { releaseOf } from '../../../src/convert/releases.ts';
import { alphaPool, v1Pool } from '../../support/objects.ts';

export interface Setting {
  readonly provider?: Provider;
  readonly release?: string;
  /** Is the chart going to be run? */
  readonly byChart?: boolean;
}

/** An alpha pool and `NAME-ga`, as `convert` makes it. */
export function pairOf(
  alpha: KubeObject = alphaPool(),
  { provider = 'none', release = 'v1.3.1', byChart = provider !== 'none' }: Setting = {},
  v1: KubeObject = v1Pool(`${alpha.metadata.name}-ga`, {}, { namespace: alpha.metadata.namespace ?? '' }),
): CompanionPair {
  return { alpha, v1, byChart, chartMakes: chartPolicies(releaseOf(release), provider, v1) };
}

/** `apply KIND NAME`, `force KIND NAME`, `patch KIND NAME`. */
export function brief(companions: readonly Companion[]): string[] {
  const verb = (step: Step) => (step.action === 'apply' && step.force ? 'force' : step.action);
  return companions.map(({ step }) => `${verb(step)} ${step.ref.kind} ${step.ref.name}`);
}

/** The objects as a cluster holds them once the steps are done. */
export function afterwards(live: readonly KubeObject[], companions: readonly Companion[]): KubeObject[] {
  const key = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace} ${metadata.name}`;
  const byKey = new Map(live.map((object) => [key(object), object]));
  for (const { step } of companions) {
    const after = step.action === 'patch' ? step.after : (step as { manifest: KubeObject }).manifest;
    byKey.set(key(after), after);
  }
  return [...byKey.values()];
}
