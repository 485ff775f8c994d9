import type { Cluster } from '../api/cluster.ts';
import { isUnread } from '../api/read.ts';
import { refOf } from '../api/ref.ts';
import { applyPlan } from '../plan/apply.ts';
import type { PoolPair } from '../traffic/pair.ts';
import { patchStep } from '../traffic/patch.ts';
import { currentShare } from '../traffic/rule.ts';
import { splitRoute, type RouteChange } from '../traffic/split.ts';
import { rulesOf } from '../inventory/backendRefs.ts';
import { safe } from '../report/text.ts';
import type { Context } from './context.ts';

/** Takes weight-0 refs back that a shift which then failed had put in; rules with v1 traffic are left as they are. */
export async function coolDown(
  cluster: Cluster,
  changes: readonly RouteChange[],
  context: Context,
  pairs: readonly PoolPair[],
): Promise<void> {
  const routes = changes.filter((change) => change.changed).map((change) => refOf(change.route));
  try {
    const reads = await Promise.all(routes.map((ref) => cluster.get(ref)));
    const steps = reads
      .flatMap((read) => (read.state === 'ok' ? [read.object] : []))
      .flatMap((route) => {
        const namespace = route.metadata.namespace ?? '';
        const warm = pairs.filter((pair) =>
          rulesOf(route).some((rule) => currentShare(rule.backendRefs ?? [], pair, namespace) === 'warm'),
        );
        const change = splitRoute(route, pairs, warm, 'cold');
        return change.changed ? [patchStep(change, 'take the weight-0 ref back')] : [];
      });
    const unread = reads.find(isUnread);
    if (unread) notTakenBack(unread.message, context);
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
    if (!unread) context.stderr.write('The weight-0 refs were taken back; the routes are as before.\n');
  } catch (error) {
    // The first error is the one to tell; a ref at weight 0 gets no request.
    notTakenBack((error as Error).message, context);
  }
}

function notTakenBack(why: string, context: Context): void {
  context.stderr.write(
    `The weight-0 refs could not be taken back, if there are any (${safe(why)}); kubectl infpool rollback does it.\n`,
  );
}
