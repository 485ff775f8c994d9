// Waiting for what controllers make true, by looking until it is.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, Kube, KubeObject, KubeRef } from '../kube.ts';

const LOOK_EVERY_MS = 40;

/** @throws after the timeout, naming what was waited for and what was last seen */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  timeoutSeconds = 30,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end)
      throw new Error(`waited ${timeoutSeconds} s for ${what}${last ? ` (${String(last)})` : ''}`);
    await sleep(LOOK_EVERY_MS);
  }
}

export function waitFor(
  kube: Kube,
  ref: KubeRef,
  holds: (object: KubeObject) => boolean,
  timeoutSeconds?: number,
): Promise<KubeObject> {
  const what = `${ref.kind} ${ref.namespace ?? 'default'}/${ref.name}`;
  const look = async () => {
    const object = await kube.get(ref);
    return object && holds(object) && object;
  };
  return until(what, look, timeoutSeconds);
}

/** A condition that is True and speaks of the object as it is now. */
export function isTrue(object: KubeObject, conditions: Json[] | undefined, type: string): boolean {
  return (conditions ?? []).some(
    (condition) =>
      condition.type === type &&
      condition.status === 'True' &&
      condition.observedGeneration === object.metadata['generation'],
  );
}

/** Every replica is there and ready. */
export const deploymentReady = (object: KubeObject): boolean =>
  object['status']?.observedGeneration === object.metadata['generation'] &&
  object['status']?.readyReplicas === object['spec'].replicas;

/** Every parent accepts it and finds its backends. */
export const routeAccepted = (object: KubeObject): boolean => {
  const parents = (object['status']?.parents ?? []) as Json[];
  const holds = (type: string) => parents.every(({ conditions }) => isTrue(object, conditions, type));
  return parents.length > 0 && holds('Accepted') && holds('ResolvedRefs');
};

export const gatewayProgrammed = (object: KubeObject): boolean =>
  isTrue(object, object['status']?.conditions, 'Programmed') && !!object['status'].addresses?.length;
