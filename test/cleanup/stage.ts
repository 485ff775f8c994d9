// What the specs of the cleanup's plan share: a pool that all traffic has left, and what would be done with it.
import type { KubeObject } from '../../src/api/object.ts';
import * as r from '../../src/api/resource.ts';
import {
  planCleanup,
  type CleanupOptions,
  type CleanupPlan,
  type CleanupTarget,
} from '../../src/cleanup/plan.ts';
import { deployment, service } from '../support/healthy.ts';
import { alphaPool, model, objective, policy, route, toAlpha, toV1, v1Pool } from '../support/objects.ts';
import { ids, inventory } from '../support/snapshot.ts';

export const EPP = 'food-epp';
export const epp = { service: service({}, EPP), deployment: deployment([], {}, {}, EPP) };
export const options: CleanupOptions = { owners: 'refuse', crds: false, crdObjects: [] };

export interface World {
  objects: KubeObject[];
  pools?: string[];
  more?: Partial<CleanupOptions>;
  target?: Partial<CleanupTarget>;
  read?: Parameters<typeof inventory>[1];
}

/** What a cleanup of these pools, by name, would do. */
export function plan({ objects, pools = ['food'], more = {}, target = {}, read = {} }: World): CleanupPlan {
  const built = inventory(objects, read);
  const targets = built.pools
    .filter(({ ref, phase }) => phase !== 'Done' && pools.includes(ref.name))
    .map((entry) => ({ entry, epp, releaseObjects: null, ...target }));
  return planCleanup(targets, built, { ...options, ...more });
}

export const brief = (steps: CleanupPlan['steps']) =>
  steps.map(({ action, ref }) => `${action} ${ref.kind} ${ref.name}`);
export const names = (objects: readonly KubeObject[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
export const held = ({ interlocks }: CleanupPlan) => ids(interlocks.map(({ finding }) => finding));

export const health = policy(r.HEALTH_CHECK_POLICY, toAlpha(), {}, { name: 'health' });
/** A pool that all traffic has left. */
export const stack = [alphaPool(), v1Pool(), model('a'), model('b'), health, objective(), route([[toV1()]])];
