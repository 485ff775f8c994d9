import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import type { WaitStep } from '../api/plan.ts';
import { describeRef, ref, refOf, type Ref } from '../api/ref.ts';
import { DEPLOYMENT, SERVICE } from '../api/resource.ts';
import { deploymentBehind, eppRefOf } from '../verify/epp.ts';

/** The waits of a plan, by what is known of the kinds: pools, endpoint pickers, routes. */
export function waiter(cluster: Cluster, timeoutMs: number): (step: WaitStep) => Promise<void> {
  return async ({ ref: target, condition }) => {
    switch (condition) {
      case 'gone':
        await cluster.waitFor(target, (object) => object === null, {
          timeoutMs,
          what: `${describeRef(target)} to be gone`,
        });
        return;
      case 'eppReady':
        return eppReady(cluster, target, timeoutMs);
      case 'poolReady':
        await cluster.waitFor(target, isAccepted, {
          timeoutMs,
          what: `${describeRef(target)} to be accepted`,
        });
        return;
      case 'routeAccepted':
        await cluster.waitFor(target, isAccepted, {
          timeoutMs,
          what: `${describeRef(target)} to be accepted`,
        });
        return;
    }
  };
}

async function eppReady(cluster: Cluster, pool: Ref, timeoutMs: number): Promise<void> {
  const object = await cluster.waitFor(pool, (found) => found !== null, {
    timeoutMs,
    what: `${describeRef(pool)} to be there`,
  });
  const service = ref(SERVICE, pool.namespace, eppRefOf(object!).service);
  const found = await cluster.waitFor(service, (other) => other !== null, {
    timeoutMs,
    what: `the endpoint picker's Service ${service.namespace}/${service.name} (the pool ${pool.name} names it)`,
  });
  const deployments = await cluster.list(DEPLOYMENT, pool.namespace);
  if (deployments.state !== 'ok')
    throw new UserError(
      `Could not see whether the endpoint picker of ${pool.name} is ready: deployments.apps could not be listed.`,
      {
        exitCode: EXIT.incomplete,
        hint: 'What was applied stays. Allow "list" on deployments.apps, then run this again.',
      },
    );
  const deployment = deploymentBehind(found!, deployments.items);
  if (!deployment) return; // it may run as something else; verify says that it could not tell
  await cluster.waitFor(refOf(deployment), isAvailable, {
    timeoutMs,
    what: `the endpoint picker ${describeRef(refOf(deployment))} to be ready`,
  });
}

function isAvailable(deployment: KubeObject | null): boolean {
  const status = (deployment?.['status'] ?? {}) as { observedGeneration?: number; readyReplicas?: number };
  return (
    (status.observedGeneration ?? 0) >= (deployment?.metadata.generation ?? 0) &&
    (status.readyReplicas ?? 0) > 0
  );
}

// Routes and v1 pools report by parent; every parent has to accept the object as it is now.
function isAccepted(object: KubeObject | null): boolean {
  const parents = (object?.['status']?.parents ?? []) as { conditions?: Condition[] }[];
  const generation = object?.metadata.generation ?? 0;
  const current = (type: string, parent: { conditions?: Condition[] }) =>
    parent.conditions?.some(
      (condition) =>
        condition.type === type &&
        condition.status === 'True' &&
        (condition.observedGeneration ?? 0) >= generation,
    );
  return (
    parents.length > 0 &&
    parents.every((parent) => current('Accepted', parent) && current('ResolvedRefs', parent))
  );
}
