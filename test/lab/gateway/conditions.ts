// Conditions as Kubernetes writes them: a transition time moves only when the status does.
import type { KubeObject } from '../kube.ts';

export interface Condition {
  type: string;
  status: 'True' | 'False';
  reason: string;
  message: string;
  observedGeneration?: number;
  lastTransitionTime: string;
}

/** What there is to say of one object; the clock and the old conditions are added to it. */
export type Verdict = Pick<Condition, 'type' | 'status' | 'reason'> & { message?: string };

export const yes = (type: string, reason = type): Verdict => ({ type, status: 'True', reason });
export const no = (type: string, reason: string, message = reason): Verdict => ({
  type,
  status: 'False',
  reason,
  message,
});

export function conditions(
  verdicts: Verdict[],
  observed: KubeObject,
  before: Condition[] | undefined,
  now: string,
): Condition[] {
  return verdicts.map(({ type, status, reason, message = '' }) => {
    const old = before?.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message,
      observedGeneration: observed.metadata['generation'] as number,
      lastTransitionTime: old?.status === status ? old.lastTransitionTime : now,
    };
  });
}
