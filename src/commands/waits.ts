import type { Cluster } from '../api/cluster.ts';
import { EXIT, UserError } from '../api/errors.ts';
import type { Condition, KubeObject } from '../api/object.ts';
import type { WaitStep } from '../api/plan.ts';
import { isUnread } from '../api/read.ts';
import { describeRef, ref, refOf, type Ref } from '../api/ref.ts';
import { DEPLOYMENT, SERVICE } from '../api/resource.ts';
import { deploymentBehind, eppRefOf } from '../verify/epp.ts';
import type { Context } from './context.ts';

/** Controllers report on a pool within seconds; some (kgateway before 2.2) never do. */
const NO_STATUS_MS = 20_000;

/** The waits of a plan, by what is known of the kinds: pools, endpoint pickers, routes. */
export function waiter(
  cluster: Cluster,
  timeoutMs: number,
  context?: Context,
): (step: WaitStep) => Promise<void> {
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
        return poolReady(cluster, target, timeoutMs, context);
      case 'routeAccepted':
        return routeAccepted(cluster, target, timeoutMs);
    }
  };
}

async function poolReady(
  cluster: Cluster,
  pool: Ref,
  timeoutMs: number,
  context: Context | undefined,
): Promise<void> {
  const what = `${describeRef(pool)} to be accepted by its Gateway`;
  try {
    await cluster.waitFor(pool, isAccepted, { timeoutMs: Math.min(timeoutMs, NO_STATUS_MS), what });
    return;
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode !== EXIT.timeout) throw error;
  }
  const read = await cluster.get(pool);
  const silent = read.state === 'ok' && ((read.object['status']?.parents ?? []) as unknown[]).length === 0;
  if (silent)
    context?.stderr.write("  The controller writes no status for this pool; going by the route's.\n");
  else await cluster.waitFor(pool, isAccepted, { timeoutMs, what });
}

// InvalidKind at the current generation is an answer, not a matter of waiting.
async function routeAccepted(cluster: Cluster, route: Ref, timeoutMs: number): Promise<void> {
  const object = await cluster.waitFor(route, (found) => isAccepted(found) || invalidKind(found) !== null, {
    timeoutMs,
    what: `${describeRef(route)} to be accepted with both pools`,
  });
  const refused = invalidKind(object);
  if (refused !== null)
    throw new UserError(
      `The controller of ${route.namespace}/${route.name} does not serve both groups: ${refused}`,
      {
        exitCode: EXIT.refused,
        hint: 'No request was moved. Replace the pool in one step: kubectl infpool split 100 --strategy swap; or set up a Gateway whose controller serves both.',
      },
    );
}

function invalidKind(route: KubeObject | null): string | null {
  const parents = (route?.['status']?.parents ?? []) as { conditions?: Condition[] }[];
  const generation = route?.metadata.generation ?? 0;
  const found = parents
    .flatMap((parent) => parent.conditions ?? [])
    .find(
      (condition) =>
        condition.type === 'ResolvedRefs' &&
        condition.reason === 'InvalidKind' &&
        (condition.observedGeneration ?? 0) >= generation,
    );
  return found ? `ResolvedRefs=False (InvalidKind): ${found.message ?? ''}` : null;
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
  if (deployments.state !== 'ok') {
    const why = isUnread(deployments) ? deployments.message : 'the API server does not serve them';
    const hint =
      deployments.state === 'forbidden'
        ? 'Allow "list" on deployments.apps, then run this again; all that this needs, as a role: kubectl infpool auth'
        : 'Run this again.';
    throw new UserError(
      `Could not see whether the endpoint picker of ${pool.name} is ready: deployments.apps could not be listed: ${why}`,
      { exitCode: EXIT.incomplete, hint: `What was applied stays. ${hint}` },
    );
  }
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
