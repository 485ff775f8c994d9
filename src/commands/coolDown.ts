import type { Cluster } from '../api/cluster.ts';
import { HTTP_ROUTE } from '../api/resource.ts';
import { refKey, refOf } from '../api/ref.ts';
import { objectsOf } from '../inventory/build.ts';
import { applyPlan } from '../plan/apply.ts';
import { patchStep } from '../traffic/patch.ts';
import { currentShare } from '../traffic/rule.ts';
import { splitRoute, type RouteChange } from '../traffic/split.ts';
import { rulesOf } from '../inventory/backendRefs.ts';
import type { GivenPair } from '../inventory/pairs.ts';
import { safe } from '../report/text.ts';
import type { Context } from './context.ts';
import { pairsOf } from './routes.ts';
import { readWorld } from './session.ts';

/** Takes weight-0 refs back that a shift which then failed had put in; routes with v1 traffic are left as they are. */
export async function coolDown(
  cluster: Cluster,
  changes: readonly RouteChange[],
  context: Context,
  given: readonly GivenPair[],
): Promise<void> {
  const keys = new Set(
    changes.filter((change) => change.changed).map((change) => refKey(refOf(change.route))),
  );
  if (keys.size === 0) return;
  try {
    const { inventory } = await readWorld(cluster, '', [], given);
    const pairs = pairsOf(inventory.pools);
    const steps = objectsOf(inventory, HTTP_ROUTE)
      .filter((route) => keys.has(refKey(refOf(route))))
      .flatMap((route) => {
        const namespace = route.metadata.namespace ?? '';
        const warm = pairs.filter((pair) =>
          rulesOf(route).some((rule) => currentShare(rule.backendRefs ?? [], pair, namespace) === 'warm'),
        );
        const change = splitRoute(route, pairs, warm, 0);
        return change.changed ? [patchStep(change, 'take the weight-0 ref back')] : [];
      });
    if (steps.length === 0) return;
    await applyPlan(
      { objects: [], steps, findings: [] },
      {
        cluster,
        helm: cluster.helm,
        dryRun: 'none',
        timeoutMs: 0,
        waitFor: () => Promise.resolve(),
        onStart: () => {},
        onEnd: () => {},
      },
    );
    context.stderr.write('The weight-0 refs were taken back; the routes are as before.\n');
  } catch (error) {
    // The first error is the one to tell; a ref at weight 0 gets no request.
    context.stderr.write(
      `The weight-0 refs could not be taken back (${safe((error as Error).message)}); kubectl infpool rollback does it.\n`,
    );
  }
}
